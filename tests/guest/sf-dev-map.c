// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: mappings of the portals. Which page of the machine is behind each
 * (/proc/self/pagemap, as root), when it is taken away, what a touch does
 * while the host's device is halted, and what a child has of a mapping that
 * its parent made.
 */
#include "sf-dev.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/vfio.h>

#define PAGE_SIZE	4096UL
#define NR_PAGES	4
#define NR_STORES	16
#define BAR2_LINE	2
#define CAP_EXP		0x10
#define FLR		0x8000
#define GENSTS_HALT	3
#define PATTERN		0x5a
#define MOVE_SIZE	4096

/* Every WQ has four pages: MSI-X, and from the third on IMS portals */
#define BAR2_PAGE_IMS	2
#define BAR2_PAGES_LOG2	2

/* Frame of the machine's memory behind a page of BAR2; 0 if there is none */
static uint64_t frame_of(const struct sf *sf, unsigned int page)
{
	uint64_t va = (uintptr_t)sf->portal + page * PAGE_SIZE, entry;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || pread(fd, &entry, sizeof(entry), va / PAGE_SIZE * 8) !=
		      sizeof(entry))
		die("pagemap: %s", strerror(errno));
	close(fd);
	return entry >> 63 ? entry & ((1ULL << 55) - 1) : 0;
}

/* First and last frame of the host's portals */
static void host_portals(const struct sf *sf, uint64_t *first, uint64_t *last)
{
	unsigned long long start, end;
	char path[512];
	FILE *f;
	int i, n;

	/* The PF is the parent of the auxiliary device */
	snprintf(path, sizeof(path), "%s/../../resource", sf->path);
	f = fopen(path, "r");
	if (!f)
		die("%s: %s", path, strerror(errno));
	for (i = 0, n = 0; i <= BAR2_LINE; i++)
		n = fscanf(f, "%llx %llx %*x", &start, &end);
	fclose(f);
	if (n != 2 || !start)
		die("%s: no BAR2", path);
	*first = start / PAGE_SIZE;
	*last = end / PAGE_SIZE;
}

/* Number of the page in the host's BAR2; -1 if it is none of its pages */
static long host_page(const struct sf *sf, unsigned int page)
{
	uint64_t frame = frame_of(sf, page), first, last;

	host_portals(sf, &first, &last);
	return frame >= first && frame <= last ? (long)(frame - first) : -1;
}

static unsigned int nr_present(const struct sf *sf)
{
	unsigned int page, nr = 0;

	for (page = 0; page < NR_PAGES; page++)
		nr += !!frame_of(sf, page);
	return nr;
}

static uint64_t nr_zaps(const struct sf *sf)
{
	unsigned long long nr;
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/stats/zaps", sf->path);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%llu", &nr) != 1)
		die("%s: %s", path, strerror(errno));
	fclose(f);
	return nr;
}

static void submit_at(struct sf *sf, unsigned int page,
		      const struct dsa_hw_desc *desc)
{
	const struct options *opt = sf->opt;
	struct options here = *opt;

	here.page = page;
	sf->opt = &here;
	sf_submit(sf, desc);
	sf->opt = opt;
}

/* A copy that is seen if it is done, by its data and by its record */
static void move_at(struct sf *sf, unsigned int page)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, page);
	desc.flags &= ~IDXD_OP_FLAG_RCI;
	desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
	desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
	desc.xfer_size = MOVE_SIZE;
	submit_at(sf, page, &desc);
}

static bool move_is_done(struct sf *sf, unsigned int page)
{
	uint64_t end = now_ms() + 5000;

	while (!sf_record(sf, page)->status && now_ms() < end)
		usleep(1000);
	return dev_expect("status of a copy", DSA_COMP_SUCCESS,
			  sf_record(sf, page)->status);
}

/* Behind all four pages are the IMS portals of one WQ, which is said */
static bool map_pages(struct sf *sf)
{
	bool ok = dev_expect("pages before a touch", 0, nr_present(sf));
	unsigned int page;
	long first = -1;

	sf_start(sf);
	for (page = 0; page < NR_PAGES; page++) {
		long host;

		move_at(sf, page);
		ok &= move_is_done(sf, page);
		ok &= dev_expect("pages", page + 1, nr_present(sf));
		host = host_page(sf, page);
		if (!page)
			first = host;
		ok &= check(host >= 0, "page %u is not in the host's BAR2",
			    page);
		ok &= dev_expect("kind of portal", BAR2_PAGE_IMS + page % 2,
				 host % (1 << BAR2_PAGES_LOG2));
		ok &= dev_expect("WQ", first >> BAR2_PAGES_LOG2,
				 host >> BAR2_PAGES_LOG2);
	}
	printf("wq %ld\n", first >> BAR2_PAGES_LOG2);
	return ok;
}

/* A reset took all pages, once, and a touch brings them back */
static bool zapped(struct sf *sf, const char *what, uint64_t before)
{
	bool ok = dev_expect("zaps", before + 1, nr_zaps(sf));

	ok &= dev_expect("pages after it", 0, nr_present(sf));
	dev_config_write(sf, 4, 6, 2);
	sf_start(sf);
	ok &= dev_copies(sf);
	ok &= dev_expect("pages after a copy", 1, nr_present(sf));
	return check(ok, "%s", what);
}

