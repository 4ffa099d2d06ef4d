// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): life and state.
 *
 * Owns struct idxd_sf and the order of activation and deactivation; what is
 * leased is in sf_lease.c and sf_handle.c, the auxiliary device in sf_aux.c, the way down in
 * sf_down.c, what its driver calls in sf_driver.c, what happens to the device in
 * sf_event.c. Holds no lock over any step that runs a driver.
 */
#include "sf.h"

#include <linux/idxd_sf.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "trace.h"

#define IDXD_SF_HARDWARE_LOST	"Hardware is lost: recover it or delete the port"
#define IDXD_SF_QUEUE_LOST	"Work queue is lost: delete the port, then reload"
#define IDXD_SF_HELD		"Still being released: stop whoever has its node open"

struct idxd_sf *idxd_sf_create(struct idxd_dev *idxd, u32 sfnum, u16 slot)
{
	struct idxd_sf *sf = kzalloc(sizeof(*sf), GFP_KERNEL);

	devl_assert_locked(idxd->devlink);
	if (!sf)
		return ERR_PTR(-ENOMEM);
	sf->idxd = idxd;
	sf->sfnum = sfnum;
	sf->slot = slot;
	sf->max_io_eqs = IDXD_SF_MAX_IO_EQS_DEFAULT;
	sf->priority = IDXD_SF_TX_PRIORITY_UNSET;
	mutex_init(&sf->lock);
	idxd_sf_down_init(sf);
	idxd->nr_sfs++;
	scoped_guard(mutex, &idxd->sfs_lock)
		list_add_tail(&sf->node, &idxd->sfs);
	return sf;
}

void idxd_sf_destroy(struct idxd_sf *sf)
{
	struct idxd_dev *idxd = sf->idxd;

	devl_assert_locked(idxd->devlink);
	scoped_guard(mutex, &idxd->sfs_lock)
		list_del(&sf->node);
	idxd->nr_sfs--;
	mutex_destroy(&sf->lock);
	kfree(sf);
}

/*
 * devlink tells of a port by itself only when a command changed it. It also
 * does when its type is set, even to what it was; a port of ours has none, and
 * is not to be complained of for that an hour later.
 */
static void idxd_sf_announce(struct idxd_sf *sf)
{
	devlink_port_type_clear(&sf->port);
	cancel_delayed_work_sync(&sf->port.type_warn_dw);
}

static bool idxd_sf_shown_differ(enum idxd_sf_state a, enum idxd_sf_state b)
{
	struct idxd_sf_shown x = idxd_sf_fsm_shown(a);
	struct idxd_sf_shown y = idxd_sf_fsm_shown(b);

	return x.active != y.active || x.attached != y.attached;
}

int idxd_sf_fire_locked(struct idxd_sf *sf, enum idxd_sf_event event)
{
	enum idxd_sf_state from = sf->state;
	enum idxd_sf_state to;
	int err;

	lockdep_assert_held(&sf->lock);
	err = idxd_sf_fsm_next(from, event, &to);
	if (err)
		return err;
	WRITE_ONCE(sf->state, to);
	if (from != to)
		trace_idxd_sf_changed(sf->idxd->hw.dev, sf->sfnum,
				      idxd_sf_event_name(event),
				      idxd_sf_state_name(from),
				      idxd_sf_state_name(to));
	if (!sf->commanded && idxd_sf_shown_differ(from, to))
		idxd_sf_announce(sf);
	return 0;
}

u16 idxd_sf_nr_active(struct idxd_dev *idxd)
{
	struct idxd_sf *sf;
	u16 nr = 0;

	devl_assert_locked(idxd->devlink);
	list_for_each_entry(sf, &idxd->sfs, node)
		nr += idxd_sf_read_state(sf) != IDXD_SF_INACTIVE;
	return nr;
}

static int idxd_sf_fire(struct idxd_sf *sf, enum idxd_sf_event event)
{
	guard(mutex)(&sf->lock);
	return idxd_sf_fire_locked(sf, event);
}

/* What of the machine, the device or its settings forbids any activation */
static int idxd_sf_check_device(struct idxd_dev *idxd,
				struct netlink_ext_ack *extack)
{
	const char *why;
	int err;

	if (idxd->pdev->device == IDXD_PCI_DEVICE_SPR &&
	    !idxd->unsafe_allowed) {
		NL_SET_ERR_MSG(extack,
			       "INTEL-SA-01084: set allow_unsafe_silicon to accept it");
		return -EPERM;
	}
	if (READ_ONCE(idxd->cmdq.dead)) {
		NL_SET_ERR_MSG(extack, IDXD_SF_DEVICE_FAILED);
		return -EIO;
	}
	if (!idxd->ims.domain) {
		NL_SET_ERR_MSG(extack,
			       "Device has no interrupt message storage");
		return -EOPNOTSUPP;
	}
	err = idxd_iommu_check(&idxd->iommu, &why);
	if (err)
		NL_SET_ERR_MSG_FMT(extack, "%s", why);
	return err;
}

