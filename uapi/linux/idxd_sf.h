/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Names that the DSA driver idxd.ko gives to what devlink shows, for programs
 * that ask for them. The driver registers by these macros and by no other
 * string. What a name means is in Documentation/devlink.rst. Keys of health
 * reports and names of tracepoints are in <linux/idxd_sf_report.h>, which this
 * includes.
 */
#ifndef _LINUX_IDXD_SF_H
#define _LINUX_IDXD_SF_H

#include <linux/idxd_sf_report.h>

/* Devices ----------------------------------------------------------------- */

/**
 * IDXD_SF_DRIVER - name of the PCI driver
 */
#define IDXD_SF_DRIVER			"idxd"

/**
 * IDXD_SF_AUX_DEVICE - auxiliary device of an active subfunction
 *
 * A dot and a number follow: auxiliary/idxd.sf.3 is its devlink handle, too.
 */
#define IDXD_SF_AUX_DEVICE		"idxd.sf"

/**
 * IDXD_SF_VFIO_DEVICE - VFIO device of a subfunction, on the platform bus
 *
 * A dot and the number of the auxiliary device, its parent, follow.
 */
#define IDXD_SF_VFIO_DEVICE		"idxd-sf"

/* Information ------------------------------------------------------------- */

/**
 * IDXD_SF_INFO_ASIC_ID - fixed version: PCI device id, hexadecimal
 */
#define IDXD_SF_INFO_ASIC_ID		"asic.id"

/**
 * IDXD_SF_INFO_ASIC_REV - fixed version: PCI revision, hexadecimal
 */
#define IDXD_SF_INFO_ASIC_REV		"asic.rev"

/**
 * IDXD_SF_INFO_DSA_VERSION - fixed version: of the DSA architecture
 */
#define IDXD_SF_INFO_DSA_VERSION	"dsa.version"

/**
 * IDXD_SF_INFO_DSA_GENCAP - fixed version: GENCAP register, hexadecimal
 */
#define IDXD_SF_INFO_DSA_GENCAP		"dsa.gencap"

/**
 * IDXD_SF_INFO_DSA_OPCAP - fixed version: operations, bit n for n, hexadecimal
 */
#define IDXD_SF_INFO_DSA_OPCAP		"dsa.opcap"

/**
 * IDXD_SF_INFO_DSA_MAX_TRANSFER_SIZE - fixed version: largest transfer, bytes
 */
#define IDXD_SF_INFO_DSA_MAX_TRANSFER_SIZE	"dsa.max_transfer_size"

/**
 * IDXD_SF_INFO_DSA_MAX_BATCH_SIZE - fixed version: largest batch, descriptors
 */
#define IDXD_SF_INFO_DSA_MAX_BATCH_SIZE	"dsa.max_batch_size"

/**
 * IDXD_SF_INFO_DRIVER - running version: of the driver
 */
#define IDXD_SF_INFO_DRIVER		"driver"

/* Ports, of flavour DEVLINK_PORT_FLAVOUR_PCI_SF --------------------------- */

/**
 * IDXD_SF_PORT_INDEX_FIRST - port index of the first subfunction
 */
#define IDXD_SF_PORT_INDEX_FIRST	0x8000

/**
 * IDXD_SF_MAX_IO_EQS_MIN - least completion vectors of a subfunction
 */
#define IDXD_SF_MAX_IO_EQS_MIN		1

/**
 * IDXD_SF_MAX_IO_EQS_MAX - most completion vectors of a subfunction
 */
#define IDXD_SF_MAX_IO_EQS_MAX		8

/**
 * IDXD_SF_MAX_IO_EQS_DEFAULT - completion vectors of a new subfunction
 */
#define IDXD_SF_MAX_IO_EQS_DEFAULT	1

/**
 * IDXD_SF_TX_PRIORITY_UNSET - what a new rate leaf has: the default priority
 */
#define IDXD_SF_TX_PRIORITY_UNSET	0

/**
 * IDXD_SF_TX_PRIORITY_MIN - least priority of a work queue
 */
#define IDXD_SF_TX_PRIORITY_MIN		1

/**
 * IDXD_SF_TX_PRIORITY_MAX - highest priority of a work queue
 */
#define IDXD_SF_TX_PRIORITY_MAX		15

/**
 * IDXD_SF_TX_PRIORITY_DEFAULT - priority of a work queue whose leaf has none
 */
#define IDXD_SF_TX_PRIORITY_DEFAULT	10

/* Parameters -------------------------------------------------------------- */

/**
 * IDXD_SF_PARAM_ALLOW_UNSAFE_SILICON - runtime, bool; 8086:0b25 only
 */
#define IDXD_SF_PARAM_ALLOW_UNSAFE_SILICON	"allow_unsafe_silicon"

/**
 * IDXD_SF_PARAM_SF_WQ_ENTRIES - runtime, u32: entries, 0 for any queue
 */