static bool map_zaps(struct sf *sf)
{
	unsigned int devctl = dev_capability(sf, CAP_EXP) + 8;
	uint64_t before;
	bool ok;

	sf_start(sf);
	ok = dev_copies(sf);
	before = nr_zaps(sf);
	if (ioctl(sf->device, VFIO_DEVICE_RESET))
		die("VFIO_DEVICE_RESET: %s", strerror(errno));
	ok &= zapped(sf, "VFIO_DEVICE_RESET", before);
	before = nr_zaps(sf);
	dev_config_write(sf, devctl, FLR, 2);
	ok &= zapped(sf, "function level reset", before);
	/* What a guest does to its own queue leaves its pages alone */
	before = nr_zaps(sf);
	ok &= dev_command(sf, CMD_RESET_WQ, 1, 0);
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	ok &= dev_command(sf, CMD_DISABLE_WQ, 1, 0);
	ok &= dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	dev_config_write(sf, 4, 4, 2);
	ok &= dev_expect("zaps by commands", before, nr_zaps(sf));
	ok &= dev_expect("pages after commands", 1, nr_present(sf));
	dev_config_write(sf, 4, 6, 2);
	sf_start(sf);
	return ok & dev_copies(sf);
}

/*
 * What a child inherited is taken away with the parent's. The child tells the
 * number of its pages whenever it is asked.
 */
static bool map_fork(struct sf *sf)
{
	unsigned int before, after;
	int ask[2], answer[2], pid;
	uint8_t c = 0;
	bool ok;

	sf_start(sf);
	ok = dev_copies(sf);
	if (pipe(ask) || pipe(answer))
		die("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(ask[0], &c, 1) == 1) {
			c = nr_present(sf);
			if (write(answer[1], &c, 1) != 1)
				break;
		}
		_exit(0);
	}
	ok &= check(write(ask[1], &c, 1) == 1 && read(answer[0], &c, 1) == 1,
		    "no answer");
	before = c;
	dev_reset(sf);
	ok &= check(write(ask[1], &c, 1) == 1 && read(answer[0], &c, 1) == 1,
		    "no answer");
	after = c;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok &= dev_expect("pages of the child", 1, before);
	ok &= dev_expect("pages of the child after a reset", 0, after);
	sf_start(sf);
	return ok & dev_copies(sf);
}

static bool wait_gensts(struct sf *sf, bool halted)
{
	uint64_t end = now_ms() + 20000;

	while ((sf_read(sf, REG_GENSTS, 4) % 4 == GENSTS_HALT) != halted) {
		if (now_ms() > end)
			return check(false, "%s halt", halted ? "no" : "no end of the");
		usleep(1000);
	}
	return true;
}

/* The caller makes the host's device halt, and recover after "touched" */
static bool map_halted(struct sf *sf)
{
	uint8_t *dst = sf->arena + ARENA_DST;
	unsigned int page, i;
	uint64_t before;
	bool ok;

	sf_start(sf);
	ok = dev_copies(sf);
	before = nr_zaps(sf);
	puts("ready");
	fflush(stdout);
	if (!wait_gensts(sf, true))
		return false;
	ok &= check(nr_zaps(sf) > before, "not zapped");
	ok &= dev_expect("pages after the halt", 0, nr_present(sf));
	memset(dst, PATTERN, MOVE_SIZE);
	for (page = 0; page < NR_PAGES; page++) {
		for (i = 0; i < NR_STORES; i++)
			move_at(sf, page);
		ok &= check(frame_of(sf, page), "nothing is behind page %u",
			    page);
		ok &= check(host_page(sf, page) < 0,
			    "page %u is a portal of the halted device", page);
	}
	usleep(50000);
	for (page = 0; page < NR_PAGES; page++)
		ok &= dev_expect("a record", 0, sf_record(sf, page)->status);
	for (i = 0; ok && i < MOVE_SIZE; i++)
		ok = check(dst[i] == PATTERN, "data arrived at %#x", i);
	puts("touched");
	fflush(stdout);
	if (!wait_gensts(sf, false))
		return false;
	ok &= dev_expect("pages after the recovery", 0, nr_present(sf));
	sf_start(sf);
	ok &= dev_copies(sf);
	return ok & check(host_page(sf, 0) >= 0, "no portal again");
}

static void kept_sigbus(int sig)
{
	static const char text[] = "SIGBUS\n";
	ssize_t n = write(1, text, sizeof(text) - 1);

	(void)sig;
	_exit(n > 0 ? 0 : 1);
}

/* In the child: all files are closed, only the mapping is left */
static void keep_mapping(struct sf *sf)
{
	unsigned int page, i;
	sigset_t set;
	int sig;

	for (i = 3; i < 64; i++)
		close(i);
	signal(SIGBUS, kept_sigbus);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	printf("kept by %d\n", getpid());
	fflush(stdout);
	while (!sigwait(&set, &sig)) {
		unsigned int portals = 0;

		for (page = 0; page < NR_PAGES; page++) {
			for (i = 0; i < NR_STORES; i++)
				move_at(sf, page);
			portals += host_page(sf, page) >= 0;
		}
		printf("touched, %u portals, wq %ld\n", portals,
		       host_page(sf, 0) >> BAR2_PAGES_LOG2);
		fflush(stdout);
	}
}

/*
 * The caller kills the parent and has the child touch the pages that it kept,
 * by SIGUSR1, as often as it likes
 */
static bool map_kept(struct sf *sf)
{
	sf_start(sf);
	if (!dev_copies(sf))
		return false;
	switch (fork()) {
	case -1:
		die("fork: %s", strerror(errno));
	case 0:
		keep_mapping(sf);
		_exit(0);
	}
	pause();
	return false;
}

const struct step map_steps[] = {
	{ "map-pages", map_pages },
	{ "map-zaps", map_zaps },
	{ "map-fork", map_fork },
	{ "map-halted", map_halted },
	{ "map-kept", map_kept },
	{ }
};