/* Pairs with idxd_sf_down() and idxd_sf_down_try() */
static int idxd_sf_bring_up(struct idxd_sf *sf)
{
	int err;

	err = idxd_sf_lease(sf);
	if (err)
		goto err_state;
	idxd_sf_fire(sf, IDXD_SF_EV_LEASED);
	/* A failure before that event told nobody about this SF */
	err = READ_ONCE(sf->idxd->cmdq.dead) ? -EIO : 0;
	if (err) {
		idxd_sf_set_error(sf, IDXD_SF_DEVICE_FAILED);
		goto err_lease;
	}
	err = idxd_sf_aux_add(sf);
	if (err)
		goto err_lease;
	return 0;

err_lease:
	idxd_sf_fire(sf, IDXD_SF_EV_REMOVE);
	idxd_sf_release(sf);
err_state:
	idxd_sf_fire(sf, IDXD_SF_EV_RELEASED);
	return err;
}

/* The sentence of a state that a command has to wait for */
static int idxd_sf_refuse(struct idxd_sf *sf, struct netlink_ext_ack *extack)
{
	if (idxd_sf_read_state(sf) == IDXD_SF_DEACTIVATING) {
		NL_SET_ERR_MSG(extack, IDXD_SF_HELD);
		return -EBUSY;
	}
	/* There is nothing to recover where the device as a whole works */
	if (idxd_event_failure(&sf->idxd->event))
		NL_SET_ERR_MSG(extack, IDXD_SF_HARDWARE_LOST);
	else
		NL_SET_ERR_MSG(extack, IDXD_SF_QUEUE_LOST);
	return -EIO;
}

/* From here on what changes is announced again */
static void idxd_sf_command_end(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	sf->commanded = false;
}

int idxd_sf_activate(struct idxd_sf *sf, struct netlink_ext_ack *extack)
{
	int err;

	err = idxd_sf_check_device(sf->idxd, extack);
	if (err)
		return err;

	scoped_guard(mutex, &sf->lock) {
		sf->error[0] = '\0';
		err = idxd_sf_fire_locked(sf, IDXD_SF_EV_ACTIVATE);
		sf->commanded = !err;
	}
	if (err)
		return idxd_sf_refuse(sf, extack);

	/* As long as it is active the module stays, with a driver or without */
	__module_get(THIS_MODULE);
	err = idxd_sf_bring_up(sf);
	idxd_sf_command_end(sf);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "%s", sf->error[0] ? sf->error :
				   "Activation failed: see the kernel log");
		module_put(THIS_MODULE);
	}
	return err;
}

/*
 * Once before sf->lock is taken, as closing holds it over commands of the device,
 * and once with it
 */
static int idxd_sf_check_closed(struct idxd_sf *sf,
				struct netlink_ext_ack *extack)
{
	if (!READ_ONCE(sf->opened))
		return 0;
	NL_SET_ERR_MSG(extack, "Subfunction is open: stop its user first");
	return -EBUSY;
}

int idxd_sf_deactivate(struct idxd_sf *sf, struct netlink_ext_ack *extack)
{
	int err = idxd_sf_check_closed(sf, extack);

	if (err)
		return err;
	scoped_guard(mutex, &sf->lock) {
		err = idxd_sf_check_closed(sf, extack);
		if (err)
			return err;
		sf->commanded = true;
		if (idxd_sf_fire_locked(sf, IDXD_SF_EV_DEACTIVATE)) {
			sf->commanded = false;
			return idxd_sf_refuse(sf, extack);
		}
	}
	/* A warning: the state was set, and the opstate follows */
	if (!idxd_sf_down_try(sf))
		NL_SET_ERR_MSG(extack, IDXD_SF_HELD);
	idxd_sf_command_end(sf);
	return 0;
}

int idxd_sf_retire(struct idxd_sf *sf, struct netlink_ext_ack *extack)
{
	int err = idxd_sf_check_closed(sf, extack);

	if (err)
		return err;
	scoped_guard(mutex, &sf->lock) {
		err = idxd_sf_check_closed(sf, extack);
		if (err)
			return err;
		if (sf->state == IDXD_SF_DEACTIVATING)
			return idxd_sf_refuse(sf, extack);
		sf->commanded = true;
		idxd_sf_fire_locked(sf, IDXD_SF_EV_REMOVE);
	}
	if (idxd_sf_read_state(sf) == IDXD_SF_DEACTIVATING &&
	    !idxd_sf_down_try(sf)) {
		err = idxd_sf_refuse(sf, extack);
		/* Unlike a state that was set, devlink does not tell of this one */
		scoped_guard(mutex, &sf->lock)
			idxd_sf_announce(sf);
	}
	idxd_sf_command_end(sf);
	return err;
}

int idxd_sf_set_priority(struct idxd_sf *sf, u8 priority,
			 struct netlink_ext_ack *extack)
{
	int err = idxd_sf_check_closed(sf, extack);

	if (err)
		return err;
	guard(mutex)(&sf->lock);
	err = idxd_sf_check_closed(sf, extack);
	if (err)
		return err;
	sf->priority = priority;
	if (!sf->wq)
		return 0;
	idxd_wq_set_priority(sf->wq, priority);
	/* The driver looks when somebody opens it */
	sf->info.wq_priority = sf->wq->cfg.priority;
	return 0;
}

void idxd_sf_remove_begin(struct idxd_sf *sf)
{
	guard(mutex)(&sf->lock);
	idxd_sf_fire_locked(sf, IDXD_SF_EV_REMOVE);
	/* All users at once, not each when the one before it is gone */
	if (sf->opened && sf->ops && sf->ops->remove)
		sf->ops->remove(sf->priv);
}

void idxd_sf_remove_finish(struct idxd_sf *sf)
{
	idxd_sf_down(sf);
}
