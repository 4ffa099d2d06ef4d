/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine says about itself, as far as subfunctions depend on it. Read
 * from sysfs and procfs; what follows from it is in rules.c.
 */
#ifndef IDXD_SF_FACTS_H
#define IDXD_SF_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

#define FACTS_TEXT_SIZE		64
#define FACTS_CMDLINE_SIZE	2048
#define FACTS_MAX_DEVS		64

/**
 * enum facts_tri - what may not be readable
 * @FACTS_UNKNOWN: it is not
 * @FACTS_NO: no
 * @FACTS_YES: yes
 */
enum facts_tri {
	FACTS_UNKNOWN,
	FACTS_NO,
	FACTS_YES,
};

/**
 * enum facts_iommu - what translates a device's DMA
 * @FACTS_IOMMU_NONE: nothing
 * @FACTS_IOMMU_INTEL: VT-d
 * @FACTS_IOMMU_OTHER: another one
 */
enum facts_iommu {
	FACTS_IOMMU_NONE,
	FACTS_IOMMU_INTEL,
	FACTS_IOMMU_OTHER,
};

/**
 * struct facts_dev - a DSA device, whoever drives it
 * @name: PCI address
 * @id: PCI device number
 * @driver: its driver, or empty
 * @devlink: it has a devlink instance, as only our driver makes one; not read
 *	by facts_read()
 * @unsafe_allowed: parameter allow_unsafe_silicon
 * @iommu: what translates its DMA
 * @ecap: extended capabilities of that, of VT-d only
 * @pasid: it has a PASID capability
 */
struct facts_dev {
	char name[NAME_DEV_SIZE];
	uint16_t id;
	char driver[FACTS_TEXT_SIZE];
	enum facts_tri devlink;
	struct msg_opt unsafe_allowed;
	enum facts_iommu iommu;
	uint64_t ecap;
	enum facts_tri pasid;
};

/**
 * struct facts - a machine
 * @movdir64b: the CPU has the instruction
 * @cmdline: the kernel's command line
 * @scalable_default: the kernel uses scalable mode if nothing is said
 * @remapping: interrupts are remapped
 * @unsafe_interrupts: VFIO does without that
 * @release: of the kernel
 * @mod_idxd_vfio: module is there
 * @dep_idxd_vfio: it is installed for this kernel
 * @mod_type1: module is there
 * @mod_iommufd: module is there
 * @container: node /dev/vfio/vfio is there
 * @memlock: bytes this process may lock; UINT64_MAX for all
 * @cap_ipc_lock: that does not apply to it
 * @devs: DSA devices
 * @nr_devs: how many
 */
struct facts {
	enum facts_tri movdir64b;
	char cmdline[FACTS_CMDLINE_SIZE];
	enum facts_tri scalable_default;
	enum facts_tri remapping;
	bool unsafe_interrupts;
	char release[FACTS_TEXT_SIZE];
	bool mod_idxd_vfio;
	enum facts_tri dep_idxd_vfio;
	bool mod_type1;
	bool mod_iommufd;
	bool container;
	uint64_t memlock;
	bool cap_ipc_lock;
	struct facts_dev devs[FACTS_MAX_DEVS];
	size_t nr_devs;
};

/**
 * facts_read() - read them
 * @root: where /sys, /proc, /dev and /boot are
 * @facts: filled, but for what devlink knows
 */
void facts_read(const char *root, struct facts *facts);

/**
 * facts_has_word() - is a word on the command line
 * @facts: the machine
 * @word: "sm_on", which is also found in "intel_iommu=on,sm_on"
 *
 * Pure.
 *
 * Return: true if it is.
 */
bool facts_has_word(const struct facts *facts, const char *word);

#endif /* IDXD_SF_FACTS_H */
