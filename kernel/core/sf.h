/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Subfunctions (layer L3): life, state, and what they lease.
 */
#ifndef IDXD_SF_CORE_H
#define IDXD_SF_CORE_H

#include <linux/completion.h>
#include <linux/workqueue.h>
#include <net/devlink.h>

#include "decode.h"
#include "dev.h"
#include "idxd_sf.h"
#include "sf_fsm.h"

/* Longest sentence of a failed activation; extack has no more room */
#define IDXD_SF_ERROR_SIZE	80
/* Sentence for whoever wants something of a device that failed */
#define IDXD_SF_DEVICE_FAILED	"Device failed: see devlink health"
/* Sentence for what has to wait until none is; %u: how many are */
#define IDXD_SF_ARE_ACTIVE	"Active subfunctions: %u, deactivate them first"

struct idxd_sf_aux;

/**
 * struct idxd_sf_vector - one completion vector of an SF
 * @irq: Linux interrupt number
 * @slot: IMS slot
 * @grant: the handle that descriptors name, and the epoch that it is of
 *	(sf_handle.h), in one word as it is read without lock; 0: none
 */
struct idxd_sf_vector {
	int irq;
	u16 slot;
	u64 grant;
};

/**
 * struct idxd_sf_errors - software errors of an SF since its port was added
 * @nr: that were read; more may have happened (overflow)
 * @nr_overflows: times the device said that it dropped some
 * @kinds: likewise, by kind
 * @last: words of the last one
 * @reported_at: when the last report was made, in jiffies; 0: never
 * @reported: the reporter shows an error
 */
struct idxd_sf_errors {
	u64 nr;
	u64 nr_overflows;
	u64 kinds[IDXD_ERROR_NR];
	u64 last[IDXD_SWERR_NR_WORDS];
	unsigned long reported_at;
	bool reported;
};

/**
 * struct idxd_sf - one subfunction
 * @idxd: its device
 * @node: in idxd->sfs
 * @port: its devlink port
 * @slot: number of the port on the device
 * @sfnum: the user's number
 * @max_io_eqs: completion vectors that an activation leases; devl_lock
 * @priority: of its WQ, 0 for the default; devl_lock
 * @lock: protects @state, @commanded, @opened, @ops, @priv, @wq, @error,
 *	@fault, @errors, @reporter, @companion and @epoch; below devl_lock
 *	and idxd->sfs_lock, above the locks of the driver
 * @state: changed by idxd_sf_fire_locked() only
 * @commanded: a devlink command changes the state; devlink tells its outcome
 * @opened: a user has it open, whatever @state became meanwhile; may be read
 *	without lock
 * @abandon: nobody waits any more for what was submitted; no lock
 * @ops: of the driver that is bound, or NULL
 * @priv: first argument of @ops
 * @error: why the last activation failed, empty if nobody said
 * @fault: why it is in state ERROR
 * @errors: software errors
 * @reporter: told of them; NULL before and after the port is registered
 * @id: N of idxd.sf.N; valid while active
 * @wq: leased WQ, or NULL; may be looked at without @lock while the device
 *	exists
 * @pasid: leased PASID; valid while active
 * @vectors: leased vectors; info.nr_vectors are valid
 * @epoch: of the handles, as its driver was told last
 * @info: what the driver may know; valid while active
 * @aux: the auxiliary device; devl_lock in state ACTIVATING, in DEACTIVATING
 *	of whoever makes the driver let go (sf_down.c)
 * @companion: IOMMU side of the driver's platform device, or NULL
 * @down_work: has the driver let go, on behalf of a devlink command
 * @down_done: it did, and the command waited
 * @down: enum idxd_sf_down, who of the two gives the hardware back
 */
