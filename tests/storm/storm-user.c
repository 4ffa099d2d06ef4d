// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-storm: users of the VFIO devices. Each is a process of its own, as it ends
 * with the first thing that goes wrong.
 */
#include "storm.h"

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

#define SIZE	16384UL

static const struct options options = {
	.iova = 0x100000000ULL,
	.timeout_ms = 3000,
	.seed = 1,
	.quiet = true,
};

static void submit(struct sf *sf, unsigned int slot)
{
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, slot);
	desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
	desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST + slot * SIZE);
	desc.xfer_size = SIZE;
	sf_submit(sf, &desc);
}

static void fill_queue(struct sf *sf)
{
	unsigned int i;

	for (i = 0; i < sf->wq_size && i < MAX_DEPTH; i++)
		submit(sf, i);
}

/* What a user does who has opened it; it need not return */
typedef void (*user_fn)(struct storm_actor *a, struct sf *sf);

/* Waits for a user that may be killed after some time: true if all was well */
static bool wait_for(int pid, int kill_after_us)
{
	int status;

	if (kill_after_us >= 0) {
		usleep(kill_after_us);
		kill(pid, SIGKILL);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (kill_after_us >= 0)
		return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* A user in a process of its own; see wait_for() */
static bool run_user(struct storm_actor *a, user_fn fn, int kill_after_us)
{
	unsigned int nr = storm_some_sf(a);
	int pid, null;
	struct sf sf;

	if (!nr) {
		storm_pause(a, 20);
		return false;
	}
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		null = open("/dev/null", O_RDWR);
		dup2(null, 2);
		be_quiet = true;
		sf_open(&sf, &options, nr);
		sf_start(&sf);
		fn(a, &sf);
		sf_close(&sf);
		_exit(0);
	}
	if (wait_for(pid, kill_after_us))
		return true;
	/* Open, mostly, by another one */
	storm_pause(a, 10);
	return false;
}

static void copies(struct storm_actor *a, struct sf *sf)
{
	unsigned int i, nr = 1 + storm_random(a, 50);
	struct dsa_hw_desc desc;

	memset(sf->arena + ARENA_SRC, a->nr, SIZE);
	for (i = 0; i < nr; i++) {
		memset(sf->arena + ARENA_DST, 0, SIZE);
		sf_desc(sf, &desc, DSA_OPCODE_MEMMOVE, 0);
		desc.src_addr = sf_iova(sf, sf->arena + ARENA_SRC);
		desc.dst_addr = sf_iova(sf, sf->arena + ARENA_DST);
		desc.xfer_size = SIZE;
		if (sf_do(sf, &desc) != DSA_COMP_SUCCESS)
			_exit(1);
		if (memcmp(sf->arena + ARENA_SRC, sf->arena + ARENA_DST,
			   SIZE)) {
			a->wrong++;
			_exit(1);
		}
	}
	sf_stop(sf);
}

static bool copy(struct storm_actor *a)
{
	return run_user(a, copies, -1);
}

/* Until it is killed */
static void goes_on(struct storm_actor *a, struct sf *sf)
{
	(void)a;
	for (;;) {
		fill_queue(sf);
		sf_events(sf, sf->vector, 50);
	}
}

static bool be_killed(struct storm_actor *a)
{
	return run_user(a, goes_on, storm_random(a, 400000));
}

static void resets(struct storm_actor *a, struct sf *sf)
{
	static const uint8_t cmds[] = {
		CMD_RESET_DEVICE, CMD_ABORT_ALL, CMD_DRAIN_ALL,
		CMD_DISABLE_DEVICE,
	};
	unsigned int how;

	fill_queue(sf);
	how = storm_random(a, ARRAY_SIZE(cmds) + 2);
	if (how < ARRAY_SIZE(cmds))
		sf_command(sf, cmds[how], 0);
	else if (ioctl(sf->device, VFIO_DEVICE_RESET))
		_exit(1);
	sf_start(sf);
	copies(a, sf);
}

static bool reset(struct storm_actor *a)
{
	return run_user(a, resets, -1);
}

/* Vectors taken away and given back while descriptors run */
static void changes(struct storm_actor *a, struct sf *sf)
{
	struct {
		struct vfio_irq_set set;
		int fd[MAX_VECTORS];
	} s = { .set = { .index = VFIO_PCI_MSIX_IRQ_INDEX } };
	unsigned int i, first;

	for (i = 0; i < 20; i++) {
		submit(sf, i % sf->wq_size);
		first = storm_random(a, sf->nr_vectors);
		s.set.start = first;
		s.set.count = 1 + storm_random(a, sf->nr_vectors - first);
		s.set.argsz = sizeof(s.set) + s.set.count * sizeof(int);
		s.set.flags = VFIO_IRQ_SET_ACTION_TRIGGER |
			      VFIO_IRQ_SET_DATA_EVENTFD;
		memcpy(s.fd, sf->efd + first, s.set.count * sizeof(int));
		if (i % 2)
			s.fd[0] = -1;
		if (ioctl(sf->device, VFIO_DEVICE_SET_IRQS, &s))
			_exit(1);
	}
	s.set.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_NONE;
	s.set.start = 0;
	s.set.count = 0;
	if (ioctl(sf->device, VFIO_DEVICE_SET_IRQS, &s))
		_exit(1);
}

static bool change_interrupts(struct storm_actor *a)
{
	return run_user(a, changes, -1);
}

/* Memory comes and goes beside that of the descriptors */
static void maps(struct storm_actor *a, struct sf *sf)
{
	uint64_t iova = options.iova + ARENA_SIZE;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		submit(sf, i % sf->wq_size);
		sf_map(sf, sf->arena, iova, 4096 << storm_random(a, 8));
		sf_unmap(sf, iova, 4096 << 8);
	}
}

static bool map(struct storm_actor *a)
{
	return run_user(a, maps, -1);
}

const struct storm_action user_actions[] = {
	{ "copy", 4, copy },
	{ "be killed", 2, be_killed },
	{ "reset", 3, reset },
	{ "change interrupts", 2, change_interrupts },
	{ "map", 2, map },
	{ }
};
