// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-dev: interrupts. SET_IRQS with every kind of data, vectors that are taken
 * away and given back, interrupts that wait meanwhile and those that must not
 * survive a reset.
 */
#include "sf-dev.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>

#define MSIX_PBA	0xc00
#define MAX_DATA	16
#define INTCAUSE_REVOKED	(1u << 31)
#define ERR_NO_HANDLE		0x43
#define ERR_NOT_GIVEN		0x42
#define STATE_HALT		3
#define OCCUPANCY_ENABLE	(1u << 16)	/* limit 0 */

#define TRIGGER		VFIO_IRQ_SET_ACTION_TRIGGER
#define MSIX		VFIO_PCI_MSIX_IRQ_INDEX

/* SET_IRQS; @data of @size bytes may be NULL. 0 or an errno */
static int set_irqs(struct sf *sf, uint32_t flags, uint32_t index,
		    uint32_t start, uint32_t count, const void *data,
		    size_t size)
{
	struct {
		struct vfio_irq_set hdr;
		uint8_t data[4 * MAX_DATA];
	} set = {
		.hdr = { .argsz = sizeof(set.hdr) + size, .flags = flags,
			 .index = index, .start = start, .count = count },
	};

	if (size)
		memcpy(set.data, data, size);
	return ioctl(sf->device, VFIO_DEVICE_SET_IRQS, &set) ? errno : 0;
}

static bool set_fd(struct sf *sf, unsigned int index, unsigned int vector,
		   int fd)
{
	int err = set_irqs(sf, TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD, index,
			   vector, 1, &fd, sizeof(fd));

	return check(!err, "eventfd of vector %u: %s", vector, strerror(err));
}

static bool switch_off(struct sf *sf)
{
	return !set_irqs(sf, TRIGGER | VFIO_IRQ_SET_DATA_NONE, MSIX, 0, 0,
			 NULL, 0);
}

static bool set_all(struct sf *sf)
{
	return !set_irqs(sf, TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD, MSIX, 0,
			 sf->nr_vectors, sf->efd, sf->nr_vectors * sizeof(int));
}

/* A descriptor that asks for an interrupt of vector 1, and is polled for */
static uint8_t noop_polled(struct sf *sf)
{
	struct dsa_completion_record *rec = sf_record(sf, 0);
	uint64_t end = now_ms() + 5000;
	struct dsa_hw_desc desc;

	sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
	sf_submit(sf, &desc);
	while (!rec->status && now_ms() < end)
		usleep(100);
	return rec->status;
}

static bool copy_silently(struct sf *sf)
{
	uint8_t status = noop_polled(sf);

	/* The interrupt has come by now */
	usleep(20000);
	return dev_expect("status", DSA_COMP_SUCCESS, status);
}

static uint64_t pending(struct sf *sf)
{
	return sf_read(sf, MSIX_PBA, 8);
}

/* The user triggers, as QEMU does to test its route */
static bool irq_trigger(struct sf *sf)
{
	uint8_t bools[MAX_DATA] = { 0 };
	bool ok = true;
	unsigned int i, j;

	for (i = 0; i < sf->nr_vectors; i++) {
		ok &= !set_irqs(sf, TRIGGER | VFIO_IRQ_SET_DATA_NONE, MSIX, i,
				1, NULL, 0);
		memset(bools, 0, sizeof(bools));
		bools[i] = 1;
		ok &= !set_irqs(sf, TRIGGER | VFIO_IRQ_SET_DATA_BOOL, MSIX, 0,
				sf->nr_vectors, bools, sf->nr_vectors);
		for (j = 0; j < sf->nr_vectors; j++)
			ok &= dev_expect("events", i == j ? 2 : 0,
					 sf_events(sf, j, 0));
	}
	return check(ok, "a trigger failed");
}

/* Without an eventfd, as masked: it waits and is shown, and then comes, once */
static bool irq_waits(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	ok = dev_copies(sf);
	dev_drain_events(sf, 1);
	ok &= set_fd(sf, MSIX, 1, -1);
	ok &= copy_silently(sf) & copy_silently(sf);
	ok &= check(!sf_events(sf, 1, 0), "an event of the old eventfd");
	ok &= dev_expect("pending", 2, pending(sf));
	ok &= set_fd(sf, MSIX, 1, sf->efd[1]);
	ok &= dev_expect("events", 1, sf_events(sf, 1, 1000));
	ok &= dev_expect("pending", 0, pending(sf));
	/* Vector 0 likewise */
	ok &= set_fd(sf, MSIX, 0, -1);
	ok &= dev_command(sf, 31 | 1 << 11, 0, 1);
	ok &= dev_expect("pending", 1, pending(sf));
	dev_drain_events(sf, 0);
	ok &= set_fd(sf, MSIX, 0, sf->efd[0]);
	ok &= dev_expect("events", 1, sf_events(sf, 0, 1000));
	return ok & dev_copies(sf);
}