struct idxd_sf {
	struct idxd_dev *idxd;
	struct list_head node;
	struct devlink_port port;
	u16 slot;
	u32 sfnum;
	u8 max_io_eqs;
	u8 priority;
	struct mutex lock;	/* protects what is said above */
	enum idxd_sf_state state;
	bool commanded;
	bool opened;
	bool abandon;
	const struct idxd_sf_ops *ops;
	void *priv;
	char error[IDXD_SF_ERROR_SIZE];
	char fault[IDXD_SF_ERROR_SIZE];
	struct idxd_sf_errors errors;
	struct devlink_health_reporter *reporter;
	u32 id;
	struct idxd_wq *wq;
	u32 pasid;
	struct idxd_sf_vector vectors[IDXD_SF_MAX_VECTORS];
	u64 epoch;
	struct idxd_sf_info info;
	struct idxd_sf_aux *aux;
	struct idxd_iommu_dev *companion;
	struct work_struct down_work;
	struct completion down_done;
	atomic_t down;
};

/**
 * idxd_sf_create() - a new subfunction in state INACTIVE
 * @idxd: the device
 * @sfnum: its number, not in use
 * @slot: number of its port
 *
 * Context: devl_lock held; takes sfs_lock. Pairs with idxd_sf_destroy().
 * Return: the subfunction, or an ERR_PTR.
 */
struct idxd_sf *idxd_sf_create(struct idxd_dev *idxd, u32 sfnum, u16 slot);

/**
 * idxd_sf_destroy() - free a subfunction
 * @sf: in state INACTIVE, its port not registered
 *
 * Context: devl_lock held; takes sfs_lock.
 */
void idxd_sf_destroy(struct idxd_sf *sf);

/**
 * idxd_sf_activate() - lease hardware and have a driver bind
 * @sf: in state INACTIVE
 * @extack: gets the reason of a failure
 *
 * Context: devl_lock held; sleeps, loads a module.
 * Return: 0 or a negative error, with everything as before.
 */
int idxd_sf_activate(struct idxd_sf *sf, struct netlink_ext_ack *extack);

/**
 * idxd_sf_deactivate() - have the driver unbind and give the hardware back
 * @sf: active
 * @extack: gets the reason of a failure
 *
 * A user who holds the node of the driver and did not open the subfunction is
 * waited for by a work item: then it stays in state DEACTIVATING until he lets
 * go, with a warning in @extack.
 *
 * Context: devl_lock held; sleeps for one command timeout, and for
 * the commands of the release; see IDXD_SF_PARAM_COMMAND_TIMEOUT_MS.
 * Return: 0, -EBUSY while open, -EIO when the hardware is lost.
 */
int idxd_sf_deactivate(struct idxd_sf *sf, struct netlink_ext_ack *extack);

/**
 * idxd_sf_retire() - as idxd_sf_deactivate(), from every state
 * @sf: the subfunction
 * @extack: gets the reason of a failure
 *
 * For a port that is deleted: also from INACTIVE and ERROR. Where a user is
 * waited for it fails, as the port has to stay.
 *
 * Context: devl_lock held; sleeps for one command timeout, and for
 * the commands of the release; see IDXD_SF_PARAM_COMMAND_TIMEOUT_MS.
 * Return: 0, or -EBUSY while open or held.
 */
int idxd_sf_retire(struct idxd_sf *sf, struct netlink_ext_ack *extack);

/**
 * idxd_sf_set_priority() - change the priority of its WQ
 * @sf: the subfunction
 * @priority: 1 to IDXD_WQ_PRIORITY_MAX, or 0 for the default
 * @extack: gets the reason of a failure
 *
 * Acts at once on a WQ that is leased, else with the next activation.
 *
 * Context: devl_lock held; takes sf->lock.
 * Return: 0 or -EBUSY while open.
 */
int idxd_sf_set_priority(struct idxd_sf *sf, u8 priority,
			 struct netlink_ext_ack *extack);

/**
 * idxd_sf_remove_begin() - the device goes away: no new user, open or not
 * @sf: the subfunction
 *
 * Context: takes sf->lock.
 */
void idxd_sf_remove_begin(struct idxd_sf *sf);

/**
 * idxd_sf_remove_finish() - wait for users and give the hardware back
 * @sf: after idxd_sf_remove_begin(), and no devlink command is under way
 *
 * Context: no lock held; sleeps until the last user is gone.
 */
