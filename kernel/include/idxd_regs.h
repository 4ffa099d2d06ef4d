/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers, tables and command codes of an
 * Intel DSA 1.0 device (layer L0).
 *
 * Offsets are in bytes from the start of BAR0 unless a table base is named.
 * Every field is a GENMASK mask for FIELD_GET()/FIELD_PREP(). Pure: no MMIO,
 * no allocation; also compiled in user space by tests/unit. Shared by
 * kernel/core (the hardware) and kernel/vfio (the virtual device). The QEMU
 * model has definitions of its own; tests/unit compares the two.
 */
#ifndef IDXD_REGS_H
#define IDXD_REGS_H

#include <linux/bits.h>
#include <linux/types.h>

#define IDXD_REGS_BAR			0
#define IDXD_PORTAL_BAR			2

/* Version: 0x100 is DSA 1.0 */
#define IDXD_VERSION_OFF		0x00
#define IDXD_VERSION_MINOR		GENMASK(7, 0)
#define IDXD_VERSION_MAJOR		GENMASK(15, 8)

/* General capabilities, 64 bit, read only */
#define IDXD_GENCAP_OFF			0x10
#define IDXD_GENCAP_BLOCK_ON_FAULT	BIT_ULL(0)
#define IDXD_GENCAP_OVERLAP_COPY	BIT_ULL(1)
#define IDXD_GENCAP_CACHE_CTRL_MEM	BIT_ULL(2)
#define IDXD_GENCAP_CACHE_CTRL_CACHE	BIT_ULL(3)
#define IDXD_GENCAP_CMD_CAP		BIT_ULL(4)
#define IDXD_GENCAP_DEST_READBACK	BIT_ULL(8)
#define IDXD_GENCAP_DRAIN_READBACK	BIT_ULL(9)
#define IDXD_GENCAP_EVENT_LOG		GENMASK_ULL(14, 13)
#define IDXD_GENCAP_BATCH_CONT		BIT_ULL(15)
/* Largest transfer is 1 << this, in bytes */
#define IDXD_GENCAP_MAX_XFER_SHIFT	GENMASK_ULL(20, 16)
/* Largest batch is 1 << this, in descriptors */
#define IDXD_GENCAP_MAX_BATCH_SHIFT	GENMASK_ULL(24, 21)
/* Interrupt message storage slots, in multiples of IDXD_IMS_MULT */
#define IDXD_GENCAP_MAX_IMS_MULT	GENMASK_ULL(30, 25)
#define IDXD_GENCAP_CONFIGURABLE	BIT_ULL(31)

/* Work queue capabilities, 64 bit, read only */
#define IDXD_WQCAP_OFF			0x20
#define IDXD_WQCAP_TOTAL_SIZE		GENMASK_ULL(15, 0)
#define IDXD_WQCAP_NR_WQS		GENMASK_ULL(23, 16)
/* One WQCFG takes 1 << (5 + this) bytes */
#define IDXD_WQCAP_WQCFG_SHIFT		GENMASK_ULL(27, 24)
#define IDXD_WQCAP_SHARED_MODE		BIT_ULL(48)
#define IDXD_WQCAP_DEDICATED_MODE	BIT_ULL(49)
#define IDXD_WQCAP_ATS			BIT_ULL(50)
#define IDXD_WQCAP_PRIORITY		BIT_ULL(51)
#define IDXD_WQCAP_OCCUPANCY		BIT_ULL(52)
#define IDXD_WQCAP_OCCUPANCY_INT	BIT_ULL(53)
#define IDXD_WQCAP_OP_CONFIG		BIT_ULL(54)
#define IDXD_WQCAP_PRS			BIT_ULL(55)

/* Group capabilities, 64 bit, read only */
#define IDXD_GRPCAP_OFF			0x30
#define IDXD_GRPCAP_NR_GROUPS		GENMASK_ULL(7, 0)
#define IDXD_GRPCAP_TOTAL_RDBUFS	GENMASK_ULL(15, 8)
#define IDXD_GRPCAP_RDBUF_CTRL		BIT_ULL(16)
#define IDXD_GRPCAP_RDBUF_LIMIT		BIT_ULL(17)
#define IDXD_GRPCAP_PROGRESS_LIMIT	BIT_ULL(18)

/* Engine capabilities, 64 bit, read only */
#define IDXD_ENGCAP_OFF			0x38
#define IDXD_ENGCAP_NR_ENGINES		GENMASK_ULL(7, 0)