#define IDXD_SF_PARAM_SF_WQ_ENTRIES	"sf_wq_entries"

/**
 * IDXD_SF_PARAM_SF_MAX_TRANSFER_SIZE - runtime, u32: bytes, a power of two
 */
#define IDXD_SF_PARAM_SF_MAX_TRANSFER_SIZE	"sf_max_transfer_size"

/**
 * IDXD_SF_PARAM_SF_MAX_BATCH_SIZE - runtime, u32: descriptors, a power of two
 */
#define IDXD_SF_PARAM_SF_MAX_BATCH_SIZE	"sf_max_batch_size"

/**
 * IDXD_SF_PARAM_SF_PCI_DEVICE_ID - runtime, string: four hexadecimal digits
 *
 * The device's own PCI id, or IDXD_SF_PCI_DEVICE_ID_OLD.
 */
#define IDXD_SF_PARAM_SF_PCI_DEVICE_ID	"sf_pci_device_id"

/**
 * IDXD_SF_PCI_DEVICE_ID_OLD - the only one that drivers before 6.12 know
 */
#define IDXD_SF_PCI_DEVICE_ID_OLD	"0b25"

/**
 * IDXD_SF_PARAM_COMMAND_TIMEOUT_MS - runtime, u32: milliseconds
 */
#define IDXD_SF_PARAM_COMMAND_TIMEOUT_MS	"command_timeout_ms"

/* Parameters of the nested instance, read only: what the subfunction got --- */

/**
 * IDXD_SF_NESTED_WQ_ENTRIES - u32: entries of its queue
 */
#define IDXD_SF_NESTED_WQ_ENTRIES	"wq_entries"

/**
 * IDXD_SF_NESTED_MAX_TRANSFER_SIZE - u32: bytes
 */
#define IDXD_SF_NESTED_MAX_TRANSFER_SIZE	"max_transfer_size"

/**
 * IDXD_SF_NESTED_MAX_BATCH_SIZE - u32: descriptors
 */
#define IDXD_SF_NESTED_MAX_BATCH_SIZE	"max_batch_size"

/**
 * IDXD_SF_NESTED_PCI_DEVICE_ID - string: PCI id of the virtual device
 */
#define IDXD_SF_NESTED_PCI_DEVICE_ID	"pci_device_id"

/* Resources --------------------------------------------------------------- */

/**
 * IDXD_SF_RESOURCE_WORK_QUEUES - queues with entries; occupied by active ones
 */
#define IDXD_SF_RESOURCE_WORK_QUEUES	"work_queues"

/**
 * IDXD_SF_RESOURCE_WQ_ENTRIES - their entries; a child wq0, wq1 .. each queue
 */
#define IDXD_SF_RESOURCE_WQ_ENTRIES	"wq_entries"

/**
 * IDXD_SF_RESOURCE_WQ - one queue's entries, child of IDXD_SF_RESOURCE_WQ_ENTRIES
 *
 * The number of the queue follows: wq0, wq1 ..
 */
#define IDXD_SF_RESOURCE_WQ		"wq"

/**
 * IDXD_SF_RESOURCE_GROUPS - groups; occupied by those of leased queues
 */
#define IDXD_SF_RESOURCE_GROUPS		"groups"

/**
 * IDXD_SF_RESOURCE_ENGINES - engines; occupied by those of such groups
 */
#define IDXD_SF_RESOURCE_ENGINES	"engines"

/**
 * IDXD_SF_RESOURCE_READ_BUFFERS - read buffers, which all engines share
 */
#define IDXD_SF_RESOURCE_READ_BUFFERS	"read_buffers"

/**
 * IDXD_SF_RESOURCE_IMS_VECTORS - interrupt messages, one a completion vector
 */
#define IDXD_SF_RESOURCE_IMS_VECTORS	"ims_vectors"

/**
 * IDXD_SF_RESOURCE_PASIDS - address spaces, one an active subfunction
 */
#define IDXD_SF_RESOURCE_PASIDS		"pasids"

/* Health reporters -------------------------------------------------------- */

/**
 * IDXD_SF_REPORTER_HW - of the device: failures, and recovery from them
 */
#define IDXD_SF_REPORTER_HW		"hw"

/**
 * IDXD_SF_REPORTER_SF - of a port: software errors of its queue, statistics
 */
#define IDXD_SF_REPORTER_SF		"sf"

/* Regions ----------------------------------------------------------------- */

/**
 * IDXD_SF_REGION_REGISTERS - BAR0, without the messages of interrupts
 */
#define IDXD_SF_REGION_REGISTERS	"registers"

/**
 * IDXD_SF_REGION_WQCFG - table of the queues' configurations
 */
#define IDXD_SF_REGION_WQCFG		"wqcfg"

/**
 * IDXD_SF_REGION_IMS - interrupt message storage, without the messages
 */
#define IDXD_SF_REGION_IMS		"ims"

#endif /* _LINUX_IDXD_SF_H */