void idxd_sf_remove_finish(struct idxd_sf *sf);

/**
 * idxd_sf_read_state() - state as of now
 * @sf: the subfunction
 *
 * Context: any; does not wait for what a driver does under sf->lock.
 * Return: the state.
 */
static inline enum idxd_sf_state idxd_sf_read_state(const struct idxd_sf *sf)
{
	return READ_ONCE(sf->state);
}

/**
 * idxd_sf_nr_active() - subfunctions that are not inactive
 * @idxd: the device
 *
 * Context: devl_lock held, under which subfunctions are activated and
 * deactivated.
 * Return: how many.
 */
u16 idxd_sf_nr_active(struct idxd_dev *idxd);

/**
 * idxd_sf_fire_locked() - the only place that changes a state
 * @sf: the subfunction
 * @event: what happened
 *
 * Announces the port when what devlink shows of it changed, unless a devlink
 * command is under way, which announces its own outcome.
 *
 * Context: sf->lock held.
 * Return: 0, or -EBUSY when the event is impossible in this state.
 */
int idxd_sf_fire_locked(struct idxd_sf *sf, enum idxd_sf_event event);

/**
 * idxd_sf_set_fault_locked() - say why the SF is in state ERROR
 * @sf: the subfunction
 * @fmt: printf format of a sentence, as of idxd_sf_set_error()
 *
 * Context: sf->lock held.
 */
__printf(2, 3)
void idxd_sf_set_fault_locked(struct idxd_sf *sf, const char *fmt, ...);

/**
 * idxd_sf_fail_all() - the device failed: every SF with hardware loses it
 * @idxd: the device
 * @gensts: GENSTS as read
 *
 * Context: takes sfs_lock and each sf->lock.
 */
void idxd_sf_fail_all(struct idxd_dev *idxd, u32 gensts);

/**
 * idxd_sf_recover_all() - the device works again: return SFs to service
 * @idxd: the device, restarted
 *
 * Each gets its work queue and handles anew and returns to the state it had;
 * one that cannot stays in state ERROR, with the reason in sf->fault.
 *
 * Context: devl_lock held; takes sfs_lock and each sf->lock; sleeps.
 * Return: number of SFs that are in service.
 */
unsigned int idxd_sf_recover_all(struct idxd_dev *idxd);

/**
 * idxd_sf_give_up_all() - the device does not come back for now
 * @idxd: the device
 *
 * Whoever waits for that, waits no longer.
 *
 * Context: takes sfs_lock and each sf->lock.
 */
void idxd_sf_give_up_all(struct idxd_dev *idxd);

/**
 * idxd_sf_error() - a software error was read
 * @priv: the device
 * @item: the error
 *
 * Waits for no subfunction.
 *
 * Context: takes sfs_lock and tries sf->lock.
 * Return: IDXD_ERRQ_BUSY if its SF is busy.
 */
enum idxd_errq_fate idxd_sf_error(void *priv,
				  const struct idxd_errq_item *item);

/**
 * idxd_sf_error_locked() - a software error of an SF
 * @sf: the subfunction, with a WQ
 * @error: the error
 *
 * Context: sf->lock held.
 */
void idxd_sf_error_locked(struct idxd_sf *sf, const struct idxd_error *error);

/**
 * idxd_sf_reset_wq_locked() - a new life for its WQ
 * @sf: the subfunction, with a WQ
 *
 * The WQ is disabled, empty and configured; errors of before are told to
 * nobody.
 *
 * Context: sf->lock held; sleeps; takes cmdq->lock and errq->lock.
 * Return: 0 or the error of idxd_wq_reset().
 */
int idxd_sf_reset_wq_locked(struct idxd_sf *sf);

/**
 * idxd_sf_error_forget_locked() - the queue is new: its reporter is healthy
 * @sf: the subfunction
 *
 * The counters stay.
 *
 * Context: sf->lock held.
 */
void idxd_sf_error_forget_locked(struct idxd_sf *sf);

