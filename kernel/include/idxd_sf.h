/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract between idxd.ko (core), which owns the hardware, and the
 * driver of its subfunctions (idxd_vfio.ko).
 *
 * A subfunction (SF) that devlink activates becomes an auxiliary device
 * "idxd.sf.N". Its driver binds with idxd_sf_bind(), learns what it leased
 * with idxd_sf_info(), and drives the work queue, interrupts and DMA through
 * the functions here; none of them lets it reach another SF.
 *
 * Locks, outermost first: devl_lock > sf->lock > the driver's locks >
 * core's res and cmd locks. A function that takes sf->lock says so: the
 * caller holds none of its own locks then. Upcalls in idxd_sf_ops run with
 * sf->lock held.
 */
#ifndef IDXD_SF_H
#define IDXD_SF_H

#include <linux/auxiliary_bus.h>
#include <linux/idxd_sf.h>
#include <linux/types.h>

#include "idxd_error.h"
#include "idxd_regs.h"

struct idxd_sf;

/* Auxiliary device name below the module's: idxd.sf.N */
#define IDXD_SF_ADEV_NAME	"sf"
#define IDXD_SF_ADEV_MATCH	IDXD_SF_AUX_DEVICE
/* Name of the companion platform device, idxd-sf.N */
#define IDXD_SF_COMPANION_NAME	IDXD_SF_VFIO_DEVICE
/* Completion vectors one SF can have (devlink max_io_eqs) */
#define IDXD_SF_MAX_VECTORS	IDXD_SF_MAX_IO_EQS_MAX

/**
 * struct idxd_sf_dev - the auxiliary device of an active SF
 * @adev: "idxd.sf.N"; its parent is the PCI function
 * @sf: the SF, valid while the device exists
 */
struct idxd_sf_dev {
	struct auxiliary_device adev;
	struct idxd_sf *sf;
};

/**
 * idxd_sf_from_adev() - the SF behind an auxiliary device
 * @adev: the device given to the auxiliary driver's probe
 *
 * Return: the SF.
 */
static inline struct idxd_sf *idxd_sf_from_adev(struct auxiliary_device *adev)
{
	return container_of(adev, struct idxd_sf_dev, adev)->sf;
}

/**
 * struct idxd_sf_info - what an active SF leased; constant while active, but
 *	for the priority, which is constant while open
 * @sfnum: the user's number, unique on the PCI function
 * @id: N of idxd.sf.N, unique over all devices
 * @pci_device: PCI device id the virtual function shows
 * @pci_revision: PCI revision of the parent
 * @version: VERSION register of the parent
 * @gencap: GENCAP of the parent
 * @wqcap: WQCAP of the parent
 * @grpcap: GRPCAP of the parent
 * @opcap: operations the SF's WQ accepts
 * @wq_index: index of the leased WQ on the parent
 * @wq_size: its entries
 * @wq_threshold: entries its limited portal accepts, as the core writes it
 * @wq_priority: its priority in the group, 1 to 15
 * @wq_max_xfer_shift: largest transfer is 1 << this, in bytes; less than
 *	GENCAP's where a full batch of those would last too long
 * @wq_max_batch_shift: largest batch is 1 << this, in descriptors
 * @nr_vectors: completion vectors, each an IMS slot
 * @portal: physical address of the unlimited IMS portal page [0] and of the
 *	limited one [1]
 * @numa_node: node of the parent or NUMA_NO_NODE
 */
struct idxd_sf_info {
	u32 sfnum;
	u32 id;
	u16 pci_device;
	u8 pci_revision;
	u32 version;
	u64 gencap;
	u64 wqcap;
	u64 grpcap;
	u64 opcap[IDXD_OPCAP_NR_WORDS];
	u16 wq_index;
	u16 wq_size;
	u16 wq_threshold;
	u8 wq_priority;
	u8 wq_max_xfer_shift;
	u8 wq_max_batch_shift;
	u16 nr_vectors;
	phys_addr_t portal[2];
	int numa_node;
};

/**
 * struct idxd_sf_stats - what the driver of an SF counts, since it was bound
 * @commands: virtual commands started
 * @resets: resets of the function, by its user or its guest
 * @accesses: accesses to BARs that trapped
 * @portal_drops: writes to portals that were no descriptors
 * @portal_zaps: times the portals were taken from their users
 * @nr_irqs: MSI-X vectors
 * @irqs: times each was signalled
 */
struct idxd_sf_stats {
	u64 commands;
	u64 resets;
	u64 accesses;
	u64 portal_drops;
	u64 portal_zaps;
	unsigned int nr_irqs;
	u64 irqs[1 + IDXD_SF_MAX_VECTORS];
};

