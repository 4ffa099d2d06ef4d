/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devlink face of a device (layer L4).
 */
#ifndef IDXD_DL_H
#define IDXD_DL_H

#include <net/devlink.h>

#include "dev.h"

struct idxd_sf;

/**
 * idxd_devlink_alloc() - allocate a device with its devlink instance
 * @pdev: the PCI function
 *
 * Pairs with idxd_devlink_free().
 *
 * Return: the device, zeroed but for pdev, devlink and its lists and locks,
 * or NULL.
 */
struct idxd_dev *idxd_devlink_alloc(struct pci_dev *pdev);

/**
 * idxd_devlink_free() - free a device with its devlink instance
 * @idxd: the device, not registered
 */
void idxd_devlink_free(struct idxd_dev *idxd);

/**
 * idxd_devlink_register() - show the device to users
 * @idxd: the device, ready for subfunctions
 *
 * Pairs with idxd_devlink_unregister().
 *
 * Return: 0 or a negative error.
 */
int idxd_devlink_register(struct idxd_dev *idxd);

/**
 * idxd_devlink_unregister() - remove all subfunctions and hide the device
 * @idxd: the device
 *
 * Waits for users that have a subfunction open, without devl_lock: devlink
 * goes on answering, and refuses changes.
 */
void idxd_devlink_unregister(struct idxd_dev *idxd);

/**
 * idxd_port_new() - devlink_ops.port_new: add a subfunction
 * @devlink: the instance
 * @attrs: what the user asks for
 * @extack: gets the reason of a refusal
 * @port: set to the new port
 *
 * Context: devl_lock held.
 * Return: 0; -EOPNOTSUPP for an attribute that cannot be honoured, -EEXIST
 * for a sfnum in use, -ENOSPC when every WQ has its port, -EBUSY while the
 * device is removed, -ENOMEM.
 */
int idxd_port_new(struct devlink *devlink,
		  const struct devlink_port_new_attrs *attrs,
		  struct netlink_ext_ack *extack, struct devlink_port **port);

/**
 * idxd_port_remove_all() - remove every port, whatever its state
 * @idxd: the device; its subfunctions are inactive
 *
 * Context: devl_lock held.
 */
void idxd_port_remove_all(struct idxd_dev *idxd);

/**
 * idxd_port_hide_all() - unregister every port, and keep its subfunction
 * @idxd: the device; its subfunctions are inactive
 *
 * devlink lets no port exist over a reload. Pairs with idxd_port_show_all().
 *
 * Context: devl_lock held.
 */
void idxd_port_hide_all(struct idxd_dev *idxd);

/**
 * idxd_port_show_all() - register the ports again, as they were
 * @idxd: the device, after idxd_port_hide_all()
 *
 * A port that cannot be registered is deleted.
 *
 * Context: devl_lock held.
 * Return: 0, or the error of the first that could not.
 */
int idxd_port_show_all(struct idxd_dev *idxd);

/**
 * idxd_port_check_changeable() - may anything be changed by the user
 * @idxd: the device
 * @extack: gets the reason of a refusal
 *
 * Context: devl_lock held.
 * Return: 0, or -EBUSY while the device is removed.
 */
int idxd_port_check_changeable(struct idxd_dev *idxd,
			       struct netlink_ext_ack *extack);

/**
 * idxd_rate_register() - register the rate leaf of a port
 * @sf: the subfunction, its port registered
 *
 * Context: devl_lock held. Pairs with idxd_rate_unregister().
 * Return: 0 or -ENOMEM.
 */
int idxd_rate_register(struct idxd_sf *sf);

/**
 * idxd_rate_unregister() - unregister the rate leaf of a port
 * @sf: the subfunction
 *
 * Context: devl_lock held.
 */
void idxd_rate_unregister(struct idxd_sf *sf);

/**
 * idxd_rate_tx_priority_set() - devlink_ops.rate_leaf_tx_priority_set
 * @rate: the leaf
 * @priv: its subfunction
 * @tx_priority: of its work queue, 0 for the default
 * @extack: gets the reason of a refusal
 *
 * Context: devl_lock held.
 * Return: 0; -ERANGE; -EBUSY while open or while the device is removed.
 */