/* With MSI-X off nothing waits: a driver that polls gets no surprise later */
static bool irq_off(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	ok = check(switch_off(sf), "cannot be switched off");
	ok &= copy_silently(sf);
	ok &= dev_expect("pending", 0, pending(sf));
	ok &= check(set_all(sf), "cannot be switched on");
	ok &= check(!sf_events(sf, 1, 100), "an interrupt of before");
	ok &= dev_copies(sf);

	/* On and all vectors masked, which QEMU says by an eventfd of -1 */
	dev_drain_events(sf, 1);
	ok &= check(switch_off(sf), "cannot be switched off");
	ok &= set_fd(sf, MSIX, 0, -1) & copy_silently(sf);
	ok &= dev_expect("pending", 2, pending(sf));
	ok &= check(set_all(sf), "cannot be switched on");
	ok &= dev_expect("events", 1, sf_events(sf, 1, 1000));
	return ok & dev_copies(sf);
}

/* What waits belongs to the life in which it was sent */
static bool irq_old_life(struct sf *sf)
{
	const struct options *opt = sf->opt;
	unsigned int sfnum = sf->sfnum;
	bool ok;

	sf_start(sf);
	ok = set_fd(sf, MSIX, 1, -1) & copy_silently(sf);
	ok &= dev_expect("pending", 2, pending(sf));
	dev_reset(sf);
	ok &= dev_expect("pending after a reset", 0, pending(sf));
	ok &= set_fd(sf, MSIX, 1, sf->efd[1]);
	ok &= check(!sf_events(sf, 1, 100), "an interrupt of before the reset");
	sf_start(sf);
	ok &= set_fd(sf, MSIX, 1, -1) & copy_silently(sf);
	sf_close(sf);
	sf_open(sf, opt, sfnum);
	ok &= dev_expect("pending after opening", 0, pending(sf));
	ok &= check(!sf_events(sf, 1, 100), "an interrupt of the last user");
	sf_start(sf);
	return ok & dev_copies(sf);
}

/* Eventfds change all the time; each copy's interrupt comes to one of them */
static bool irq_change(struct sf *sf)
{
	int fd[2] = { sf->efd[1], eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) };
	bool ok = true;
	unsigned int i;

	sf_start(sf);
	for (i = 0; ok && i < 300; i++) {
		uint64_t end = now_ms() + 5000, events = 0;
		struct dsa_hw_desc desc;

		sf_desc(sf, &desc, DSA_OPCODE_NOOP, 0);
		sf_submit(sf, &desc);
		if (i % 3 == 2)
			ok = set_fd(sf, MSIX, 1, -1);
		ok = ok && set_fd(sf, MSIX, 1, fd[i % 2]);
		while (!events && now_ms() < end) {
			uint64_t val;

			sf->efd[1] = fd[i % 2];
			events += sf_events(sf, 1, 20);
			if (read(fd[!(i % 2)], &val, sizeof(val)) > 0)
				events += val;
		}
		ok = ok && check(events == 1, "copy %u: %llu interrupts", i,
				 (unsigned long long)events);
	}
	sf->efd[1] = fd[0];
	close(fd[1]);
	return ok;
}