/**
 * struct idxd_sf_ops - what the core tells the driver of an SF
 * @halt: the device halted, or is gone. @gensts is GENSTS as read, all ones
 *	for a device that is gone. The driver shows its guest a halted device
 *	and unmaps the portals.
 * @error: a software error of the SF's WQ, of its life since the last
 *	RESET_WQ or since it was opened; some 100 a second at most
 * @resume: after @halt. @err is 0 when the device works again: the WQ is
 *	disabled, its configuration is as it was at activation. A negative @err
 *	says that it does not come back for now; a later call may say otherwise.
 * @revoked: the device has forgotten the SF's interrupt handles while it is open,
 *	as it revoked them or, between @halt and @resume, was reset. Comes
 *	before any of them is requested anew; see idxd_sf_irq_renew()
 * @stats: fill in what is counted
 * @remove: the device is being removed; the user is asked to close. The
 *	driver's own removal, which waits for that, comes SF by SF.
 *
 * All run in process context under sf->lock and must not block on a user.
 */
struct idxd_sf_ops {
	void (*halt)(void *priv, u32 gensts);
	void (*error)(void *priv, const struct idxd_error *error);
	void (*resume)(void *priv, int err);
	void (*revoked)(void *priv);
	void (*stats)(void *priv, struct idxd_sf_stats *stats);
	void (*remove)(void *priv);
};

/**
 * idxd_sf_bind() - a driver takes an SF (state ACTIVE to ATTACHED)
 * @sf: the SF
 * @ops: upcalls, valid until idxd_sf_unbind()
 * @priv: first argument of the upcalls
 *
 * From now on upcalls arrive, so whatever they need is ready. Takes sf->lock.
 * Pairs with idxd_sf_unbind().
 *
 * Return: 0, or -EBUSY if the SF is not in state ACTIVE.
 */
int idxd_sf_bind(struct idxd_sf *sf, const struct idxd_sf_ops *ops, void *priv);

/**
 * idxd_sf_unbind() - the driver lets the SF go (ATTACHED to ACTIVE)
 * @sf: the SF, not open
 *
 * No upcall runs after it returns. Takes sf->lock. Tolerates an SF that was
 * never bound. Pairs with idxd_sf_bind().
 */
void idxd_sf_unbind(struct idxd_sf *sf);

/**
 * idxd_sf_open() - a user opens the device (ATTACHED to OPEN)
 * @sf: the SF
 *
 * While an SF is open devlink refuses to deactivate or delete it. Brings the
 * WQ to its state after activation: disabled, configured, empty. Sleeps;
 * takes sf->lock. Pairs with idxd_sf_close().
 *
 * Return: 0; -EBUSY while being deactivated; -EIO if the device is halted or
 * lost; -ETIMEDOUT.
 */
int idxd_sf_open(struct idxd_sf *sf);

/**
 * idxd_sf_close() - the user is gone (OPEN to ATTACHED)
 * @sf: the SF
 *
 * Aborts and resets the WQ, so nothing of the user's work lands afterwards,
 * and writes its configuration anew. Never fails: hardware that does not
 * answer puts the SF in state ERROR. Sleeps; takes sf->lock. Pairs with
 * idxd_sf_open().
 */
void idxd_sf_close(struct idxd_sf *sf);

/**
 * idxd_sf_info() - what the SF leased
 * @sf: the SF
 *
 * Return: constant data, valid while the auxiliary device exists.
 */
const struct idxd_sf_info *idxd_sf_info(const struct idxd_sf *sf);

/**
 * idxd_sf_wq_command() - run one command on the SF's own WQ
 * @sf: the SF, open
 * @code: ENABLE_WQ, DISABLE_WQ, DRAIN_WQ, ABORT_WQ or RESET_WQ
 * @cmderr: the hardware's error code, IDXD_CMDERR_NONE when it succeeded
 *
 * RESET_WQ also writes the configuration anew, so ENABLE_WQ works after it; it
 * takes sf->lock.
 * DISABLE_WQ and DRAIN_WQ wait for the guest's own descriptors, however many
 * those are, until idxd_sf_wq_abandon(). Sleeps; no lock but core's own is
 * taken, and no spinlock may be held. Never called from a guest's write path.
 *
 * Return: 0 when the hardware answered (see @cmderr), -EINVAL for another
 * command, -ETIMEDOUT, -EIO when the device is halted, -ENODEV when gone,
 * -ECANCELED when abandoned.
 */
int idxd_sf_wq_command(struct idxd_sf *sf, enum idxd_cmd code, u8 *cmderr);

/**
 * idxd_sf_wq_abandon() - do not wait for the guest's descriptors any more
 * @sf: the SF, open
 *
 * Ends a DISABLE_WQ or DRAIN_WQ that waits, and those to come, until the next
 * RESET_WQ begins or the SF is opened again. The caller has RESET_WQ run
 * after it, or closes. Any context.
 */
void idxd_sf_wq_abandon(struct idxd_sf *sf);

/**
 * idxd_sf_errors_sync() - wait until errors of before now have been told
 * @sf: the SF, open
 *
 * DISABLE_WQ and DRAIN_WQ do so by themselves. Sleeps; neither sf->lock nor a
 * lock that @error of struct idxd_sf_ops takes is held.
 */
