/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-copy: a user of a subfunction (SF) through VFIO, without a VM. What its
 * files share. Register and field numbers are the program's own, read from
 * the specification as any user's would be; it must not include a header of
 * the driver or of the device model.
 */
#ifndef SF_COPY_H
#define SF_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/idxd.h>

/* Registers in BAR0 */
#define REG_VERSION		0x00
#define REG_GENCAP		0x10
#define REG_WQCAP		0x20
#define REG_OPCAP		0x40
#define REG_TABLES		0x60
#define REG_GENCFG		0x80
#define REG_GENCTRL		0x88
#define REG_GENSTS		0x90
#define REG_INTCAUSE		0x98
#define REG_CMD			0xa0
#define REG_CMDSTS		0xa8
#define REG_CMDCAP		0xb0
#define REG_SWERR		0xc0
#define REG_EVLCFG		0xe0
#define REG_EVLSTS		0xf0

#define CMD_ENABLE_DEVICE	1
#define CMD_DISABLE_DEVICE	2
#define CMD_DRAIN_ALL		3
#define CMD_ABORT_ALL		4
#define CMD_RESET_DEVICE	5
#define CMD_ENABLE_WQ		6
#define CMD_DISABLE_WQ		7
#define CMD_DRAIN_WQ		8
#define CMD_ABORT_WQ		9
#define CMD_RESET_WQ		10
#define CMD_REQUEST_HANDLE	13
#define CMD_RELEASE_HANDLE	14

/* Control page and data areas inside the arena, see sf_arena() */
#define ARENA_SIZE		(16UL << 20)
#define ARENA_RECORDS		0x0000UL
#define ARENA_BATCH		0x8000UL
#define ARENA_SRC		(1UL << 20)
#define ARENA_SRC2		(4UL << 20)
#define ARENA_DST		(8UL << 20)
#define ARENA_DST2		(12UL << 20)
#define MAX_SIZE		(2UL << 20)
#define MAX_BATCH		128
#define MAX_DEPTH		64
#define MAX_VECTORS		9

/**
 * struct options - what the command line says
 * @pci: PCI address of the parent, or NULL for any
 * @bar: PCI address of the device itself, in a guest and without VFIO, or NULL
 * @bare: PCI address of a whole device that vfio-pci has, or NULL
 * @victim: what a guest has been told of a victim outside, or NULL
 * @iova: where the arena is mapped
 * @size: size of an operation in bytes, 0: a range of sizes
 * @iterations: times each operation is done a size
 * @batch: descriptors in a batch
 * @depth: descriptors in flight of the command stress
 * @seconds: time of stress and hold
 * @timeout_ms: limit of every wait
 * @page: portal page
 * @vector: MSI-X vector of completions, 0 for the first that there is
 * @seed: of the random numbers
 * @ops: comma separated list of operations or NULL for all
 * @poll: completions are polled for, not waited for with an eventfd
 * @iommufd: the character device and iommufd are used
 * @with: the SF whose iommufd and address space are used too, or NULL
 * @huge: memory is in huge pages
 * @json: results are printed as JSON
 * @quiet: only results are printed
 */
struct options {
	const char *pci;
	const char *bar;
	const char *bare;
	const char *victim;
	uint64_t iova;
	size_t size;
	unsigned int iterations;
	unsigned int batch;
	unsigned int depth;
	unsigned int seconds;
	unsigned int timeout_ms;
	unsigned int page;
	unsigned int vector;
	uint64_t seed;
	const char *ops;
	bool poll;
	bool iommufd;
	const struct sf *with;
	bool huge;
	bool json;
	bool quiet;
};

/**
 * struct sf - one opened SF
 * @opt: the options
 * @sfnum: its number
 * @name: of the companion platform device
 * @path: of that device in sysfs
 * @container: type1 container or iommufd
 * @group: group, or -1 with iommufd
 * @device: VFIO device
 * @ioas: address space of the iommufd
 * @pci_id: vendor, and device id above it
 * @bar0: offset of BAR0 in @device
 * @regs: mapped BAR0, in a guest; else NULL
 * @config: its configuration space then
 * @pages: and the addresses of the huge pages of @arena
 * @portal: mapped BAR2
 * @portal_size: its size
 * @portal_next: offset of the next descriptor in the page
 * @nr_vectors: MSI-X vectors
 * @efd: an eventfd a vector
 * @vector: the MSI-X vector that completions raise
 * @handle: its interrupt handle
 * @wq_size: entries of the WQ
 * @wq_priority: its priority
 * @interrupts: what the eventfd of @vector counted
 * @arena: memory the device reaches at @opt->iova
 * @rng: state of the random numbers
 */
