// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-copy: uses a subfunction as any VFIO user would, without a VM, and checks
 * what comes of it. This file is the command line.
 */
#include "sf-copy.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct options opt = {
	.iova = 0x100000000ULL,
	.iterations = 1,
	.vector = 1,
	.batch = 32,
	.depth = 16,
	.seconds = 10,
	.timeout_ms = 10000,
	.seed = 1,
};

static const char help[] =
"usage: sf-copy [OPTIONS] [COMMAND] SFNUM [SFNUM]\n"
"\n"
"Commands\n"
"  run SFNUM           operations, data checked (the default)\n"
"  faults SFNUM        what must fail: unmapped addresses, wrong handles ..\n"
"  swerr SFNUM         an error of each kind that has no completion record\n"
"  isolation SFNUM SFNUM\n"
"                      two subfunctions, same addresses, different memory\n"
"  vectors SFNUM       a copy on each completion vector, and no other stirs\n"
"  stress SFNUM        copies without a pause for --seconds\n"
"  hold SFNUM          keeps the device open and enabled for --seconds\n"
"  halt SFNUM          waits for a halt, resets and copies, in --seconds\n"
"  info SFNUM          what the virtual device says about itself\n"
"\n"
"Options\n"
"  -o, --op LIST       noop, move, fill, compare, compare-pattern, crc,\n"
"                      copy-crc, dualcast, batch, or all (default)\n"
"  -s, --size BYTES    1 to 2097152; default a range of sizes\n"
"  -n, --iterations N  times each operation is done a size (1)\n"
"  -b, --batch N       descriptors in a batch, 2 to 128 (32)\n"
"  -d, --depth N       descriptors in flight with stress, 1 to 64 (16)\n"
"  -t, --seconds N     time of stress, hold and halt (10)\n"
"  -T, --timeout MS    limit of each wait for a completion (10000)\n"
"  -p, --poll          poll for completions; default is an eventfd\n"
"  -P, --page N        portal page, 0 to 3 (0)\n"
"  -V, --vector N      MSI-X vector of the completions, from 1 (1)\n"
"  -a, --iova ADDR     where memory is mapped (0x100000000)\n"
"  -r, --seed N        of the random data (1)\n"
"  -D, --pci ADDR      parent, where several have the same sfnum\n"
"      --iommufd       character device and iommufd instead of the group\n"
"      --huge          memory in 2 MiB pages\n"
"  -j, --json          result of run as JSON\n"
"  -q, --quiet         results only\n"
"  -h, --help          this text\n"
"\n"
"Status: 0 all good, 1 a check failed, 2 it could not be tried.\n";

static uint64_t parse_uint(const char *text, uint64_t first, uint64_t last)
{
	char *end;
	uint64_t val;

	errno = 0;
	val = strtoull(text, &end, 0);
	if (errno || end == text || *end || val < first || val > last)
		die("%s is not from %llu to %llu", text,
		    (unsigned long long)first, (unsigned long long)last);
	return val;
}

enum { OPT_IOMMUFD = 256, OPT_HUGE };

