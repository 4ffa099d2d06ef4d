/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices and subfunctions as people see them: what devlink, sysfs, procfs and
 * the definitions say about each, in one place. A snapshot; changes nothing.
 */
#ifndef IDXD_SF_MODEL_H
#define IDXD_SF_MODEL_H

#include "conf.h"
#include "name.h"
#include "sysfs.h"
#include "tool.h"

/**
 * struct model_dev - a device that idxd.ko drives
 * @name: its PCI address
 * @pci_id: "8086:11fb"
 * @numa_node: the node it is near to, if there are several
 * @queues: work queues it has
 * @free: those that are not leased
 * @wq_entries: parameter sf_wq_entries, if it has it
 * @device_id: parameter sf_pci_device_id, if it has it
 * @unsafe: parameter allow_unsafe_silicon, if it has it
 */
struct model_dev {
	char name[NAME_DEV_SIZE];
	char pci_id[16];
	struct msg_opt numa_node;
	struct msg_opt queues;
	struct msg_opt free;
	struct msg_opt wq_entries;
	struct msg_opt device_id;
	struct msg_opt unsafe;
};

/**
 * struct model_sf - a subfunction, existing or defined
 * @name: PCI-ADDRESS/SFNUM
 * @dev: its device
 * @sfnum: its number
 * @exists: it has a port; otherwise it is only defined
 * @defined: it has a definition
 * @port: its port
 * @priority: priority of its work queue
 * @wq_entries: size of its work queue
 * @device_id: PCI device id it shows
 * @aux: its auxiliary device, or empty
 * @vfio: its VFIO device
 * @stats: its counters, after model_read_stats()
 * @occupancy: descriptors in its work queue, after model_read_queues()
 * @users: processes that have it open
 * @nr_users: how many
 */
struct model_sf {
	char name[NAME_SIZE];
	char dev[NAME_DEV_SIZE];
	uint32_t sfnum;
	bool exists;
	bool defined;
	struct msg_port port;
	struct msg_opt priority;
	struct msg_opt wq_entries;
	struct msg_opt device_id;
	char aux[SYSFS_NAME_SIZE];
	struct sysfs_vfio vfio;
	struct sysfs_stats stats;
	struct msg_opt occupancy;
	struct sysfs_user *users;
	size_t nr_users;
};

/**
 * struct model - the snapshot
 * @devs: devices, sorted by address
 * @nr_devs: how many
 * @sfs: subfunctions, sorted by device and number
 * @nr_sfs: how many
 * @defs: definitions
 */
struct model {
	struct model_dev *devs;
	size_t nr_devs;
	struct model_sf *sfs;
	size_t nr_sfs;
	struct conf_list defs;
};

/**
 * model_load() - take a snapshot
 * @t: the run
 * @m: filled; for model_free()
 *
 * Return: 0, or -1 after the reason was told.
 */
int model_load(struct tool *t, struct model *m);

/**
 * model_read_stats() - read the counters too
 * @t: the run
 * @m: the snapshot
 *
 * Apart, as they are most of the files that a list of many would read.
 */
void model_read_stats(struct tool *t, struct model *m);

/**
 * model_read_queues() - read how full the work queues are
 * @t: the run
 * @m: the snapshot
 *
 * A request for each that is active. It stays unknown but for root.
 */
void model_read_queues(struct tool *t, struct model *m);

/**
 * model_free() - free what model_load() filled
 * @m: the snapshot
 */
void model_free(struct model *m);

/**
 * model_add_dev() - add a device that appeared
 * @t: the run
 * @m: the snapshot
 * @name: its PCI address
 *
 * Return: the device, or NULL if idxd.ko does not drive it.
 */
struct model_dev *model_add_dev(struct tool *t, struct model *m,
				const char *name);

/**
 * model_add_sf() - add a subfunction that appeared
 * @m: the snapshot; pointers into its subfunctions are void afterwards
 * @dev: PCI address
 * @sfnum: number
 *
 * Return: the subfunction.
 */
struct model_sf *model_add_sf(struct model *m, const char *dev, uint32_t sfnum);

/**
 * model_find_dev() - find a device
 * @m: the snapshot
 * @name: its PCI address
 *
 * Return: the device or NULL.
 */
struct model_dev *model_find_dev(const struct model *m, const char *name);

/**
 * model_find_sf() - find a subfunction
 * @m: the snapshot
 * @dev: PCI address
 * @sfnum: number
 *
 * Return: the subfunction or NULL.
 */
struct model_sf *model_find_sf(const struct model *m, const char *dev,
			       uint32_t sfnum);

/**
 * model_resolve_sf() - find the subfunction people mean
 * @t: the run
 * @m: the snapshot
 * @text: PCI-ADDRESS/SFNUM, or SFNUM where it is unique
 * @sf: set to it; exists or is defined
 *
 * Return: TOOL_DONE, or another exit status after the reason was told.
 */
int model_resolve_sf(struct tool *t, const struct model *m, const char *text,
		     struct model_sf **sf);

/**
 * model_resolve_dev() - find the device for a new subfunction
 * @t: the run
 * @m: the snapshot
 * @name: what was typed, with or without a device
 * @dev: set to the device named, or to the only one
 *
 * Return: TOOL_DONE, or another exit status after the reason was told.
 */
int model_resolve_dev(struct tool *t, const struct model *m,
		      const struct name *name, struct model_dev **dev);

/**
 * model_state() - state of a subfunction in a word
 * @sf: the subfunction
 *
 * Return: "active", "inactive", "absent" or "unknown".
 */
const char *model_state(const struct model_sf *sf);

/**
 * model_opstate() - what holds it, in a word
 * @sf: the subfunction
 *
 * Return: "attached", "detached", or "" where it is not known.
 */
const char *model_opstate(const struct model_sf *sf);

/**
 * model_is_active() - is it active
 * @sf: the subfunction
 *
 * Return: true if it is.
 */
bool model_is_active(const struct model_sf *sf);

/**
 * model_sf_json() - a subfunction as JSON
 * @sf: the subfunction
 *
 * Return: a new object, always with the same keys.
 */
json_object *model_sf_json(const struct model_sf *sf);

/**
 * model_users_json() - the users of a subfunction as JSON
 * @sf: the subfunction
 *
 * Return: a new array of objects with pid and command.
 */
json_object *model_users_json(const struct model_sf *sf);

/**
 * model_users_text() - the users of a subfunction as text
 * @sf: the subfunction
 * @buf: "4711 (sf-copy), 4712 (sf-copy)", or empty
 * @size: bytes of @buf
 */
void model_users_text(const struct model_sf *sf, char *buf, size_t size);

#endif /* IDXD_SF_MODEL_H */