int idxd_rate_tx_priority_set(struct devlink_rate *rate, void *priv,
			      u32 tx_priority, struct netlink_ext_ack *extack);

/**
 * idxd_rate_tx_share_set() - devlink_ops.rate_leaf_tx_share_set: refuses
 * @rate: the leaf
 * @priv: its subfunction
 * @tx_share: bytes a second
 * @extack: gets the reason
 *
 * Return: -EOPNOTSUPP.
 */
int idxd_rate_tx_share_set(struct devlink_rate *rate, void *priv, u64 tx_share,
			   struct netlink_ext_ack *extack);

/**
 * idxd_rate_tx_max_set() - devlink_ops.rate_leaf_tx_max_set: refuses
 * @rate: the leaf
 * @priv: its subfunction
 * @tx_max: bytes a second
 * @extack: gets the reason
 *
 * Return: -EOPNOTSUPP.
 */
int idxd_rate_tx_max_set(struct devlink_rate *rate, void *priv, u64 tx_max,
			 struct netlink_ext_ack *extack);

/**
 * idxd_rate_tx_weight_set() - devlink_ops.rate_leaf_tx_weight_set: refuses
 * @rate: the leaf
 * @priv: its subfunction
 * @tx_weight: share of what the siblings have
 * @extack: gets the reason
 *
 * Return: -EOPNOTSUPP.
 */
int idxd_rate_tx_weight_set(struct devlink_rate *rate, void *priv,
			    u32 tx_weight, struct netlink_ext_ack *extack);

/**
 * idxd_param_register() - register the parameters that the device has
 * @idxd: the device
 *
 * Context: devl_lock held. Pairs with idxd_param_unregister().
 * Return: 0 or a negative error.
 */
int idxd_param_register(struct idxd_dev *idxd);

/**
 * idxd_param_unregister() - unregister the parameters
 * @idxd: the device
 *
 * Context: devl_lock held.
 */
void idxd_param_unregister(struct idxd_dev *idxd);

/**
 * idxd_resource_register() - register what can be leased, with its occupancy
 * @idxd: the device
 *
 * Context: devl_lock held. Pairs with idxd_resource_unregister().
 * Return: 0 or a negative error.
 */
int idxd_resource_register(struct idxd_dev *idxd);

/**
 * idxd_resource_unregister() - unregister the resources
 * @idxd: the device
 *
 * Context: devl_lock held.
 */
void idxd_resource_unregister(struct idxd_dev *idxd);

/* Events of the device, for idxd_event_init(); priv is the struct idxd_dev */
extern const struct idxd_event_ops idxd_health_event_ops;

/**
 * idxd_health_init() - before the first event
 * @idxd: the device
 */
void idxd_health_init(struct idxd_dev *idxd);

/**
 * idxd_health_register() - create the reporter of the device
 * @idxd: the device
 *
 * Context: devl_lock held. Pairs with idxd_health_unregister().
 * Return: 0 or a negative error.
 */
int idxd_health_register(struct idxd_dev *idxd);

/**
 * idxd_health_unregister() - destroy the reporter of the device
 * @idxd: the device
 *
 * Context: devl_lock held; idxd_health_stop() was called, or
 * idxd_health_start() was not.
 */
void idxd_health_unregister(struct idxd_dev *idxd);

/**
 * idxd_health_start() - reports can be made, also of what has failed already
 * @idxd: the device, its instance registered
 *
 * Context: devl_lock held. Pairs with idxd_health_stop().
 */
void idxd_health_start(struct idxd_dev *idxd);

/**
 * idxd_health_stop() - no report is made any more
 * @idxd: the device
 *
 * Context: devl_lock not held; waits for the report that runs, which waits for
 * devl_lock.
 */
void idxd_health_stop(struct idxd_dev *idxd);

/**
 * idxd_health_reset_done() - the function was reset by hand: recover
 * @idxd: the device; it was told IDXD_FAILURE_RESET before
 *
 * Context: any.
 */
void idxd_health_reset_done(struct idxd_dev *idxd);

/**
 * idxd_health_register_sf() - create the reporter of a port
 * @sf: the subfunction, its port registered
 *
 * Context: devl_lock held; takes sf->lock. Pairs with
 * idxd_health_unregister_sf().
 * Return: 0 or a negative error.
 */