static const struct option long_options[] = {
	{ "op", required_argument, NULL, 'o' },
	{ "size", required_argument, NULL, 's' },
	{ "iterations", required_argument, NULL, 'n' },
	{ "batch", required_argument, NULL, 'b' },
	{ "depth", required_argument, NULL, 'd' },
	{ "seconds", required_argument, NULL, 't' },
	{ "timeout", required_argument, NULL, 'T' },
	{ "poll", no_argument, NULL, 'p' },
	{ "page", required_argument, NULL, 'P' },
	{ "vector", required_argument, NULL, 'V' },
	{ "iova", required_argument, NULL, 'a' },
	{ "seed", required_argument, NULL, 'r' },
	{ "pci", required_argument, NULL, 'D' },
	{ "iommufd", no_argument, NULL, OPT_IOMMUFD },
	{ "huge", no_argument, NULL, OPT_HUGE },
	{ "json", no_argument, NULL, 'j' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

static void parse_one(int c)
{
	switch (c) {
	case 'o':
		opt.ops = optarg;
		break;
	case 's':
		opt.size = parse_uint(optarg, 1, MAX_SIZE);
		break;
	case 'n':
		opt.iterations = parse_uint(optarg, 1, 1000000);
		break;
	case 'b':
		opt.batch = parse_uint(optarg, 2, MAX_BATCH);
		break;
	case 'd':
		opt.depth = parse_uint(optarg, 1, MAX_DEPTH);
		break;
	case 't':
		opt.seconds = parse_uint(optarg, 1, 86400);
		break;
	case 'T':
		opt.timeout_ms = parse_uint(optarg, 1, 3600000);
		break;
	case 'p':
		opt.poll = true;
		break;
	case 'P':
		opt.page = parse_uint(optarg, 0, 3);
		break;
	case 'V':
		opt.vector = parse_uint(optarg, 1, MAX_VECTORS - 1);
		break;
	case 'a':
		opt.iova = parse_uint(optarg, 0, ~4095ULL);
		break;
	case 'r':
		opt.seed = parse_uint(optarg, 0, ~0ULL);
		break;
	case 'D':
		opt.pci = optarg;
		break;
	case OPT_IOMMUFD:
		opt.iommufd = true;
		break;
	case OPT_HUGE:
		opt.huge = true;
		break;
	case 'j':
		opt.json = true;
		be_quiet = true;
		break;
	case 'q':
		opt.quiet = true;
		be_quiet = true;
		break;
	case 'h':
		fputs(help, stdout);
		exit(0);
	default:
		fputs(help, stderr);
		exit(2);
	}
}

static unsigned int run_one(const char *command, unsigned int sfnum)
{
	struct sf sf;
	unsigned int failed = 0;

	sf_open(&sf, &opt, sfnum);
	sf_start(&sf);
	if (!strcmp(command, "run"))
		failed = run_ops(&sf);
	else if (!strcmp(command, "faults"))
		failed = run_faults(&sf);
	else if (!strcmp(command, "swerr"))
		failed = run_swerr(&sf);
	else if (!strcmp(command, "vectors"))
		failed = run_vectors(&sf);
	else if (!strcmp(command, "stress"))
		failed = run_stress(&sf);
	else if (!strcmp(command, "halt"))
		failed = run_halt(&sf);
	else if (!strcmp(command, "hold"))
		run_hold(&sf);
	else if (!strcmp(command, "info"))
		run_info(&sf);
	else
		die("%s: no such command, see --help", command);
	sf_stop(&sf);
	sf_close(&sf);
	return failed;
}

static unsigned int run_two(unsigned int first, unsigned int second)
{
	struct sf a, b;
	unsigned int failed;

	sf_open(&a, &opt, first);
	sf_open(&b, &opt, second);
	sf_start(&a);
	sf_start(&b);
	failed = run_isolation(&a, &b);
	sf_stop(&a);
	sf_stop(&b);
	sf_close(&a);
	sf_close(&b);
	return failed;
}

int main(int argc, char **argv)
{
	const char *command = "run";
	unsigned int failed;
	int c;

	while ((c = getopt_long(argc, argv, "o:s:n:b:d:t:T:pP:V:a:r:D:jqh",
				long_options, NULL)) >= 0)
		parse_one(c);
	if (optind < argc && (argv[optind][0] < '0' || argv[optind][0] > '9'))
		command = argv[optind++];
	argc -= optind;
	argv += optind;
	if (!strcmp(command, "isolation")) {
		if (argc != 2)
			die("isolation: two SF numbers expected");
		failed = run_two(parse_uint(argv[0], 0, UINT32_MAX),
				 parse_uint(argv[1], 0, UINT32_MAX));
	} else {
		if (argc != 1)
			die("one SF number expected, see --help");
		failed = run_one(command, parse_uint(argv[0], 0, UINT32_MAX));
	}
	return failed ? 1 : 0;
}