/* Supported operations: 256 bits, bit n for opcode n */
#define IDXD_OPCAP_OFF			0x40
#define IDXD_OPCAP_NR_WORDS		4

/* Table offsets: two 64-bit registers, each field times IDXD_TABLE_MULT */
#define IDXD_TABLE0_OFF			0x60
#define IDXD_TABLE0_GRPCFG		GENMASK_ULL(15, 0)
#define IDXD_TABLE0_WQCFG		GENMASK_ULL(31, 16)
#define IDXD_TABLE0_MSIXPERM		GENMASK_ULL(47, 32)
#define IDXD_TABLE0_IMS			GENMASK_ULL(63, 48)
#define IDXD_TABLE1_OFF			0x68
#define IDXD_TABLE1_PERFMON		GENMASK_ULL(15, 0)
#define IDXD_TABLE_MULT			0x100

#define IDXD_GENCFG_OFF			0x80
#define IDXD_GENCFG_RDBUF_LIMIT		GENMASK(7, 0)
#define IDXD_GENCFG_USER_INT_EN		BIT(12)
#define IDXD_GENCFG_EVL_EN		BIT(13)

#define IDXD_GENCTRL_OFF		0x88
#define IDXD_GENCTRL_SWERR_INT_EN	BIT(0)
#define IDXD_GENCTRL_HALT_INT_EN	BIT(1)
#define IDXD_GENCTRL_EVL_INT_EN		BIT(2)

#define IDXD_GENSTS_OFF			0x90
#define IDXD_GENSTS_STATE		GENMASK(1, 0)
#define IDXD_GENSTS_RESET_TYPE		GENMASK(3, 2)

/**
 * enum idxd_dev_state - value of the GENSTS state field
 * @IDXD_DEV_DISABLED: accepts configuration
 * @IDXD_DEV_ENABLED: executes descriptors
 * @IDXD_DEV_DRAIN: being disabled
 * @IDXD_DEV_HALT: fatal error; GENSTS reset type tells what brings it back
 */
enum idxd_dev_state {
	IDXD_DEV_DISABLED = 0,
	IDXD_DEV_ENABLED = 1,
	IDXD_DEV_DRAIN = 2,
	IDXD_DEV_HALT = 3,
};

/**
 * enum idxd_reset_type - what a halted device needs, GENSTS reset type field
 * @IDXD_RESET_SOFTWARE: the Reset Device command
 * @IDXD_RESET_FLR: a function level reset
 * @IDXD_RESET_WARM: a warm reset of the platform
 * @IDXD_RESET_COLD: a power cycle
 */
enum idxd_reset_type {
	IDXD_RESET_SOFTWARE = 0,
	IDXD_RESET_FLR = 1,
	IDXD_RESET_WARM = 2,
	IDXD_RESET_COLD = 3,
};

/* Interrupt causes of MSI-X vector 0, write one to clear */
#define IDXD_INTCAUSE_OFF		0x98
#define IDXD_INTCAUSE_SWERR		BIT(0)
#define IDXD_INTCAUSE_CMD		BIT(1)
#define IDXD_INTCAUSE_OCCUPANCY		BIT(2)
#define IDXD_INTCAUSE_PERFMON		BIT(3)
#define IDXD_INTCAUSE_HALT		BIT(4)
#define IDXD_INTCAUSE_EVL		BIT(5)
#define IDXD_INTCAUSE_HANDLE_REVOKED	BIT(31)

#define IDXD_CMD_OFF			0xa0
#define IDXD_CMD_OPERAND		GENMASK(19, 0)
#define IDXD_CMD_CODE			GENMASK(24, 20)
#define IDXD_CMD_INT_REQ		BIT(31)
/* Operand of the WQ commands but Enable WQ: mask of 16 WQs, their block */
#define IDXD_CMD_WQ_MASK		GENMASK(15, 0)
#define IDXD_CMD_WQ_BLOCK		GENMASK(19, 16)
/* Operand of the interrupt handle commands */
#define IDXD_CMD_HANDLE_INDEX		GENMASK(15, 0)
#define IDXD_CMD_HANDLE_IMS		BIT(16)