struct sf {
	const struct options *opt;
	unsigned int sfnum;
	char name[64];
	char path[256];
	int container;
	int group;
	int device;
	uint32_t ioas;
	uint32_t pci_id;
	uint64_t bar0;
	volatile uint8_t *regs;
	int config;
	uint64_t pages[ARENA_SIZE >> 21];
	volatile uint8_t *portal;
	size_t portal_size;
	unsigned int portal_next;
	unsigned int nr_vectors;
	int efd[MAX_VECTORS];
	unsigned int vector;
	uint16_t handle;
	unsigned int wq_size;
	unsigned int wq_priority;
	uint64_t interrupts;
	uint8_t *arena;
	uint64_t rng;
};

/* sf-copy-util.c: nothing but results is printed if @be_quiet */
extern bool be_quiet;
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *fmt, ...);
__attribute__((format(printf, 1, 2))) void note(const char *fmt, ...);
__attribute__((format(printf, 2, 3)))
bool check(bool ok, const char *fmt, ...);
uint64_t random_next(uint64_t *state);
uint64_t now_ms(void);

/* sf-copy-vfio.c: files, memory, interrupts of a VFIO device */
void sf_open(struct sf *sf, const struct options *opt, unsigned int sfnum);
void sf_close(struct sf *sf);
void sf_map(struct sf *sf, void *va, uint64_t iova, size_t size);
int sf_try_map(struct sf *sf, void *va, uint64_t iova, size_t size);
void sf_map_read_only(struct sf *sf, void *va, uint64_t iova, size_t size);
void sf_unmap(struct sf *sf, uint64_t iova, size_t size);
int sf_bind(struct sf *sf, int iommufd);
void sf_ioas_new(struct sf *sf);
int sf_attach(struct sf *sf, uint32_t ioas);
int sf_detach(struct sf *sf);
uint64_t sf_read(struct sf *sf, uint32_t off, unsigned int len);
void sf_write(struct sf *sf, uint32_t off, uint64_t val, unsigned int len);
uint64_t sf_events(struct sf *sf, unsigned int vector, int timeout_ms);

/* sf-copy-bar.c: the same without VFIO, in a guest */
void bar_open(struct sf *sf);
uint64_t bar_read(struct sf *sf, uint32_t off, unsigned int len);
void bar_write(struct sf *sf, uint32_t off, uint64_t val, unsigned int len);
void bar_reset(struct sf *sf);
uint64_t physical_address(const void *p);

/* sf-copy-dev.c: the virtual DSA as its driver sees it */
void sf_start(struct sf *sf);
uint32_t sf_wqcfg(struct sf *sf);
void sf_stop(struct sf *sf);
void sf_use_vector(struct sf *sf, unsigned int vector);
uint32_t sf_command(struct sf *sf, uint32_t code, uint32_t operand);
void sf_submit(struct sf *sf, const struct dsa_hw_desc *desc);
void sf_submit_to(struct sf *sf, const struct dsa_hw_desc *desc,
		  unsigned int page);
uint8_t sf_wait(struct sf *sf, struct dsa_completion_record *rec);
uint8_t sf_do(struct sf *sf, struct dsa_hw_desc *desc);
uint64_t sf_iova(const struct sf *sf, const void *p);
struct dsa_completion_record *sf_record(struct sf *sf, unsigned int nr);
void sf_desc(struct sf *sf, struct dsa_hw_desc *desc, uint8_t opcode,
	     unsigned int record);

/* sf-copy-ops.c, -fault.c, -run.c, -vectors.c, -halt.c: what is done with it */
void fill_random(struct sf *sf, void *p, size_t size);
unsigned int run_ops(struct sf *sf);
unsigned int run_faults(struct sf *sf);
unsigned int run_swerr(struct sf *sf);
unsigned int run_isolation(struct sf *a, struct sf *b);
unsigned int run_stress(struct sf *sf);
unsigned int run_vectors(struct sf *sf);
unsigned int run_halt(struct sf *sf);
void run_hold(struct sf *sf);
void run_info(struct sf *sf);

#endif /* SF_COPY_H */