static bool irq_refused(struct sf *sf)
{
	int fds[2] = { sf->efd[0], open("/dev/null", O_RDWR | O_CLOEXEC) };
	uint32_t eventfds = TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD;
	uint32_t none = TRIGGER | VFIO_IRQ_SET_DATA_NONE;
	uint32_t nr = sf->nr_vectors;
	bool ok = true;

	ok &= dev_expect("one too many", EINVAL,
			 set_irqs(sf, none, MSIX, nr, 1, NULL, 0));
	ok &= dev_expect("overflow", EINVAL,
			 set_irqs(sf, none, MSIX, 1, ~0u, NULL, 0));
	ok &= dev_expect("INTx", EINVAL,
			 set_irqs(sf, none, VFIO_PCI_INTX_IRQ_INDEX, 0, 1,
				  NULL, 0));
	ok &= dev_expect("MSI", EINVAL,
			 set_irqs(sf, none, VFIO_PCI_MSI_IRQ_INDEX, 0, 1,
				  NULL, 0));
	ok &= dev_expect("index", EINVAL,
			 set_irqs(sf, none, VFIO_PCI_NUM_IRQS, 0, 0, NULL, 0));
	ok &= dev_expect("data missing", EINVAL,
			 set_irqs(sf, eventfds, MSIX, 0, 2, fds, 4));
	ok &= dev_expect("mask", ENOTTY,
			 set_irqs(sf, VFIO_IRQ_SET_ACTION_MASK |
				  VFIO_IRQ_SET_DATA_NONE, MSIX, 0, 1, NULL, 0));
	ok &= dev_expect("unmask", ENOTTY,
			 set_irqs(sf, VFIO_IRQ_SET_ACTION_UNMASK |
				  VFIO_IRQ_SET_DATA_NONE, MSIX, 0, 1, NULL, 0));
	/* The second is none: the first is taken back */
	ok &= dev_expect("no eventfd", EINVAL,
			 set_irqs(sf, eventfds, MSIX, 0, 2, fds, 8));
	ok &= !set_irqs(sf, none, MSIX, 0, 1, NULL, 0);
	ok &= check(!sf_events(sf, 0, 50), "the first was kept");
	fds[1] = 9999;
	ok &= dev_expect("no file", EBADF,
			 set_irqs(sf, eventfds, MSIX, 0, 2, fds, 8));
	return ok;
}

/*
 * Waits for a notification and uses the device meanwhile: the caller makes it
 * go
 */
static bool wait_index(struct sf *sf, unsigned int index, const char *name)
{
	uint64_t end = now_ms() + 20000;
	bool ok, came = false;

	sf_start(sf);
	ok = set_fd(sf, index, 0, sf->efd[0]);
	printf("%s: waiting\n", name);
	fflush(stdout);
	while (ok && !came && now_ms() < end) {
		/* Refused by the hardware, as long as that answers */
		sf_write(sf, REG_CMD, CMD_ENABLE_WQ << 20, 4);
		came = sf_events(sf, 0, 200);
	}
	return ok && check(came, "%s did not come", name);
}

static bool irq_err(struct sf *sf)
{
	return wait_index(sf, VFIO_PCI_ERR_IRQ_INDEX, "ERR");
}

static bool irq_req(struct sf *sf)
{
	return wait_index(sf, VFIO_PCI_REQ_IRQ_INDEX, "REQ");
}

/* Vectors come and go: for whoever watches the producers of irqbypass */
static bool irq_bypass(struct sf *sf)
{
	bool ok = check(switch_off(sf), "cannot be switched off");

	ok &= check(set_all(sf), "cannot be switched on");
	ok &= set_fd(sf, MSIX, 1, -1);
	ok &= set_fd(sf, MSIX, 1, sf->efd[1]);
	return ok;
}

/* Handles are nobody's after a revocation; the guest asks for another */
static bool ask_anew(struct sf *sf)
{
	uint32_t status = sf_command(sf, CMD_REQUEST_HANDLE, 1);

	sf->handle = status >> 8;
	return dev_expect("request of a handle", 0, status & 0xff);
}

/* What the caller waits for before it does something to the host's device */
static void ready(struct sf *sf)
{
	sf_write(sf, REG_INTCAUSE, ~0u, 4);
	dev_drain_events(sf, 0);
	puts("ready");
	fflush(stdout);
}

static bool is_told(struct sf *sf)
{
	bool ok = check(sf_events(sf, 0, 20000), "no interrupt of vector 0");

	ok &= dev_expect("causes", INTCAUSE_REVOKED,
			 sf_read(sf, REG_INTCAUSE, 4));
	sf_write(sf, REG_INTCAUSE, INTCAUSE_REVOKED, 4);
	return ok;
}

/* The caller has all handles revoked */
static bool revoked(struct sf *sf)
{
	uint16_t old = sf->handle;
	bool ok;

	ready(sf);
	ok = is_told(sf);
	ok &= dev_command(sf, CMD_RELEASE_HANDLE, old, ERR_NO_HANDLE);
	ok &= dev_expect("status with the old handle",
			 DSA_COMP_INT_HANDLE_INVAL, noop_polled(sf));
	ok &= ask_anew(sf);
	return ok & check(sf->handle != old, "the handle is still %#x", old);
}