/**
 * enum idxd_cmd - command codes; bit n of CMDCAP tells whether n exists
 * @IDXD_CMD_ENABLE_DEVICE: no operand
 * @IDXD_CMD_DISABLE_DEVICE: waits for all descriptors
 * @IDXD_CMD_DRAIN_ALL: waits for all descriptors
 * @IDXD_CMD_ABORT_ALL: abandons all descriptors
 * @IDXD_CMD_RESET_DEVICE: configuration returns to its defaults
 * @IDXD_CMD_ENABLE_WQ: operand is the WQ index
 * @IDXD_CMD_DISABLE_WQ: operand is a WQ mask
 * @IDXD_CMD_DRAIN_WQ: operand is a WQ mask
 * @IDXD_CMD_ABORT_WQ: operand is a WQ mask
 * @IDXD_CMD_RESET_WQ: operand is a WQ mask; keeps the WQ's size
 * @IDXD_CMD_DRAIN_PASID: operand is a PASID
 * @IDXD_CMD_ABORT_PASID: operand is a PASID
 * @IDXD_CMD_REQUEST_HANDLE: result is an interrupt handle
 * @IDXD_CMD_RELEASE_HANDLE: operand is an interrupt handle
 */
enum idxd_cmd {
	IDXD_CMD_ENABLE_DEVICE = 1,
	IDXD_CMD_DISABLE_DEVICE = 2,
	IDXD_CMD_DRAIN_ALL = 3,
	IDXD_CMD_ABORT_ALL = 4,
	IDXD_CMD_RESET_DEVICE = 5,
	IDXD_CMD_ENABLE_WQ = 6,
	IDXD_CMD_DISABLE_WQ = 7,
	IDXD_CMD_DRAIN_WQ = 8,
	IDXD_CMD_ABORT_WQ = 9,
	IDXD_CMD_RESET_WQ = 10,
	IDXD_CMD_DRAIN_PASID = 11,
	IDXD_CMD_ABORT_PASID = 12,
	IDXD_CMD_REQUEST_HANDLE = 13,
	IDXD_CMD_RELEASE_HANDLE = 14,
};

#define IDXD_CMDSTS_OFF			0xa8
#define IDXD_CMDSTS_ERR			GENMASK(7, 0)
#define IDXD_CMDSTS_RESULT		GENMASK(23, 8)
#define IDXD_CMDSTS_ACTIVE		BIT(31)

/* Command errors, CMDSTS error field; 0 is success */
#define IDXD_CMDERR_NONE		0x00
#define IDXD_CMDERR_INVAL_CMD		0x01
#define IDXD_CMDERR_INVAL_WQ		0x02
#define IDXD_CMDERR_HW			0x03
#define IDXD_CMDERR_RESERVED		0x04
#define IDXD_CMDERR_DEV_ENABLED		0x10
#define IDXD_CMDERR_CONFIG		0x11
#define IDXD_CMDERR_BUS_MASTER		0x12
#define IDXD_CMDERR_PASID_INVAL		0x13
#define IDXD_CMDERR_WQ_SIZE_RANGE	0x14
#define IDXD_CMDERR_GRP_CONFIG		0x15
#define IDXD_CMDERR_GRP_CONFIG2		0x16
#define IDXD_CMDERR_GRP_CONFIG3		0x17
#define IDXD_CMDERR_GRP_CONFIG4		0x18
#define IDXD_CMDERR_DEV_NOT_ENABLED	0x20
#define IDXD_CMDERR_WQ_ENABLED		0x21
#define IDXD_CMDERR_WQ_SIZE		0x22
#define IDXD_CMDERR_WQ_PRIORITY		0x23
#define IDXD_CMDERR_WQ_MODE		0x24
#define IDXD_CMDERR_WQ_BOF		0x25
#define IDXD_CMDERR_WQ_PASID		0x26
#define IDXD_CMDERR_WQ_MAX_BATCH	0x27
#define IDXD_CMDERR_WQ_MAX_XFER		0x28
#define IDXD_CMDERR_DIS_DEV_NOT_ENABLED	0x31
#define IDXD_CMDERR_WQ_DEV_NOT_ENABLED	0x32
#define IDXD_CMDERR_HANDLE_INDEX	0x41
#define IDXD_CMDERR_NO_HANDLE		0x42
#define IDXD_CMDERR_BAD_HANDLE		0x43

#define IDXD_CMDCAP_OFF			0xb0

