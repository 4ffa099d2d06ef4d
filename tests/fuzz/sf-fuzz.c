// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: command line, threads and rounds. A round opens everything, lets
 * the threads loose and closes everything. Whether the kernel bore it is what
 * its log says; here is seen what hangs, and what can no longer be opened.
 */
#include "fuzz.h"
#include "sf-copy.h"

#include <getopt.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS	8
#define HANG_MS		120000

static const struct fuzz_target *const targets[] = {
	&fuzz_vfio, &fuzz_guest, &fuzz_netlink,
};

static const char help[] =
"usage: sf-fuzz [OPTION..] vfio|guest|netlink\n"
"\n"
"vfio     what a user can do with the VFIO device of a subfunction\n"
"guest    what a guest can do with the virtual device\n"
"netlink  devlink messages, as root and as a user without CAP_NET_ADMIN\n"
"\n"
"  --seed N      of the random numbers (the time)\n"
"  --seconds S   how long (20)\n"
"  --corpus DIR  inputs to begin with, TARGET.hex in DIR\n"
"  --save FILE   inputs that brought something new are added to FILE\n"
"  --threads N   1 to 8 (3)\n"
"  --pci ADDR    the parent (0000:00:05.0)\n"
"  --sfnum N     the subfunction (7); netlink needs none\n"
"Status: 0 no failure, 1 one was found, 2 it could not be tried.\n";

unsigned int fuzz_sfnum = 7;
const char *fuzz_pci = "0000:00:05.0";

static const struct fuzz_target *target;
static struct fuzz_thread threads[MAX_THREADS];
static unsigned int nr_threads = 3;
static uint64_t seed;
static unsigned int seconds = 20;
static const char *corpus_dir;
static bool stop;

/* Also for what die() ends */
static void tell_how(int status, void *arg)
{
	(void)arg;
	fflush(stdout);
	if (status && target)
		fprintf(stderr,
			"to repeat: sf-fuzz --seed %llu --seconds %u --threads %u%s%s %s\n",
			(unsigned long long)seed, seconds, nr_threads,
			corpus_dir ? " --corpus " : "", corpus_dir ?: "",
			target->name);
}

void fuzz_fail(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "failed: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* A kernel that dies takes the program with it, but its log is kept */
static void tell_log(void)
{
	FILE *f = fopen("/dev/kmsg", "w");

	if (!f)
		return;
	fprintf(f, "sf-fuzz %s: seed %llu\n", target->name,
		(unsigned long long)seed);
	fclose(f);
}

static void run_input(struct fuzz_thread *t)
{
	fuzz_cover_begin(t);
	while (t->pos < t->in.size) {
		__atomic_store_n(&t->since_ms, now_ms(), __ATOMIC_RELAXED);
		target->step(t);
		t->tried++;
	}
	__atomic_store_n(&t->since_ms, 0, __ATOMIC_RELAXED);
	fuzz_cover_end(t);
	if (t->fresh)
		fuzz_keep(t);
}

static void *run_thread(void *arg)
{
	struct fuzz_thread *t = arg;

	if (target->enter)
		target->enter(t);
	fuzz_cover_open(t);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		if (!fuzz_replay(t))
			fuzz_choose(t);
		run_input(t);
	}
	fuzz_cover_close(t);
	if (target->leave)
		target->leave(t);
	return NULL;
}

static void watch(uint64_t end)
{
	unsigned int i;
	uint64_t since;

	while (now_ms() < end) {
		usleep(50000);
		for (i = 0; i < nr_threads; i++) {
			since = __atomic_load_n(&threads[i].since_ms,
						__ATOMIC_RELAXED);
			if (since && now_ms() > since + HANG_MS)
				fuzz_fail("an access does not end");
		}
	}
}

static void run_round(uint64_t end)
{
	uint64_t round = now_ms() + target->round_ms;
	pthread_t ids[MAX_THREADS];
	unsigned int i;

	if (target->begin)
		target->begin();
	stop = false;
	for (i = 0; i < nr_threads; i++)
		if (pthread_create(&ids[i], NULL, run_thread, &threads[i]))
			die("no thread");
	watch(round < end ? round : end);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < nr_threads; i++)
		pthread_join(ids[i], NULL);
	if (target->end)
		target->end();
}

static void run(const char *save)
{
	uint64_t end = now_ms() + seconds * 1000ULL, tried = 0;
	unsigned int i, rounds = 0;

	for (i = 0; i < nr_threads; i++) {
		threads[i].nr = i;
		threads[i].rng = (seed + 1) * (2 * i + 1);
	}
	do {
		run_round(end);
		rounds++;
	} while (now_ms() < end);
	for (i = 0; i < nr_threads; i++) {
		tried += threads[i].tried;
		if (save)
			fuzz_save(save, &threads[i]);
	}
	printf("%s: seed %llu, %llu accesses in %u rounds, %u results",
	       target->name, (unsigned long long)seed,
	       (unsigned long long)tried, rounds, fuzz_nr_results());
	if (fuzz_nr_edges())
		printf(", %u edges of the drivers", fuzz_nr_edges());
	printf("\n");
}

static const struct option long_options[] = {
	{ "seed", required_argument, NULL, 's' },
	{ "seconds", required_argument, NULL, 't' },
	{ "corpus", required_argument, NULL, 'c' },
	{ "save", required_argument, NULL, 'S' },
	{ "threads", required_argument, NULL, 'n' },
	{ "pci", required_argument, NULL, 'D' },
	{ "sfnum", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static const char *parse(int argc, char **argv)
{
	const char *save = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		switch (c) {
		case 's':
			seed = strtoull(optarg, NULL, 0);
			break;
		case 't':
			seconds = strtoul(optarg, NULL, 0);
			break;
		case 'c':
			corpus_dir = optarg;
			break;
		case 'S':
			save = optarg;
			break;
		case 'n':
			nr_threads = strtoul(optarg, NULL, 0);
			break;
		case 'D':
			fuzz_pci = optarg;
			break;
		case 'f':
			fuzz_sfnum = strtoul(optarg, NULL, 0);
			break;
		case 'h':
			fputs(help, stdout);
			exit(0);
		default:
			exit(2);
		}
	}
	return save;
}

int main(int argc, char **argv)
{
	const char *save;
	unsigned int i;

	seed = now_ms();
	save = parse(argc, argv);
	for (i = 0; optind == argc - 1 && i < ARRAY_SIZE(targets); i++)
		if (!strcmp(argv[optind], targets[i]->name))
			target = targets[i];
	if (!target || !nr_threads || nr_threads > MAX_THREADS) {
		fputs(help, stderr);
		return 2;
	}
	be_quiet = true;
	on_exit(tell_how, NULL);
	if (corpus_dir)
		fuzz_load(corpus_dir, target->name);
	tell_log();
	fuzz_store_init();
	run(save);
	return 0;
}
