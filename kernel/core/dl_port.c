// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devlink face of a device (layer L4): ports of flavour pcisf.
 *
 * Validates what the user asks for, one sentence a reason, and translates
 * states. What happens is in sf.c. Touches no hardware.
 */
#include "dl.h"

#include <linux/idxd_sf.h>
#include <linux/pci.h>

#include "sf.h"

static struct idxd_sf *idxd_port_sf(struct devlink_port *port)
{
	return container_of(port, struct idxd_sf, port);
}

/* Pure: what can be told from the request alone */
static int idxd_port_check_attrs(const struct devlink_port_new_attrs *attrs,
				 struct netlink_ext_ack *extack)
{
	if (attrs->flavour != DEVLINK_PORT_FLAVOUR_PCI_SF) {
		NL_SET_ERR_MSG(extack, "Only flavour pcisf can be added");
		return -EOPNOTSUPP;
	}
	if (attrs->pfnum) {
		NL_SET_ERR_MSG_FMT(extack, "There is no pfnum %u: use pfnum 0",
				   attrs->pfnum);
		return -EOPNOTSUPP;
	}
	if (attrs->controller_valid) {
		NL_SET_ERR_MSG(extack,
			       "Device has no controllers: leave controller out");
		return -EOPNOTSUPP;
	}
	if (attrs->port_index_valid) {
		NL_SET_ERR_MSG(extack,
			       "Port index is assigned: give the device only");
		return -EOPNOTSUPP;
	}
	return 0;
}

static bool idxd_port_sfnum_in_use(struct idxd_dev *idxd, u32 sfnum)
{
	struct idxd_sf *sf;

	devl_assert_locked(idxd->devlink);
	list_for_each_entry(sf, &idxd->sfs, node)
		if (sf->sfnum == sfnum)
			return true;
	return false;
}

/* The user's number, or the smallest that is free: there are few ports */
static int idxd_port_choose_sfnum(struct idxd_dev *idxd,
				  const struct devlink_port_new_attrs *attrs,
				  u32 *sfnum, struct netlink_ext_ack *extack)
{
	if (!attrs->sfnum_valid) {
		*sfnum = 0;
		while (idxd_port_sfnum_in_use(idxd, *sfnum))
			(*sfnum)++;
		return 0;
	}
	if (idxd_port_sfnum_in_use(idxd, attrs->sfnum)) {
		NL_SET_ERR_MSG_FMT(extack, "The sfnum %u is in use: choose another",
				   attrs->sfnum);
		return -EEXIST;
	}
	*sfnum = attrs->sfnum;
	return 0;
}

int idxd_port_check_changeable(struct idxd_dev *idxd,
			       struct netlink_ext_ack *extack)
{
	if (!idxd->removing)
		return 0;
	NL_SET_ERR_MSG(extack, "Device is being removed");
	return -EBUSY;
}

static int idxd_port_state_get(struct devlink_port *port,
			       enum devlink_port_fn_state *state,
			       enum devlink_port_fn_opstate *opstate,
			       struct netlink_ext_ack *extack)
{
	struct idxd_sf_shown shown =
		idxd_sf_fsm_shown(idxd_sf_read_state(idxd_port_sf(port)));

	*state = shown.active ? DEVLINK_PORT_FN_STATE_ACTIVE :
				DEVLINK_PORT_FN_STATE_INACTIVE;
	*opstate = shown.attached ? DEVLINK_PORT_FN_OPSTATE_ATTACHED :
				    DEVLINK_PORT_FN_OPSTATE_DETACHED;
	return 0;
}

static int idxd_port_state_set(struct devlink_port *port,
			       enum devlink_port_fn_state state,
			       struct netlink_ext_ack *extack)
{
	struct idxd_sf *sf = idxd_port_sf(port);
	enum idxd_sf_state now;
	bool active;
	int err;

	err = idxd_port_check_changeable(sf->idxd, extack);
	if (err)
		return err;
	now = idxd_sf_read_state(sf);
	active = idxd_sf_fsm_shown(now).active;
	switch (state) {
	case DEVLINK_PORT_FN_STATE_INACTIVE:
		return active ? idxd_sf_deactivate(sf, extack) : 0;
	case DEVLINK_PORT_FN_STATE_ACTIVE:
		/* Success would hide that its hardware is lost */
		if (active && now != IDXD_SF_ERROR)
			return 0;
		return idxd_sf_activate(sf, extack);
	}
	return -EINVAL;
}

static int idxd_port_max_io_eqs_get(struct devlink_port *port, u32 *max_eqs,
				    struct netlink_ext_ack *extack)
{
	*max_eqs = READ_ONCE(idxd_port_sf(port)->max_io_eqs);
	return 0;
}

static int idxd_port_max_io_eqs_set(struct devlink_port *port, u32 max_eqs,
				    struct netlink_ext_ack *extack)
{
	struct idxd_sf *sf = idxd_port_sf(port);
	int err;

	err = idxd_port_check_changeable(sf->idxd, extack);
	if (err)
		return err;
	if (max_eqs < IDXD_SF_MAX_IO_EQS_MIN ||
	    max_eqs > IDXD_SF_MAX_IO_EQS_MAX) {
		NL_SET_ERR_MSG_FMT(extack,
				   "Use max_io_eqs %u to %u, not %u",
				   IDXD_SF_MAX_IO_EQS_MIN,
				   IDXD_SF_MAX_IO_EQS_MAX, max_eqs);
		return -ERANGE;
	}
	if (max_eqs == sf->max_io_eqs)
		return 0;
	if (idxd_sf_read_state(sf) != IDXD_SF_INACTIVE) {
		NL_SET_ERR_MSG(extack,
			       "Set state inactive before changing max_io_eqs");
		return -EBUSY;
	}
	WRITE_ONCE(sf->max_io_eqs, max_eqs);
	return 0;
}