/* Software error: four 64-bit words, the last is reserved */
#define IDXD_SWERR_OFF			0xc0
#define IDXD_SWERR_NR_WORDS		4
#define IDXD_SWERR0_VALID		BIT_ULL(0)
#define IDXD_SWERR0_OVERFLOW		BIT_ULL(1)
#define IDXD_SWERR0_DESC_VALID		BIT_ULL(2)
#define IDXD_SWERR0_WQ_VALID		BIT_ULL(3)
#define IDXD_SWERR0_BATCH		BIT_ULL(4)
#define IDXD_SWERR0_FAULT_WRITE		BIT_ULL(5)
#define IDXD_SWERR0_PRIV		BIT_ULL(6)
#define IDXD_SWERR0_ERROR		GENMASK_ULL(15, 8)
#define IDXD_SWERR0_WQ			GENMASK_ULL(23, 16)
#define IDXD_SWERR0_OPERATION		GENMASK_ULL(39, 32)
#define IDXD_SWERR0_PASID		GENMASK_ULL(59, 40)
#define IDXD_SWERR1_BATCH_INDEX		GENMASK_ULL(15, 0)
#define IDXD_SWERR1_INVALID_FLAGS	GENMASK_ULL(63, 32)

/* Event log configuration, two 64-bit words */
#define IDXD_EVLCFG0_OFF		0xe0
#define IDXD_EVLCFG0_PASID_EN		BIT_ULL(0)
#define IDXD_EVLCFG0_PRIV		BIT_ULL(1)
#define IDXD_EVLCFG0_BASE		GENMASK_ULL(63, 12)
#define IDXD_EVLCFG1_OFF		0xe8
#define IDXD_EVLCFG1_SIZE		GENMASK_ULL(15, 0)
#define IDXD_EVLCFG1_PASID		GENMASK_ULL(35, 16)
#define IDXD_EVL_MIN_ENTRIES		0x40
#define IDXD_EVL_MAX_ENTRIES		0xffff

#define IDXD_EVLSTS_OFF			0xf0
#define IDXD_EVLSTS_HEAD		GENMASK_ULL(15, 0)
#define IDXD_EVLSTS_TAIL		GENMASK_ULL(47, 32)
#define IDXD_EVLSTS_INT_PENDING		BIT_ULL(62)

/*
 * Entry of the event log: GENCAP's field n says that it has 32 << n bytes. We
 * know the first 64. Word 0 is as in SWERR but for what is named here, word 2
 * is an address, words 4 to 7 are the completion record.
 */
#define IDXD_EVL_ENTRY_UNIT		32
#define IDXD_EVL_NR_WORDS		8
#define IDXD_EVL_RECORD_WORD		4
#define IDXD_EVL0_INFO_VALID		BIT_ULL(7)
#define IDXD_EVL0_BATCH_ID		GENMASK_ULL(31, 24)
#define IDXD_EVL1_BATCH_INDEX		GENMASK_ULL(15, 0)
/* Bits 63:32 by the error: 0x11 has the invalid flags, others these */
#define IDXD_EVL1_INVALID_FLAGS		GENMASK_ULL(63, 32)
#define IDXD_EVL1_HANDLE		GENMASK_ULL(47, 32)
#define IDXD_EVL1_RCI			BIT_ULL(48)
#define IDXD_EVL1_IMS			BIT_ULL(49)
#define IDXD_EVL1_RCR			BIT_ULL(50)
#define IDXD_EVL1_FIRST_IN_BATCH	BIT_ULL(51)
#define IDXD_EVL1_OPERAND		GENMASK_ULL(63, 61)

/* Group configuration table: IDXD_GRPCFG_SIZE bytes a group */
#define IDXD_GRPCFG_SIZE		64
#define IDXD_GRPCFG_WQS_OFF		0x00	/* 256 bits, one a WQ */
#define IDXD_GRPCFG_ENGINES_OFF		0x20	/* 64 bits, one an engine */
#define IDXD_GRPCFG_FLAGS_OFF		0x28	/* 64 bits */
#define IDXD_GRPFLAGS_TC_A		GENMASK_ULL(2, 0)
#define IDXD_GRPFLAGS_TC_B		GENMASK_ULL(5, 3)
#define IDXD_GRPFLAGS_USE_RDBUF_LIMIT	BIT_ULL(7)
#define IDXD_GRPFLAGS_RDBUFS_RESERVED	GENMASK_ULL(15, 8)
#define IDXD_GRPFLAGS_RDBUFS_ALLOWED	GENMASK_ULL(27, 20)
#define IDXD_GRPFLAGS_DESC_PROGRESS	GENMASK_ULL(33, 32)
#define IDXD_GRPFLAGS_BATCH_PROGRESS	GENMASK_ULL(37, 36)

