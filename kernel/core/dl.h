/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The devlink face of a device (layer L4).
 */
#ifndef IDXD_DL_H
#define IDXD_DL_H

#include <net/devlink.h>

#include "dev.h"

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

#endif /* IDXD_DL_H */