static bool handle_revoked(struct sf *sf)
{
	bool ok;
	int i;

	sf_start(sf);
	ok = dev_copies(sf);
	for (i = 0; ok && i < 3; i++)
		ok = revoked(sf) && dev_copies(sf);
	return ok;
}

/* Who holds no handle is told nothing */
static bool handle_released(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	ok = dev_command(sf, CMD_RELEASE_HANDLE, sf->handle, 0);
	ready(sf);
	ok &= check(!sf_events(sf, 0, 1000), "an interrupt of vector 0");
	ok &= dev_expect("causes", 0, sf_read(sf, REG_INTCAUSE, 4));
	return ok && ask_anew(sf) && dev_copies(sf);
}

/* The occupancy interrupt comes with the handle that is written anew */
static bool handle_occupancy(struct sf *sf)
{
	uint32_t wq = sf_wqcfg(sf);
	bool ok;

	sf_start(sf);
	sf_write(sf, wq + 0x10, sf->handle, 4);
	ok = revoked(sf);
	dev_drain_events(sf, 1);
	/* With the old handle still: it waits for the new one */
	sf_write(sf, wq + 0x14, OCCUPANCY_ENABLE, 4);
	ok &= dev_expect("enable bit", OCCUPANCY_ENABLE,
			 sf_read(sf, wq + 0x14, 4));
	ok &= check(!sf_events(sf, 1, 50), "an interrupt by the old handle");
	sf_write(sf, wq + 0x10, sf->handle, 4);
	ok &= check(sf_events(sf, 1, 5000), "no interrupt by the new handle");
	ok &= dev_expect("enable bit after it", 0, sf_read(sf, wq + 0x14, 4));
	sf_write(sf, wq + 0x14, OCCUPANCY_ENABLE, 4);
	ok &= check(sf_events(sf, 1, 5000), "no interrupt of an empty queue");
	return ok && dev_copies(sf);
}

/* The device gives none once: that is said, and the next request is made anew */
static bool handle_refused(struct sf *sf)
{
	bool ok;

	sf_start(sf);
	ready(sf);
	ok = is_told(sf);
	ok &= dev_command(sf, CMD_REQUEST_HANDLE, 1, ERR_NOT_GIVEN);
	return ok && ask_anew(sf) && dev_copies(sf);
}

/*
 * Revoked, and then lost by a halt and the reset that ends it: a guest that has
 * reset its device is told when it enables that, until it has asked anew
 */
static bool handle_halted(struct sf *sf)
{
	uint64_t end = now_ms() + 20000;
	uint16_t old;
	bool ok;

	sf_start(sf);
	ok = revoked(sf) && dev_copies(sf);
	old = sf->handle;
	ready(sf);
	while ((sf_read(sf, REG_GENSTS, 4) & 3) != STATE_HALT && now_ms() < end)
		usleep(1000);
	ok &= dev_command(sf, CMD_RESET_DEVICE, 0, 0);
	ok &= dev_command(sf, CMD_RELEASE_HANDLE, old, ERR_NO_HANDLE);
	dev_drain_events(sf, 0);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0) && is_told(sf);
	ok &= dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0) && is_told(sf);
	ok &= ask_anew(sf) && dev_command(sf, CMD_DISABLE_DEVICE, 0, 0);
	dev_drain_events(sf, 0);
	ok &= dev_command(sf, CMD_ENABLE_DEVICE, 0, 0);
	ok &= check(!sf_events(sf, 0, 50), "told though it has asked");
	ok &= dev_command(sf, CMD_ENABLE_WQ, 0, 0);
	return ok && dev_copies(sf);
}

const struct step handle_steps[] = {
	{ "handle-revoked", handle_revoked },
	{ "handle-released", handle_released },
	{ "handle-occupancy", handle_occupancy },
	{ "handle-refused", handle_refused },
	{ "handle-halted", handle_halted },
	{ }
};

const struct step irq_steps[] = {
	{ "irq-trigger", irq_trigger },
	{ "irq-waits", irq_waits },
	{ "irq-off", irq_off },
	{ "irq-old-life", irq_old_life },
	{ "irq-change", irq_change },
	{ "irq-refused", irq_refused },
	{ "irq-err", irq_err },
	{ "irq-req", irq_req },
	{ "irq-bypass", irq_bypass },
	{ }
};
