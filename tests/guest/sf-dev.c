// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: command line, and what the steps need of configuration space and
 * of registers. Each step has the device to itself: open, reset, nothing
 * enabled.
 */
#include "sf-dev.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

static const struct {
	const char *area;
	const struct step *steps;
} areas[] = {
	{ "config", pci_steps },
	{ "bar0", bar0_steps },
	{ "cmd", cmd_steps },
	{ "irq", irq_steps },
	{ "reset", reset_steps },
	{ "evl", evl_steps },
	{ "attack", attack_steps },
	{ "portal", portal_steps },
	{ "sweep", sweep_steps },
	{ "dma", dma_steps },
	{ "watch", watch_steps },
	{ "info", info_steps },
	{ "map", map_steps },
	{ "error", error_steps },
	{ "guest", guest_steps },
	{ "handle", handle_steps },
	{ "matrix", matrix_steps },
};

static const char help[] =
"usage: sf-dev [--iommufd] [--pci ADDR] [--quiet] STEP SFNUM\n"
"       sf-dev --bar ADDR [--victim WORDS] [--quiet] STEP 0\n"
"       sf-dev --bare ADDR [--quiet] STEP 0\n"
"       sf-dev list AREA\n"
"\n"
"Opens the subfunction, does one STEP, AREA-NAME, and checks what comes of\n"
"it. Areas: config, bar0, cmd, irq, reset, evl, error, info, map, dma, attack,\n"
"portal, sweep. The last three have a victim, the subfunction with the next\n"
"number, and error uses it too.\n"
"With --bar, in a guest, ADDR is the device itself, which no driver may have;\n"
"for steps of guest, which need it, and of attack and portal, with a victim\n"
"outside: the line that watch-victim printed there.\n"
"With --bare ADDR is a whole device, bound to vfio-pci; for steps of matrix, which\n"
"print what they saw.\n"
"Status: 0 all good, 1 a check failed, 2 it could not be tried.\n";

static uint64_t config_offset(struct sf *sf)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info), .index = VFIO_PCI_CONFIG_REGION_INDEX,
	};

	if (sf->regs)
		return 0;
	if (ioctl(sf->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("GET_REGION_INFO: %s", strerror(errno));
	return info.offset;
}

static int config_file(struct sf *sf)
{
	return sf->regs ? sf->config : sf->device;
}

uint64_t dev_config_read(struct sf *sf, uint32_t off, unsigned int len)
{
	uint64_t val = 0;

	if (pread(config_file(sf), &val, len, config_offset(sf) + off) !=
	    (ssize_t)len)
		die("read of configuration %#x: %s", off, strerror(errno));
	return val;
}

void dev_config_write(struct sf *sf, uint32_t off, uint64_t val,
		      unsigned int len)
{
	if (pwrite(config_file(sf), &val, len, config_offset(sf) + off) !=
	    (ssize_t)len)
		die("write of configuration %#x: %s", off, strerror(errno));
}

/* Offset of a capability; 0 if there is none */
unsigned int dev_capability(struct sf *sf, uint8_t id)
{
	unsigned int off = dev_config_read(sf, 0x34, 1), hops = 0;

	while (off && hops++ < 48) {
		if (dev_config_read(sf, off, 1) == id)
			return off;
		off = dev_config_read(sf, off + 1, 1);
	}
	return 0;
}

/* VFIO_DEVICE_RESET, and memory and bus mastering on again */
void dev_reset(struct sf *sf)
{
	if (sf->regs)
		bar_reset(sf);
	else if (ioctl(sf->device, VFIO_DEVICE_RESET))
		die("VFIO_DEVICE_RESET: %s", strerror(errno));
	dev_config_write(sf, 4, 6, 2);
}

bool dev_expect(const char *what, uint64_t want, uint64_t got)
{
	return check(want == got, "%s: %#llx, expected %#llx", what,
		     (unsigned long long)got, (unsigned long long)want);
}

/* The command ends with this error code, 0 for none */
bool dev_command(struct sf *sf, uint32_t code, uint32_t operand, uint8_t err)
{
	uint32_t status = sf_command(sf, code, operand);

	return check((status & 0xff) == err,
		     "command %u, operand %#x: error %#x, expected %#x", code,
		     operand, status & 0xff, err);
}

/* After sf_start(): a copy arrives, with its interrupt */
bool dev_copies(struct sf *sf)
{
	uint8_t *src = sf->arena + ARENA_SRC, *dst = sf->arena + ARENA_DST;
	struct dsa_hw_desc desc;
	uint8_t status;
	unsigned int i;

	for (i = 0; i < 4096; i++)
		src[i] = random_next(&sf->rng);
	memset(dst, 0, 4096);
	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
	desc.src_addr = sf_iova(sf, src);
	desc.dst_addr = sf_iova(sf, dst);
	desc.xfer_size = 4096;
	status = sf_do(sf, &desc);
	return check(status == DSA_COMP_SUCCESS && !memcmp(src, dst, 4096),
		     "a copy does not work, status %#x", status);
}

/* A descriptor with an error and nowhere to tell it */
void dev_bad_desc(struct sf *sf)
{
	struct dsa_hw_desc desc = { .opcode = BAD_OPCODE };

	sf_submit(sf, &desc);
}

/* What the eventfd counted until now */
uint64_t dev_drain_events(struct sf *sf, unsigned int vector)
{
	return sf_events(sf, vector, 0);
}

static void list_area(const char *area)
{
	const struct step *step;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		if (strcmp(areas[i].area, area))
			continue;
		for (step = areas[i].steps; step->name; step++)
			puts(step->name);
		return;
	}
	die("no area %s", area);
}

static const struct step *find_step(const char *name)
{
	const struct step *step;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(areas); i++)
		for (step = areas[i].steps; step->name; step++)
			if (!strcmp(step->name, name))
				return step;
	die("no step %s, see sf-dev --help", name);
}

static const struct option long_options[] = {
	{ "iommufd", no_argument, NULL, 'i' },
	{ "bar", required_argument, NULL, 'B' },
	{ "bare", required_argument, NULL, 'R' },
	{ "victim", required_argument, NULL, 'V' },
	{ "pci", required_argument, NULL, 'D' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

int main(int argc, char **argv)
{
	static struct options opt = {
		/* No address of the host's memory, lest one hits by chance */
		.iova = 0x3f00000000ULL, .timeout_ms = 10000, .seed = 1,
		.vector = 1,
	};
	const struct step *step;
	struct sf sf;
	bool ok;
	int c;

	while ((c = getopt_long(argc, argv, "iD:qh", long_options,
				NULL)) >= 0) {
		switch (c) {
		case 'i':
			opt.iommufd = true;
			break;
		case 'B':
			opt.bar = optarg;
			/* Nothing interrupts without a driver */
			opt.poll = true;
			break;
		case 'R':
			opt.bare = optarg;
			break;
		case 'V':
			opt.victim = optarg;
			break;
		case 'D':
			opt.pci = optarg;
			break;
		case 'q':
			be_quiet = true;
			break;
		default:
			fputs(help, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (argc - optind != 2) {
		fputs(help, stderr);
		return 2;
	}
	if (!strcmp(argv[optind], "list")) {
		list_area(argv[optind + 1]);
		return 0;
	}
	step = find_step(argv[optind]);
	sf_open(&sf, &opt, strtoul(argv[optind + 1], NULL, 0));
	/* With VFIO, opening has done that */
	if (opt.bar)
		dev_reset(&sf);
	ok = step->run(&sf);
	sf_close(&sf);
	return ok ? 0 : 1;
}
