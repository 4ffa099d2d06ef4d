// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: inputs. They come from the corpus, text files with a line of
 * hexadecimal digits an input, then from those that brought something new, and
 * from nothing, all by the thread's random numbers.
 */
#include "fuzz.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct fuzz_input corpus[FUZZ_KEPT];
static unsigned int nr_corpus;

/* What is at the edge of something */
static const uint64_t edges[] = {
	0, 1, 2, 3, 4, 6, 8, 9, 16, 63, 64, 0x7f, 0x80, 0xff, 0x100, 0xfff, 0x1000,
	0x1001, 0x7fff, 0xffff, 0x10000, 0x100000, 0x7fffffff, 0x80000000,
	0xffffffff, 0x100000000, 0xfee00000, 0xfffffffff000, ~0xfffULL,
	0x7fffffffffffffff, 0x8000000000000000, ~0ULL,
};

uint8_t fuzz_byte(struct fuzz_thread *t)
{
	return t->pos < t->in.size ? t->in.data[t->pos++] : 0;
}

uint64_t fuzz_bits(struct fuzz_thread *t, unsigned int bytes)
{
	uint64_t val = 0;

	while (bytes--)
		val = val << 8 | fuzz_byte(t);
	return val;
}

/* Mostly small or at an edge, now and then any */
uint64_t fuzz_value(struct fuzz_thread *t)
{
	uint8_t how = fuzz_byte(t);

	if (how < 64)
		return how;
	if (how < 160)
		return edges[how % ARRAY_SIZE(edges)];
	/* A bit of what is narrow, or of what is wide */
	if (how < 184)
		return 1ULL << (how - 160);
	if (how < 192)
		return 1ULL << (24 + 5 * (how - 184));
	return fuzz_bits(t, how < 224 ? 2 : how < 240 ? 4 : 8);
}

void fuzz_fill(struct fuzz_thread *t, void *p, size_t size)
{
	uint8_t *b = p;

	while (size--)
		*b++ = fuzz_byte(t);
}

static void mutate(struct fuzz_thread *t)
{
	unsigned int times = random_next(&t->rng) % 6 + 1;
	struct fuzz_input *in = &t->in;
	size_t at, len;

	while (times--) {
		uint64_t r = random_next(&t->rng);

		at = (r >> 8) % in->size;
		len = (r >> 24) % (in->size - at) + 1;
		switch (r % 5) {
		case 0:
			in->data[at] ^= 1 << (r >> 40 & 7);
			break;
		case 1:
			in->data[at] = r >> 40;
			break;
		case 2:
			in->size = at + 1;
			break;
		case 3:
			/* Once more what was done, at another place */
			if (in->size + len <= FUZZ_INPUT_SIZE) {
				memcpy(in->data + in->size, in->data + at, len);
				in->size += len;
			}
			break;
		case 4:
			memmove(in->data + at, in->data + at + len,
				in->size - at - len);
			in->size -= len;
			if (!in->size)
				in->size = 1;
			break;
		}
	}
}

static void make(struct fuzz_thread *t)
{
	size_t i;

	t->in.size = random_next(&t->rng) % (FUZZ_INPUT_SIZE - 15) + 16;
	for (i = 0; i < t->in.size; i++)
		t->in.data[i] = random_next(&t->rng) >> 32;
}

/* The next input of a thread */
void fuzz_choose(struct fuzz_thread *t)
{
	unsigned int nr = nr_corpus + t->nr_kept;
	uint64_t r = random_next(&t->rng);

	t->pos = 0;
	if (!nr || !(r & 3)) {
		make(t);
		return;
	}
	r = (r >> 8) % nr;
	t->in = r < nr_corpus ? corpus[r] : t->kept[r - nr_corpus];
	mutate(t);
}

void fuzz_keep(struct fuzz_thread *t)
{
	unsigned int nr = t->nr_kept;

	if (nr == FUZZ_KEPT)
		nr = random_next(&t->rng) % FUZZ_KEPT;
	else
		t->nr_kept++;
	t->kept[nr] = t->in;
}

/* An input of the corpus that the thread has not replayed yet */
bool fuzz_replay(struct fuzz_thread *t)
{
	if (t->replayed == nr_corpus)
		return false;
	t->in = corpus[t->replayed++];
	t->pos = 0;
	return true;
}

static void load_line(const char *line, const char *path)
{
	struct fuzz_input *in = &corpus[nr_corpus];
	unsigned int byte;

	in->size = 0;
	while (in->size < FUZZ_INPUT_SIZE && sscanf(line, "%2x", &byte) == 1 &&
	       isxdigit((unsigned char)line[1])) {
		in->data[in->size++] = byte;
		line += 2;
	}
	if (*line && *line != '\n')
		die("%s: not hexadecimal: %s", path, line);
	if (in->size && nr_corpus < FUZZ_KEPT - 1)
		nr_corpus++;
}

/* The file of the target in the directory; lines with # are comments */
void fuzz_load(const char *dir, const char *name)
{
	char path[512], line[2 * FUZZ_INPUT_SIZE + 8];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.hex", dir, name);
	f = fopen(path, "r");
	if (!f)
		die("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), f))
		if (*line != '#')
			load_line(line, path);
	fclose(f);
	note("%s: %u inputs", path, nr_corpus);
}

/* What a thread has kept, as lines for the corpus */
void fuzz_save(const char *file, const struct fuzz_thread *t)
{
	FILE *f = fopen(file, "a");
	unsigned int i;
	size_t k;

	if (!f)
		die("%s: %s", file, strerror(errno));
	for (i = 0; i < t->nr_kept; i++) {
		for (k = 0; k < t->kept[i].size; k++)
			fprintf(f, "%02x", t->kept[i].data[k]);
		fputc('\n', f);
	}
	fclose(f);
}
