// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: command line, threads and rounds. A round opens everything, lets
 * the threads loose and closes everything. Whether the kernel bore it is what
 * its log says; here is seen what hangs, and what can no longer be opened.
 */
#include "fuzz.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS	8
#define MAX_SECONDS	(7 * 24 * 3600)
/* A run of so many seconds has had time for all that has to work */
#define LONG_SECONDS	10

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
"  --places FILE addresses in the drivers that were reached, where there is KCOV\n"
"  --threads N   1 to 8 (3)\n"
"  --patience S  how long one access may last (30)\n"
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
static unsigned int patience = 30;
static const char *corpus_dir;
static const char *places;
static bool stop;
/* A round has begun: what does not begin any more has been broken */
static bool begun;
/* When the first thread began to begin or end a round, else 0 */
static uint64_t begin_ms;

/* Also for what die() ends, by status 2 */
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
	if (status == 2 && begun)
		_exit(1);
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

	__atomic_store_n(&t->since_ms, now_ms(), __ATOMIC_RELAXED);
	/* Before it may be somebody who cannot open that */
	fuzz_cover_open(t);
	if (target->enter)
		target->enter(t);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		if (!fuzz_replay(t))
			fuzz_choose(t);
		run_input(t);
	}
	__atomic_store_n(&t->since_ms, now_ms(), __ATOMIC_RELAXED);
	if (target->leave)
		target->leave(t);
	fuzz_cover_close(t);
	__atomic_store_n(&t->since_ms, 0, __ATOMIC_RELAXED);
	return NULL;
}

static void watch_one(const uint64_t *since_ms, const char *what)
{
	uint64_t since = __atomic_load_n(since_ms, __ATOMIC_RELAXED);

	if (since && now_ms() > since + patience * 1000ULL)
		fuzz_fail("%s does not end", what);
}

/* By a thread of its own, as each other one may be what hangs */
static void *watch(void *arg)
{
	unsigned int i;

	(void)arg;
	for (;;) {
		usleep(50000);
		watch_one(&begin_ms, "the beginning or end of a round");
		for (i = 0; i < nr_threads; i++)
			watch_one(&threads[i].since_ms, "an access");
	}
	return NULL;
}

static void turn(void (*begin_or_end)(void))
{
	if (!begin_or_end)
		return;
	__atomic_store_n(&begin_ms, now_ms(), __ATOMIC_RELAXED);
	begin_or_end();
	__atomic_store_n(&begin_ms, 0, __ATOMIC_RELAXED);
}

static void run_round(uint64_t end)
{
	uint64_t round = now_ms() + target->round_ms;
	pthread_t ids[MAX_THREADS];
	unsigned int i;

	turn(target->begin);
	begun = true;
	stop = false;
	for (i = 0; i < nr_threads; i++)
		if (pthread_create(&ids[i], NULL, run_thread, &threads[i]))
			die("no thread");
	while (now_ms() < (round < end ? round : end))
		usleep(50000);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < nr_threads; i++)
		pthread_join(ids[i], NULL);
	turn(target->end);
}

static void run(const char *save)
{
	uint64_t end = now_ms() + seconds * 1000ULL, tried = 0;
	unsigned int i, rounds = 0;
	pthread_t watcher;
	bool all;

	if (pthread_create(&watcher, NULL, watch, NULL))
		die("no thread");
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
	if (places)
		fuzz_cover_save(places);
	all = fuzz_tell_accepted(target);
	printf("%s: seed %llu, %llu accesses in %u rounds, %u results",
	       target->name, (unsigned long long)seed,
	       (unsigned long long)tried, rounds, fuzz_nr_results());
	if (fuzz_nr_edges())
		printf(", %u edges of the drivers", fuzz_nr_edges());
	printf("\n");
	if (!all && seconds >= LONG_SECONDS)
		fuzz_fail("something was never accepted");
}

/* A whole number up to a limit, or the end */
static uint64_t limited(const char *text, uint64_t max)
{
	char *end;
	uint64_t val;

	errno = 0;
	val = strtoull(text, &end, 0);
	if (!*text || *text == '-' || *end || errno || val > max)
		die("%s: use a number up to %llu", text,
		    (unsigned long long)max);
	return val;
}

static const struct option long_options[] = {
	{ "seed", required_argument, NULL, 's' },
	{ "seconds", required_argument, NULL, 't' },
	{ "corpus", required_argument, NULL, 'c' },
	{ "save", required_argument, NULL, 'S' },
	{ "places", required_argument, NULL, 'P' },
	{ "threads", required_argument, NULL, 'n' },
	{ "patience", required_argument, NULL, 'p' },
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
			seed = limited(optarg, UINT64_MAX);
			break;
		case 't':
			seconds = limited(optarg, MAX_SECONDS);
			break;
		case 'c':
			corpus_dir = optarg;
			break;
		case 'S':
			save = optarg;
			break;
		case 'P':
			places = optarg;
			break;
		case 'n':
			nr_threads = limited(optarg, MAX_THREADS);
			break;
		case 'p':
			patience = limited(optarg, MAX_SECONDS);
			break;
		case 'D':
			fuzz_pci = optarg;
			break;
		case 'f':
			fuzz_sfnum = limited(optarg, UINT32_MAX);
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
	if (!target || !nr_threads) {
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