/* Work queue configuration table: dwords of one WQCFG */
#define IDXD_WQCFG_MIN_SIZE		32
#define IDXD_WQCFG0_SIZE		GENMASK(15, 0)
#define IDXD_WQCFG1_THRESHOLD		GENMASK(15, 0)
#define IDXD_WQCFG2_MODE_DEDICATED	BIT(0)
#define IDXD_WQCFG2_BOF			BIT(1)
#define IDXD_WQCFG2_ATS_DISABLE		BIT(2)
#define IDXD_WQCFG2_PRS_DISABLE		BIT(3)
#define IDXD_WQCFG2_PRIORITY		GENMASK(7, 4)
#define IDXD_WQCFG2_PASID		GENMASK(27, 8)
#define IDXD_WQCFG2_PASID_EN		BIT(28)
#define IDXD_WQCFG2_PRIV		BIT(29)
#define IDXD_WQCFG3_MAX_XFER_SHIFT	GENMASK(4, 0)
#define IDXD_WQCFG3_MAX_BATCH_SHIFT	GENMASK(8, 5)
#define IDXD_WQCFG4_OCC_HANDLE		GENMASK(15, 0)
#define IDXD_WQCFG4_OCC_TABLE_IMS	BIT(16)
#define IDXD_WQCFG5_OCC_LIMIT		GENMASK(15, 0)
#define IDXD_WQCFG5_OCC_INT_EN		BIT(16)
#define IDXD_WQCFG6_OCCUPANCY		GENMASK(15, 0)
#define IDXD_WQCFG6_OCC_INT		BIT(16)
#define IDXD_WQCFG6_MODE_SUPPORT	BIT(29)
#define IDXD_WQCFG6_STATE		GENMASK(31, 30)
#define IDXD_WQCFG_NR_DWORDS		8
/* Byte offset of the 256-bit operations mask, where WQCAP has op_config */
#define IDXD_WQCFG_OP_CONFIG_OFF	32

#define IDXD_WQ_PRIORITY_MAX		15

/**
 * enum idxd_wq_state - value of the WQCFG state field
 * @IDXD_WQ_DISABLED: the WQ's configuration may be written
 * @IDXD_WQ_ENABLED: accepts descriptors; writes to its WQCFG are ignored
 */
enum idxd_wq_state {
	IDXD_WQ_DISABLED = 0,
	IDXD_WQ_ENABLED = 1,
};

/* MSI-X permission table, 8 bytes an entry, the fields in the first dword */
#define IDXD_MSIXPERM_SIZE		8
#define IDXD_MSIXPERM_IGNORE		BIT(2)
#define IDXD_MSIXPERM_PASID_EN		BIT(3)
#define IDXD_MSIXPERM_PASID		GENMASK(31, 12)

/* Interrupt message storage: 16 bytes a slot */
#define IDXD_IMS_MULT			256
#define IDXD_IMS_SLOT_SIZE		16
#define IDXD_IMS_ADDR_LO_OFF		0x0
#define IDXD_IMS_ADDR_HI_OFF		0x4
#define IDXD_IMS_DATA_OFF		0x8
#define IDXD_IMS_CTRL_OFF		0xc
#define IDXD_IMS_CTRL_MASK		BIT(0)
#define IDXD_IMS_CTRL_PENDING		BIT(1)
#define IDXD_IMS_CTRL_PASID_EN		BIT(3)
#define IDXD_IMS_CTRL_PASID		GENMASK(31, 12)

/*
 * Portals: 16 KiB a WQ in BAR2, one 4 KiB page of each kind. A limited
 * portal accepts descriptors up to the WQ's threshold only; the page's kind
 * says which table a descriptor's interrupt handle is an index of.
 */
#define IDXD_PORTAL_WQ_SHIFT		14
#define IDXD_PORTAL_PAGE_SIZE		0x1000
#define IDXD_PORTAL_UNLIMITED_MSIX	0
#define IDXD_PORTAL_LIMITED_MSIX	1
#define IDXD_PORTAL_UNLIMITED_IMS	2
#define IDXD_PORTAL_LIMITED_IMS		3
#define IDXD_PORTAL_NR_PAGES		4

#endif /* IDXD_REGS_H */
