/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * BAR0 of a virtual DSA: a typed register table (layer V0, pure).
 *
 * The device has one WQ, one group and one engine, and a configuration that
 * is read only (GENCAP.configurable is 0). An image holds every register;
 * the table says per register which bits a guest can change and when. No
 * lock, no allocation, no MMIO: it also compiles in user space
 * (tests/unit/test-vregs.c). What the hardware knows better than the image
 * (state and occupancy of the WQ) comes through a callback.
 */
#ifndef IDXD_VREGS_H
#define IDXD_VREGS_H

#include <linux/types.h>

#include "idxd_regs.h"

/* The registers and tables; the rest of BAR0 reads 0 */
#define IDXD_VREGS_IMAGE_SIZE	0x1000
#define IDXD_VREGS_NR_DWORDS	(IDXD_VREGS_IMAGE_SIZE / 4)

/* Where the tables are in BAR0 */
#define IDXD_VREGS_GRPCFG_OFF	0x400
#define IDXD_VREGS_WQCFG_OFF	0x500
#define IDXD_VREGS_MSIXPERM_OFF	0x600

/* WQCFG dwords of the occupancy interrupt, written at any time */
#define IDXD_VREGS_OCC_HANDLE_OFF	(IDXD_VREGS_WQCFG_OFF + 4 * 4)
#define IDXD_VREGS_OCC_LIMIT_OFF	(IDXD_VREGS_WQCFG_OFF + 5 * 4)

/* GENCAP event log field: entries of 64 bytes */
#define IDXD_VREGS_EVL_SUPPORT	1

/* Effects of a write, a bit mask */
#define IDXD_VREGS_CMD		0x1	/* CMD was written */
#define IDXD_VREGS_OCC_HANDLE	0x2	/* handle of the occupancy interrupt */
#define IDXD_VREGS_OCC_LIMIT	0x4	/* limit and enable bit of it */

/**
 * struct idxd_vregs_caps - what the virtual device is capable of
 * @version: VERSION register
 * @gencap: GENCAP of the parent; what a guest cannot have is removed
 * @wqcap: WQCAP of the parent; likewise
 * @grpcap: GRPCAP of the parent; likewise
 * @opcap: operations the WQ accepts
 * @wq_size: entries of the WQ
 * @wq_threshold: entries its limited portal accepts
 * @wq_priority: its priority in the group
 * @max_xfer_shift: largest transfer is 1 << this, in bytes
 * @max_batch_shift: largest batch is 1 << this, in descriptors
 * @nr_msix: MSI-X table entries
 */
struct idxd_vregs_caps {
	u32 version;
	u64 gencap;
	u64 wqcap;
	u64 grpcap;
	u64 opcap[IDXD_OPCAP_NR_WORDS];
	u16 wq_size;
	u16 wq_threshold;
	u8 wq_priority;
	u8 max_xfer_shift;
	u8 max_batch_shift;
	u8 nr_msix;
};

/**
 * struct idxd_vregs - registers of one virtual device
 * @caps: the constant part
 * @wq_live: a WQCFG dword of the hardware, or NULL
 * @pending: MSI-X vectors with an interrupt pending, a bit each, or NULL
 * @ctx: argument of @wq_live and @pending
 * @dw: the image
 */
struct idxd_vregs {
	struct idxd_vregs_caps caps;
	u32 (*wq_live)(void *ctx, unsigned int dword);
	u32 (*pending)(void *ctx);
	void *ctx;
	u32 dw[IDXD_VREGS_NR_DWORDS];
};

/**
 * idxd_vregs_init() - fill the image with its values after a reset
 * @vr: the registers; its callbacks are left alone
 * @caps: copied
 */
void idxd_vregs_init(struct idxd_vregs *vr, const struct idxd_vregs_caps *caps);

/**
 * idxd_vregs_reset() - all registers and the MSI-X table as after power on
 * @vr: the registers
 */
void idxd_vregs_reset(struct idxd_vregs *vr);

/**
 * idxd_vregs_reset_device() - what the Reset Device command resets
 * @vr: the registers
 *
 * CMD, CMDSTS and the MSI-X table (which belongs to PCI) keep their values.
 */
void idxd_vregs_reset_device(struct idxd_vregs *vr);