/**
 * idxd_sf_in_service() - may a command of its user be given?
 * @priv: the subfunction
 *
 * Asked right before it: a device that failed is recovery's alone until this SF
 * is told of its end, whoever waited for the register.
 *
 * Context: any.
 * Return: it may.
 */
bool idxd_sf_in_service(void *priv);

/**
 * idxd_sf_lease() - lease id, WQ, PASID and vectors
 * @sf: in state ACTIVATING
 *
 * The WQ is what idxd->sf_request asks for. Sets sf->error on failure. Pairs
 * with idxd_sf_release().
 *
 * Context: devl_lock held; sleeps; takes sf->lock.
 * Return: 0 or a negative error, with nothing leased.
 */
int idxd_sf_lease(struct idxd_sf *sf);

/**
 * idxd_sf_release() - give back what idxd_sf_lease() leased
 * @sf: in state ACTIVATING or DEACTIVATING, without auxiliary device
 *
 * Context: sleeps; takes sf->lock.
 */
void idxd_sf_release(struct idxd_sf *sf);

/**
 * idxd_sf_release_stuck() - give back what queues that did not stop kept
 * @idxd: the device; it was reset or does no DMA any more
 *
 * Context: the device's removal; takes res->lock.
 */
void idxd_sf_release_stuck(struct idxd_dev *idxd);

/**
 * idxd_sf_down_init() - prepare for the way down
 * @sf: a new subfunction
 */
void idxd_sf_down_init(struct idxd_sf *sf);

/**
 * idxd_sf_down_try() - have the driver let go and give the hardware back
 * @sf: in state DEACTIVATING, active before
 *
 * Context: devl_lock held, no other; sleeps for one command timeout, and for
 * the commands of the release; see IDXD_SF_PARAM_COMMAND_TIMEOUT_MS.
 * Return: true: it is INACTIVE. false: a user holds it; a work item does it
 * once he lets go.
 */
bool idxd_sf_down_try(struct idxd_sf *sf);

/**
 * idxd_sf_down() - as idxd_sf_down_try(), however long it takes
 * @sf: in state DEACTIVATING or INACTIVE; nothing changes it from now on
 *
 * Context: no lock held; sleeps until the last user is gone.
 */
void idxd_sf_down(struct idxd_sf *sf);

/**
 * idxd_sf_aux_add() - create the auxiliary device and have a driver bind
 * @sf: in state ACTIVE
 *
 * Also creates the nested devlink instance. Sets sf->error on failure. Pairs
 * with idxd_sf_aux_del().
 *
 * Context: devl_lock held, no other; sleeps, loads a module.
 * Return: 0 or a negative error, with nothing left.
 */
int idxd_sf_aux_add(struct idxd_sf *sf);

/**
 * idxd_sf_aux_del() - remove the auxiliary device
 * @sf: in state DEACTIVATING
 *
 * Context: neither sf->lock nor sfs_lock held; sleeps until the driver let
 * go, which waits for its user if there is one.
 */
void idxd_sf_aux_del(struct idxd_sf *sf);

/**
 * idxd_sf_nested_create() - the devlink instance nested in the port
 * @sf: in state ACTIVE
 * @dev: its auxiliary device
 *
 * Shows, read-only, what the SF got. Not visible before
 * devlink_register(). Pairs with idxd_sf_nested_destroy().
 *
 * Context: devl_lock held.
 * Return: the instance, or an ERR_PTR.
 */
struct devlink *idxd_sf_nested_create(struct idxd_sf *sf, struct device *dev);

/**
 * idxd_sf_nested_destroy() - free the nested instance
 * @nested: the instance, not registered
 */
void idxd_sf_nested_destroy(struct devlink *nested);

/**
 * idxd_sf_aux_flush() - wait until no auxiliary device of ours is referenced
 *
 * A nested devlink instance keeps its device beyond our last reference. For
 * module exit: the release function is in this module.
 */
void idxd_sf_aux_flush(void);

#endif /* IDXD_SF_CORE_H */
