// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: opens the victim of an attack, finds out about it whatever an
 * attacker could ever know, and tells whether it felt anything. It must not
 * know the attacks.
 */
#include "sf-dev-watch.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HW_BAR0_SIZE	0x10000
#define IMS_PAGE	0x2000
#define FOREIGN_IOVA	0x5f00000000ULL

/* For the test: the hardware's counter moved by so much */
void watch_reached(const char *counter, unsigned int times)
{
	printf("reached %s %u\n", counter, times);
	fflush(stdout);
}

/* Directory of the PCI function, two above the companion */
static void pf_path(struct watch *w, char *path, size_t size, const char *name)
{
	char dir[256];

	snprintf(dir, sizeof(dir), "%s", w->sf.path);
	snprintf(path, size, "%s/%s", dirname(dirname(dir)), name);
}

static void find_bars(struct watch *w)
{
	uint64_t start, end;
	char path[512];
	unsigned int i;
	FILE *f;

	pf_path(w, path, sizeof(path), "resource");
	f = fopen(path, "r");
	if (!f)
		die("%s: %s", path, strerror(errno));
	for (i = 0; i < 3; i++) {
		if (fscanf(f, "%llx %llx %*x", (unsigned long long *)&start,
			   (unsigned long long *)&end) != 2)
			die("%s cannot be read", path);
		if (i == 0)
			w->bar0 = start;
		if (i == 2)
			w->portal = start + (w->wq << 14) + IMS_PAGE;
	}
	fclose(f);
}

static void find_wq(struct watch *w, const volatile uint32_t *regs)
{
	unsigned int nr = regs[REG_WQCAP / 4] >> 16 & 0xff;
	unsigned int size = 32 << (regs[REG_WQCAP / 4] >> 24 & 0xf);
	uint32_t table = (regs[REG_TABLES / 4] >> 16) * 0x100, mode;

	for (w->wq = 0; w->wq < nr; w->wq++) {
		mode = regs[(table + w->wq * size + 8) / 4];
		if (mode >> 28 & 1 && (mode >> 8 & 0xfffff) == w->pasid)
			return;
	}
	die("no WQ with PASID %u", w->pasid);
}

/* What the hardware knows of the victim, from its IMS slot on */
static void find_secrets(struct watch *w)
{
	volatile uint32_t *regs, *slot;
	char path[512];
	int fd;

	pf_path(w, path, sizeof(path), "resource0");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	regs = mmap(NULL, HW_BAR0_SIZE, PROT_READ, MAP_SHARED, fd, 0);
	if (regs == MAP_FAILED)
		die("%s: %s (boot with iomem=relaxed)", path, strerror(errno));
	close(fd);
	slot = regs + (regs[REG_TABLES / 4 + 1] >> 16) * 0x100 / 4 +
	       w->sf.handle * 4;
	w->msg_addr = slot[0] | (uint64_t)slot[1] << 32;
	w->msg_data = slot[2];
	if (!(slot[3] >> 3 & 1) || w->msg_addr >> 20 != 0xfee)
		die("slot %u is not the victim's", w->sf.handle);
	w->pasid = slot[3] >> 12;
	find_wq(w, regs);
	munmap((void *)(uintptr_t)regs, HW_BAR0_SIZE);
	find_bars(w);
}

static void watch_begin(struct watch *w)
{
	sf_start(&w->sf);
	find_secrets(w);
	w->copy = malloc(2 * WATCH_SIZE);
	if (!w->copy || !dev_copies(&w->sf))
		die("the victim does not work");
	memset(w->sf.arena + ARENA_DST, 0x5e, WATCH_SIZE);
	memset(sf_record(&w->sf, 0), 0, sizeof(*sf_record(&w->sf, 0)));
	memcpy(w->copy, w->sf.arena + ARENA_SRC, WATCH_SIZE);
	memcpy(w->copy + WATCH_SIZE, w->sf.arena + ARENA_DST, WATCH_SIZE);
}

/* In a guest the victim is outside, and watched there: watch_victim() */
static void watch_remote(struct watch *w, struct sf *attacker)
{
	const char *line = attacker->opt->victim ?: "";
	unsigned long long msg, bar0, portal, iova;
	unsigned int handle;

	if (sscanf(line, "%u %u %u %llx %x %llx %llx %llx", &handle, &w->pasid,
		   &w->wq, &msg, &w->msg_data, &bar0, &portal, &iova) != 8)
		die("--victim is the line that watch-victim printed");
	w->sf.handle = handle;
	w->msg_addr = msg;
	w->bar0 = bar0;
	w->portal = portal;
	w->iova = iova;
	w->remote = true;
}

void watch_open(struct watch *w, struct sf *attacker)
{
	memset(w, 0, sizeof(*w));
	if (attacker->regs) {
		watch_remote(w, attacker);
		return;
	}
	sf_open(&w->sf, attacker->opt, attacker->sfnum + 1);
	watch_begin(w);
	/* Where only the victim has memory */
	w->iova = FOREIGN_IOVA;
	sf_map(&w->sf, w->sf.arena + ARENA_SRC, w->iova, 4096);
}

/* Neither data, nor an interrupt, an error, or its queue */
bool watch_untouched(struct watch *w, const char *after)
{
	struct sf *sf = &w->sf;
	bool ok = true;
	unsigned int i;

	if (w->remote)
		return true;
	ok &= check(!memcmp(w->copy, sf->arena + ARENA_SRC, WATCH_SIZE) &&
		    !memcmp(w->copy + WATCH_SIZE, sf->arena + ARENA_DST,
			    WATCH_SIZE), "%s: the victim's memory", after);
	ok &= check(!sf_record(sf, 0)->status, "%s: a record of the victim",
		    after);
	for (i = 0; i < sf->nr_vectors; i++)
		ok &= check(!sf_events(sf, i, 0),
			    "%s: an interrupt of the victim, vector %u", after,
			    i);
	ok &= check(!(sf_read(sf, REG_SWERR, 8) & 1), "%s: SWERR of the victim",
		    after);
	ok &= check(sf_read(sf, REG_GENSTS, 4) == 1 &&
		    sf_read(sf, sf_wqcfg(sf) + 24, 4) >> 30 == 1,
		    "%s: the victim is not enabled", after);
	return ok;
}

bool watch_close(struct watch *w)
{
	bool ok;

	if (w->remote)
		return true;
	/* Late interrupts and writes */
	usleep(20000);
	ok = watch_untouched(w, "at the end");
	ok &= dev_copies(&w->sf);
	sf_close(&w->sf);
	free(w->copy);
	return ok;
}

/* Says what an attacker may know, and looks again when the input ends */
static bool watch_victim(struct sf *sf)
{
	struct watch w = { .sf = *sf };
	bool ok;

	watch_begin(&w);
	printf("victim %u %u %u %#llx %#x %#llx %#llx %#llx\n", w.sf.handle,
	       w.pasid, w.wq, (unsigned long long)w.msg_addr, w.msg_data,
	       (unsigned long long)w.bar0, (unsigned long long)w.portal,
	       (unsigned long long)sf->opt->iova);
	fflush(stdout);
	while (getchar() != EOF)
		;
	ok = watch_untouched(&w, "when the attacks were over");
	*sf = w.sf;
	free(w.copy);
	return ok & dev_copies(sf);
}

const struct step watch_steps[] = {
	{ "watch-victim", watch_victim },
	{ }
};