/**
 * idxd_vregs_reset_wq() - what the Reset WQ command resets
 * @vr: the registers
 */
void idxd_vregs_reset_wq(struct idxd_vregs *vr);

/**
 * idxd_vregs_set_priority() - the WQ got another priority
 * @vr: the registers
 * @priority: in its group, 1 to 15
 */
void idxd_vregs_set_priority(struct idxd_vregs *vr, u8 priority);

/**
 * idxd_vregs_read() - read at any offset
 * @vr: the registers
 * @off: byte offset in BAR0, may be out of range
 * @len: 1 to 8 bytes, any alignment
 *
 * Return: the value, little endian; unknown offsets are 0.
 */
u64 idxd_vregs_read(const struct idxd_vregs *vr, u32 off, unsigned int len);

/**
 * idxd_vregs_write() - write at any offset
 * @vr: the registers
 * @off: byte offset in BAR0, may be out of range
 * @val: the value; only its low @len bytes count
 * @len: 1 to 8 bytes, any alignment
 *
 * Unknown offsets and read-only bits ignore the write. A write to a part of
 * CMD is ignored.
 *
 * Return: IDXD_VREGS_* effects the caller has to act on.
 */
unsigned int idxd_vregs_write(struct idxd_vregs *vr, u32 off, u64 val,
			      unsigned int len);

/**
 * idxd_vregs_get() - one register of the image
 * @vr: the registers
 * @off: its offset, a multiple of 4 inside the image
 *
 * Return: the dword; 0 for a bad offset.
 */
u32 idxd_vregs_get(const struct idxd_vregs *vr, u32 off);

/**
 * idxd_vregs_set() - change a register behind the guest's back
 * @vr: the registers
 * @off: its offset, a multiple of 4 inside the image
 * @val: the new value, without regard to what a guest can write
 */
void idxd_vregs_set(struct idxd_vregs *vr, u32 off, u32 val);

/**
 * idxd_vregs_get64() - two neighbouring registers of the image
 * @vr: the registers
 * @off: offset of the lower one, a multiple of 4 inside the image
 *
 * Return: the value; 0 for a bad offset.
 */
u64 idxd_vregs_get64(const struct idxd_vregs *vr, u32 off);

/**
 * idxd_vregs_set64() - change two neighbouring registers, as idxd_vregs_set()
 * @vr: the registers
 * @off: offset of the lower one, a multiple of 4 inside the image
 * @val: the new value
 */
void idxd_vregs_set64(struct idxd_vregs *vr, u32 off, u64 val);

/**
 * idxd_vregs_state() - state of the virtual device
 * @vr: the registers
 *
 * Return: the state field of GENSTS.
 */
enum idxd_dev_state idxd_vregs_state(const struct idxd_vregs *vr);

/**
 * idxd_vregs_set_state() - change the state of the virtual device
 * @vr: the registers
 * @state: the new state, other than halted
 */
void idxd_vregs_set_state(struct idxd_vregs *vr, enum idxd_dev_state state);

/**
 * idxd_vregs_halt() - the virtual device halts
 * @vr: the registers
 * @needs: what GENSTS says brings it back
 */
void idxd_vregs_halt(struct idxd_vregs *vr, enum idxd_reset_type needs);

/**
 * idxd_vregs_raise() - set a bit in INTCAUSE
 * @vr: the registers
 * @cause: one IDXD_INTCAUSE_* bit
 *
 * Nothing happens while GENCTRL has the cause disabled.
 *
 * Return: true if MSI-X vector 0 has to be signalled, also if the bit was set:
 * software may be about to clear it.
 */
bool idxd_vregs_raise(struct idxd_vregs *vr, u32 cause);

/**
 * idxd_vregs_swerr() - record a software error
 * @vr: the registers
 * @swerr: the four words as the hardware has them
 *
 * The WQ index becomes the guest's, 0, and the host's PASID is removed. An
 * error the guest has not acknowledged yet stays; the new one sets overflow,
 * which interrupts too, once.
 *
 * Return: true if MSI-X vector 0 has to be signalled.
 */
bool idxd_vregs_swerr(struct idxd_vregs *vr,
		      const u64 swerr[IDXD_SWERR_NR_WORDS]);

#endif /* IDXD_VREGS_H */