/* Without it devlink would say that a port has no attributes at all */
static int idxd_port_hw_addr_set(struct devlink_port *port, const u8 *hw_addr,
				 int hw_addr_len,
				 struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack,
		       "Subfunction has no hardware address: leave hw_addr out");
	return -EOPNOTSUPP;
}

static void idxd_port_unregister(struct idxd_sf *sf)
{
	idxd_health_unregister_sf(sf);
	idxd_rate_unregister(sf);
	devl_port_unregister(&sf->port);
}

/* The port is not registered */
static void idxd_port_forget(struct idxd_sf *sf)
{
	struct idxd_dev *idxd = sf->idxd;
	u16 slot = sf->slot;

	idxd_sf_destroy(sf);
	ida_free(&idxd->port_slots, slot);
}

static void idxd_port_destroy(struct idxd_sf *sf)
{
	idxd_port_unregister(sf);
	idxd_port_forget(sf);
}

static int idxd_port_del(struct devlink *devlink, struct devlink_port *port,
			 struct netlink_ext_ack *extack)
{
	struct idxd_sf *sf = idxd_port_sf(port);
	int err;

	err = idxd_port_check_changeable(sf->idxd, extack);
	if (err)
		return err;
	err = idxd_sf_retire(sf, extack);
	if (err)
		return err;
	idxd_port_destroy(sf);
	return 0;
}

static const struct devlink_port_ops idxd_port_ops = {
	.port_del = idxd_port_del,
	.port_fn_state_get = idxd_port_state_get,
	.port_fn_state_set = idxd_port_state_set,
	.port_fn_max_io_eqs_get = idxd_port_max_io_eqs_get,
	.port_fn_max_io_eqs_set = idxd_port_max_io_eqs_set,
	.port_fn_hw_addr_set = idxd_port_hw_addr_set,
};

/* Pairs with idxd_port_unregister() */
static int idxd_port_register(struct idxd_sf *sf)
{
	int err;

	devlink_port_attrs_pci_sf_set(&sf->port, 0, 0, sf->sfnum, false);
	err = devl_port_register_with_ops(sf->idxd->devlink, &sf->port,
					  IDXD_SF_PORT_INDEX_FIRST + sf->slot,
					  &idxd_port_ops);
	if (err)
		return err;
	/*
	 * An hour from now it would complain that the port is neither
	 * Ethernet nor InfiniBand, which it will never be.
	 */
	cancel_delayed_work_sync(&sf->port.type_warn_dw);
	err = idxd_rate_register(sf);
	if (err)
		goto err_port;
	err = idxd_health_register_sf(sf);
	if (err)
		goto err_rate;
	return 0;

err_rate:
	idxd_rate_unregister(sf);
err_port:
	devl_port_unregister(&sf->port);
	return err;
}

/* Pairs with idxd_port_destroy() */
static struct idxd_sf *idxd_port_create(struct idxd_dev *idxd, u32 sfnum)
{
	struct idxd_sf *sf;
	int slot, err;

	slot = ida_alloc_max(&idxd->port_slots, idxd->res.nr_used - 1,
			     GFP_KERNEL);
	if (slot < 0)
		return ERR_PTR(slot);
	sf = idxd_sf_create(idxd, sfnum, slot);
	if (IS_ERR(sf)) {
		err = PTR_ERR(sf);
		goto err_slot;
	}
	err = idxd_port_register(sf);
	if (err)
		goto err_sf;
	return sf;

err_sf:
	idxd_sf_destroy(sf);
err_slot:
	ida_free(&idxd->port_slots, slot);
	return ERR_PTR(err);
}

int idxd_port_new(struct devlink *devlink,
		  const struct devlink_port_new_attrs *attrs,
		  struct netlink_ext_ack *extack, struct devlink_port **port)
{
	struct idxd_dev *idxd = devlink_priv(devlink);
	struct idxd_sf *sf;
	u32 sfnum;
	int err;

	err = idxd_port_check_changeable(idxd, extack);
	if (err)
		return err;
	err = idxd_port_check_attrs(attrs, extack);
	if (err)
		return err;
	err = idxd_port_choose_sfnum(idxd, attrs, &sfnum, extack);
	if (err)
		return err;
	if (idxd->nr_sfs >= idxd->res.nr_used) {
		NL_SET_ERR_MSG_FMT(extack,
				   "All %u work queues have a port: delete one first",
				   idxd->res.nr_used);
		return -ENOSPC;
	}

	sf = idxd_port_create(idxd, sfnum);
	if (IS_ERR(sf))
		return PTR_ERR(sf);
	*port = &sf->port;
	return 0;
}

void idxd_port_remove_all(struct idxd_dev *idxd)
{
	struct idxd_sf *sf, *tmp;

	list_for_each_entry_safe(sf, tmp, &idxd->sfs, node)
		idxd_port_destroy(sf);
}

void idxd_port_hide_all(struct idxd_dev *idxd)
{
	struct idxd_sf *sf;

	list_for_each_entry(sf, &idxd->sfs, node)
		idxd_port_unregister(sf);
}

int idxd_port_show_all(struct idxd_dev *idxd)
{
	struct idxd_sf *sf, *tmp;
	int err, first = 0;

	list_for_each_entry_safe(sf, tmp, &idxd->sfs, node) {
		err = idxd_port_register(sf);
		if (!err)
			continue;
		first = first ?: err;
		idxd_port_forget(sf);
	}
	return first;
}
