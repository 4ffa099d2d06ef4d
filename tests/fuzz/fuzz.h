/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-fuzz: fuzzing of a subfunction (SF) from below L1's system calls. What
 * its files share: an input is a string of bytes, which a target reads as a
 * sequence of accesses. It must not include a header of the driver.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sf-copy.h"

#define FUZZ_INPUT_SIZE		256
#define FUZZ_KEPT		512
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))

/**
 * struct fuzz_input - bytes that mean accesses
 * @size: how many
 * @data: they
 */
struct fuzz_input {
	size_t size;
	uint8_t data[FUZZ_INPUT_SIZE];
};

/**
 * struct fuzz_thread - one of the users
 * @nr: its number, from 0
 * @rng: state of its random numbers
 * @replayed: inputs of the corpus so far
 * @in: what it does now
 * @pos: how much of that is done
 * @since_ms: when the current access began, or entering or leaving; 0 between
 *	two
 * @tried: accesses so far
 * @fresh: the current input brought a result that was not seen before
 * @kept: inputs that did
 * @nr_kept: how many
 * @cover: KCOV's buffer, or NULL
 * @cover_fd: its file
 * @fd: of the target
 */
struct fuzz_thread {
	unsigned int nr;
	uint64_t rng;
	unsigned int replayed;
	struct fuzz_input in;
	size_t pos;
	uint64_t since_ms;
	uint64_t tried;
	bool fresh;
	struct fuzz_input kept[FUZZ_KEPT];
	unsigned int nr_kept;
	unsigned long *cover;
	int cover_fd;
	int fd;
};

/**
 * struct fuzz_target - what is fuzzed
 * @name: on the command line
 * @accepts: what has to work at least once, ended by NULL; numbers of it are
 *	told with fuzz_accepted()
 * @round_ms: after this time all is closed and opened anew
 * @begin: before a round, in the first thread; NULL if there is nothing to do
 * @end: after it
 * @enter: in a thread, before a round; NULL if there is nothing to do
 * @leave: after it
 * @step: one access, read from the input by fuzz_byte() and so on
 */
struct fuzz_target {
	const char *name;
	const char *const *accepts;
	unsigned int round_ms;
	void (*begin)(void);
	void (*end)(void);
	void (*enter)(struct fuzz_thread *t);
	void (*leave)(struct fuzz_thread *t);
	void (*step)(struct fuzz_thread *t);
};

extern const struct fuzz_target fuzz_vfio;
extern const struct fuzz_target fuzz_guest;
extern const struct fuzz_target fuzz_netlink;

/* fuzz-input.c: where an input has ended, all that is read is 0 */
uint8_t fuzz_byte(struct fuzz_thread *t);
uint64_t fuzz_bits(struct fuzz_thread *t, unsigned int bytes);
uint64_t fuzz_value(struct fuzz_thread *t);
void fuzz_fill(struct fuzz_thread *t, void *p, size_t size);
void fuzz_choose(struct fuzz_thread *t);
void fuzz_keep(struct fuzz_thread *t);
void fuzz_load(const char *dir, const char *name);
bool fuzz_replay(struct fuzz_thread *t);
void fuzz_save(const char *file, const struct fuzz_thread *t);

/* fuzz-cover.c */
void fuzz_cover_open(struct fuzz_thread *t);
void fuzz_cover_close(struct fuzz_thread *t);
void fuzz_cover_begin(struct fuzz_thread *t);
void fuzz_cover_end(struct fuzz_thread *t);
void fuzz_result(struct fuzz_thread *t, unsigned int what, int err);
void fuzz_cover_save(const char *file);
unsigned int fuzz_nr_results(void);
unsigned int fuzz_nr_edges(void);

/* fuzz-store.c: stores that may meet no page any more; false then */
bool fuzz_store(volatile void *dst, const void *src, unsigned int size);
void fuzz_store_init(void);

/* fuzz-accept.c: what the kernel took, so that not all of it is refused */
#define FUZZ_ACCEPTS		32
void fuzz_accepted(unsigned int nr);
bool fuzz_tell_accepted(const struct fuzz_target *target);

/* fuzz-sf.c */
#define FUZZ_IOVA		(1ULL << 32)
extern struct sf fuzz_sf;
bool fuzz_sf_has_iommufd(void);
void fuzz_sf_open(void);
void fuzz_sf_close(void);

/* sf-fuzz.c */
extern unsigned int fuzz_sfnum;
extern const char *fuzz_pci;
__attribute__((format(printf, 1, 2), noreturn))
void fuzz_fail(const char *fmt, ...);

#endif /* FUZZ_H */