int idxd_health_register_sf(struct idxd_sf *sf);

/**
 * idxd_health_unregister_sf() - destroy the reporter of a port
 * @sf: the subfunction
 *
 * Context: devl_lock held; takes sf->lock.
 */
void idxd_health_unregister_sf(struct idxd_sf *sf);

/**
 * idxd_health_put_hex() - a pair with a number in hexadecimal
 * @fmsg: the message
 * @name: of the pair
 * @val: the number
 * @digits: how many, at least
 */
void idxd_health_put_hex(struct devlink_fmsg *fmsg, const char *name, u64 val,
			 unsigned int digits);

/**
 * idxd_health_put_swerr() - a software error, as read and in words
 * @fmsg: the message
 * @name: of the pair
 * @swerr: words of SWERR
 */
void idxd_health_put_swerr(struct devlink_fmsg *fmsg, const char *name,
			   const u64 swerr[IDXD_SWERR_NR_WORDS]);

/**
 * idxd_health_put_registers() - the device's registers of state
 * @fmsg: the message
 * @idxd: the device
 */
void idxd_health_put_registers(struct devlink_fmsg *fmsg,
			       struct idxd_dev *idxd);

/**
 * idxd_health_put_wqs() - state of every usable work queue
 * @fmsg: the message
 * @idxd: the device
 */
void idxd_health_put_wqs(struct devlink_fmsg *fmsg, struct idxd_dev *idxd);

/**
 * idxd_resource_get_sizes() - what the user wants the WQs to have
 * @idxd: the device
 * @sizes: entries of each WQ, res.nr_wqs of them
 *
 * devlink shows them as the real sizes from now on: idxd_resource_refresh()
 * has to follow.
 *
 * Context: devl_lock held.
 */
void idxd_resource_get_sizes(struct idxd_dev *idxd, u16 *sizes);

/**
 * idxd_resource_refresh() - show the sizes that things have now
 * @idxd: the device
 *
 * Context: devl_lock held.
 */
void idxd_resource_refresh(struct idxd_dev *idxd);

/**
 * idxd_reload_down() - devlink_ops.reload_down: apply the new WQ sizes
 * @devlink: the instance
 * @netns_change: also move to another network namespace
 * @action: DRIVER_REINIT, the only one supported
 * @limit: none
 * @extack: gets the reason of a refusal
 *
 * All that can fail happens here, where a failure leaves the device as it was.
 *
 * Context: device lock and devl_lock held.
 * Return: 0; -EBUSY while a subfunction is active, -EOPNOTSUPP for a change of
 * namespace, or the error of idxd_layout_change().
 */
int idxd_reload_down(struct devlink *devlink, bool netns_change,
		     enum devlink_reload_action action,
		     enum devlink_reload_limit limit,
		     struct netlink_ext_ack *extack);

/**
 * idxd_reload_up() - devlink_ops.reload_up: show the ports again
 * @devlink: the instance
 * @action: DRIVER_REINIT
 * @limit: none
 * @actions_performed: set to what was done
 * @extack: gets the reason of a failure
 *
 * Context: device lock and devl_lock held, since idxd_reload_down().
 * Return: 0 or -ENOMEM.
 */
int idxd_reload_up(struct devlink *devlink, enum devlink_reload_action action,
		   enum devlink_reload_limit limit, u32 *actions_performed,
		   struct netlink_ext_ack *extack);

/**
 * idxd_region_register() - create the regions that the device has
 * @idxd: the device
 *
 * Context: devl_lock held. Pairs with idxd_region_unregister().
 * Return: 0 or a negative error, with nothing left.
 */
int idxd_region_register(struct idxd_dev *idxd);

/**
 * idxd_region_unregister() - destroy the regions and their snapshots
 * @idxd: the device
 *
 * Context: devl_lock held.
 */
void idxd_region_unregister(struct idxd_dev *idxd);

/**
 * idxd_region_snapshot_all() - snapshots of all regions, with one id
 * @idxd: the device, just failed
 *
 * Takes none where IDXD_REGION_SNAPSHOTS exist or memory is short.
 *
 * Context: devl_lock held.
 */
void idxd_region_snapshot_all(struct idxd_dev *idxd);

#endif /* IDXD_DL_H */
