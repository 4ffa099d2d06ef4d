/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts of a virtual DSA: vectors to eventfds (layer V1).
 *
 * A line is one eventfd a user can set with SET_IRQS. The line of MSI-X
 * vector 0 and those of the ERR and REQ indexes are signalled by software;
 * the line of MSI-X vector n > 0 belongs to completion vector n - 1 of the
 * subfunction, an interrupt of the IMS domain, requested as long as the
 * device is open. A vector without an eventfd is a masked one: its interrupt
 * waits, shown by the pending bits, until there is one. The mask bits of the
 * MSI-X table are not looked at: a VMM emulates them, as with vfio-pci.
 */
#ifndef IDXD_VINTR_H
#define IDXD_VINTR_H

#include <linux/irqbypass.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "idxd_sf.h"

struct eventfd_ctx;
struct vfio_irq_set;

#define IDXD_VINTR_MAX_MSIX	(1 + IDXD_SF_MAX_VECTORS)
#define IDXD_VINTR_ERR		IDXD_VINTR_MAX_MSIX
#define IDXD_VINTR_REQ		(IDXD_VINTR_ERR + 1)
#define IDXD_VINTR_NR_LINES	(IDXD_VINTR_REQ + 1)

/**
 * struct idxd_vintr_line - one eventfd and what triggers it
 * @lock: protects @trigger to @quiet; taken in hard interrupt context
 * @trigger: the user's eventfd or NULL
 * @latch: without an eventfd an interrupt waits; else it is lost
 * @pending: an interrupt waits
 * @quiet: the WQ was reset and not enabled since: interrupts of it are dropped
 * @irq: Linux interrupt number, 0 for a line signalled by software
 * @producer: tells KVM, which may deliver the interrupt without us
 * @bypassed: @producer is registered; protected by the vintr's set_lock
 * @count: times the eventfd was signalled
 * @name: as /proc/interrupts shows it
 */
struct idxd_vintr_line {
	spinlock_t lock; /* protects @trigger to @quiet */
	struct eventfd_ctx *trigger;
	bool latch;
	bool pending;
	bool quiet;
	int irq;
	struct irq_bypass_producer producer;
	bool bypassed;
	atomic64_t count;
	char name[40];
};

/**
 * struct idxd_vintr - the interrupts of one virtual device
 * @set_lock: makes SET_IRQS and idxd_vintr_close() exclusive. Held over
 *	free_irq(), whose handler takes no mutex, and over the irqbypass
 *	manager's mutex, under which KVM takes locks of its own and none of
 *	ours. Below the locks of VFIO under which a device is closed.
 * @nr_msix: MSI-X vectors
 * @enabled: MSI-X is on; protected by @set_lock
 * @lines: MSI-X vectors, then ERR and REQ
 */
struct idxd_vintr {
	struct mutex set_lock; /* one SET_IRQS at a time */
	unsigned int nr_msix;
	bool enabled;
	struct idxd_vintr_line lines[IDXD_VINTR_NR_LINES];
};

/**
 * idxd_vintr_init() - find the interrupts of the SF
 * @vi: the interrupts
 * @sf: the SF
 *
 * Return: 0 or a negative error of idxd_sf_irq(). Pairs with
 * idxd_vintr_exit().
 */
int idxd_vintr_init(struct idxd_vintr *vi, struct idxd_sf *sf);

/**
 * idxd_vintr_exit() - the device goes
 * @vi: the interrupts, none enabled
 */
void idxd_vintr_exit(struct idxd_vintr *vi);

/**
 * idxd_vintr_count() - number of interrupts of a VFIO interrupt index
 * @vi: the interrupts
 * @index: VFIO_PCI_*_IRQ_INDEX
 *
 * Return: the number, 0 for an index the device lacks (INTx, MSI).
 */
unsigned int idxd_vintr_count(const struct idxd_vintr *vi, unsigned int index);

/**
 * idxd_vintr_set() - SET_IRQS
 * @vi: the interrupts
 * @hdr: validated by vfio_set_irqs_validate_and_prepare()
 * @data: kernel copy of the data, NULL for DATA_NONE
 *
 * Sleeps; takes @vi->set_lock. When setting one of several eventfds fails,
 * the ones set before it are taken back.
 *
 * Return: 0, -ENOTTY for mask and unmask, -EINVAL or -EBADF.
 */
int idxd_vintr_set(struct idxd_vintr *vi, const struct vfio_irq_set *hdr,
		   const void *data);

/**
 * idxd_vintr_signal() - signal a line from software
 * @vi: the interrupts
 * @line: MSI-X vector, IDXD_VINTR_ERR or IDXD_VINTR_REQ; that of a completion
 *	only where software writes its record in the stead of the hardware
 *
 * Any context. Does nothing when the user set no eventfd.
 */
void idxd_vintr_signal(struct idxd_vintr *vi, unsigned int line);

/**
 * idxd_vintr_pending() - the pending bits of the MSI-X vectors
 * @vi: the interrupts
 *
 * Return: bit n: an interrupt of vector n waits for an eventfd.
 */
u32 idxd_vintr_pending(struct idxd_vintr *vi);

/**
 * idxd_vintr_forget() - interrupts that wait are of an old life
 * @vi: the interrupts
 * @first: first MSI-X vector that was reset
 * @last: the last
 */
void idxd_vintr_forget(struct idxd_vintr *vi, unsigned int first,
		       unsigned int last);

/**
 * idxd_vintr_quiesce() - the WQ is reset
 * @vi: the interrupts
 *
 * What the WQ sent before may reach a CPU after the reset was answered. When
 * this returns, none of its interrupts is signalled any more, until
 * idxd_vintr_resume(). Those of software are.
 */
void idxd_vintr_quiesce(struct idxd_vintr *vi);

/**
 * idxd_vintr_resume() - the WQ is about to be enabled
 * @vi: the interrupts
 */
void idxd_vintr_resume(struct idxd_vintr *vi);

/**
 * idxd_vintr_open() - request the interrupts of the SF
 * @vi: the interrupts
 *
 * From now on a descriptor may ask for them. Sleeps. Pairs with
 * idxd_vintr_close().
 *
 * Return: 0 or an error of request_irq().
 */
int idxd_vintr_open(struct idxd_vintr *vi);

/**
 * idxd_vintr_close() - take all eventfds away, free the interrupts
 * @vi: the interrupts; the WQ is reset, so that none comes after it
 *
 * Sleeps; takes @vi->set_lock.
 */
void idxd_vintr_close(struct idxd_vintr *vi);

#endif /* IDXD_VINTR_H */