void idxd_sf_errors_sync(struct idxd_sf *sf);

/**
 * idxd_sf_errors_forget() - errors of before now are told to nobody
 * @sf: the SF, open
 *
 * Takes sf->lock.
 */
void idxd_sf_errors_forget(struct idxd_sf *sf);

/**
 * idxd_sf_wqcfg_read() - one dword of the SF's WQCFG, as the hardware has it
 * @sf: the SF
 * @dword: 0 to IDXD_WQCFG_NR_DWORDS - 1
 *
 * For state and occupancy. The PASID field is cleared. Any context.
 *
 * Return: the dword, 0 for a dword out of range.
 */
u32 idxd_sf_wqcfg_read(struct idxd_sf *sf, unsigned int dword);

/**
 * idxd_sf_wq_arm() - set the occupancy interrupt of the SF's WQ
 * @sf: the SF, open, on a parent whose WQCAP has the interrupt
 * @vector: completion vector it comes to, 0 to nr_vectors - 1
 * @limit: WQCFG dword 5: limit and enable bit
 *
 * It is sent once, when the occupancy is or falls to the limit, and the
 * enable bit is cleared then. RESET_WQ disables it. Any context.
 */
void idxd_sf_wq_arm(struct idxd_sf *sf, unsigned int vector, u32 limit);

/**
 * idxd_sf_irq() - Linux interrupt number of a completion vector
 * @sf: the SF
 * @vector: 0 to nr_vectors - 1
 *
 * Allocated at activation with the SF's PASID in its IMS slot; the slot is
 * masked until request_irq() and from free_irq() on.
 *
 * Return: the number, or -EINVAL for a vector out of range.
 */
int idxd_sf_irq(const struct idxd_sf *sf, unsigned int vector);

/**
 * idxd_sf_irq_handle() - interrupt handle of a completion vector
 * @sf: the SF
 * @vector: 0 to nr_vectors - 1
 *
 * What a descriptor in an IMS portal names: the IMS slot, or what a device that
 * has handles of its own returned. That may change while the SF is open, see
 * @revoked of struct idxd_sf_ops. Any context.
 *
 * Return: the handle, -EINVAL for a vector out of range, or -ENXIO if the device
 * has revoked it; see idxd_sf_irq_renew().
 */
int idxd_sf_irq_handle(const struct idxd_sf *sf, unsigned int vector);

/**
 * idxd_sf_irq_renew() - see that a completion vector has an interrupt handle
 * @sf: the SF, open
 * @vector: 0 to nr_vectors - 1
 *
 * Requests another for one that the device revoked, after @revoked of struct
 * idxd_sf_ops has told of that. It may be revoked too by the time that
 * idxd_sf_irq_handle() is called. One caller at a time. Sleeps; takes sf->lock.
 *
 * Return: 0, -EINVAL for a vector out of range, -ENXIO if the device gives none,
 * or another error if it halted or does not answer.
 */
int idxd_sf_irq_renew(struct idxd_sf *sf, unsigned int vector);

/**
 * idxd_sf_companion_prepare() - give a device the SF's IOMMU and MSI domain
 * @sf: the SF
 * @dev: a platform device, initialised, not yet added
 *
 * After it platform_device_add() makes an iommu_group whose domains are
 * attached to (PCI function, PASID of @sf); the caller checks
 * dev->iommu_group, as the add ignores a failed IOMMU probe. Pairs with
 * idxd_sf_companion_release(), also when the add fails.
 *
 * Return: 0, -EBUSY if the SF has a companion, or a negative error.
 */
int idxd_sf_companion_prepare(struct idxd_sf *sf, struct device *dev);

/**
 * idxd_sf_companion_release() - forget the companion
 * @sf: the SF
 *
 * After the device was deleted or failed to be added, before its last
 * reference is put.
 */
void idxd_sf_companion_release(struct idxd_sf *sf);

/**
 * idxd_sf_dma_write() - write to the user's memory as the SF's DMA would
 * @sf: the SF
 * @iova: address in the user's address space, as the device gives it
 * @data: what to write
 * @size: bytes; they must not cross a page
 *
 * Only in an upcall: sf->lock is held. Waits for nobody; the memory is the
 * one mapped at this moment, and it must be writable for the device.
 *
 * Return: 0; -EFAULT where the device could not write; -EAGAIN while the user
 * changes mappings; -EINVAL.
 */
int idxd_sf_dma_write(struct idxd_sf *sf, u64 iova, const void *data,
		      size_t size);

/**
 * idxd_sf_set_error() - the sentence that a failed activation returns
 * @sf: the SF
 * @fmt: printf format; capital letter, no period, under 60 characters, says
 *	what to change
 *
 * For a probe that fails: the text reaches the user of devlink as extack.
 * The first text of an activation stays.
 */
__printf(2, 3)
void idxd_sf_set_error(struct idxd_sf *sf, const char *fmt, ...);

#endif /* IDXD_SF_H */
