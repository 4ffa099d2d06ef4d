/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to the registers of one device (layer L1).
 *
 * The only MMIO of the core is in hw.c. Offsets come from idxd_regs.h or, for
 * tables, from decoded and bounds-checked capabilities.
 */
#ifndef IDXD_HW_H
#define IDXD_HW_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct device;

/**
 * struct idxd_hw - the register window of one device
 * @dev: the PCI function, for messages and traces
 * @regs: BAR0
 * @regs_size: bytes of BAR0
 * @portal: physical address of BAR2
 * @portal_size: bytes of BAR2
 * @lock: makes idxd_hw_update32() atomic; innermost lock
 */
struct idxd_hw {
	struct device *dev;
	void __iomem *regs;
	u64 regs_size;
	phys_addr_t portal;
	u64 portal_size;
	spinlock_t lock;	/* one read-modify-write at a time */
};

/**
 * idxd_hw_init() - set the window up
 * @hw: to be filled; regs, portal and their sizes are the caller's
 * @dev: the PCI function
 */
void idxd_hw_init(struct idxd_hw *hw, struct device *dev);

/**
 * idxd_hw_read32() - read a register of 32 bits
 * @hw: the window
 * @offset: in bytes from the start of BAR0, a multiple of 4
 *
 * Context: any.
 * Return: the value, all ones when the device is gone.
 */
u32 idxd_hw_read32(struct idxd_hw *hw, u32 offset);

/**
 * idxd_hw_read64() - read a register of 64 bits
 * @hw: the window
 * @offset: in bytes from the start of BAR0, a multiple of 8
 *
 * Context: any.
 * Return: the value, all ones when the device is gone.
 */
u64 idxd_hw_read64(struct idxd_hw *hw, u32 offset);

/**
 * idxd_hw_write32() - write a register of 32 bits
 * @hw: the window
 * @offset: in bytes from the start of BAR0, a multiple of 4
 * @val: the value
 *
 * Context: any.
 */
void idxd_hw_write32(struct idxd_hw *hw, u32 offset, u32 val);

/**
 * idxd_hw_write64() - write a register of 64 bits
 * @hw: the window
 * @offset: in bytes from the start of BAR0, a multiple of 8
 * @val: the value
 *
 * Context: any.
 */
void idxd_hw_write64(struct idxd_hw *hw, u32 offset, u64 val);

/**
 * idxd_hw_update32() - change some bits of a register
 * @hw: the window
 * @offset: in bytes from the start of BAR0, a multiple of 4
 * @mask: the bits to change
 * @val: their new value, within @mask
 *
 * Context: any; takes hw->lock.
 */
void idxd_hw_update32(struct idxd_hw *hw, u32 offset, u32 mask, u32 val);

/**
 * idxd_hw_wait32() - poll until some bits have a value
 * @hw: the window
 * @offset: in bytes from the start of BAR0, a multiple of 4
 * @mask: the bits to look at
 * @want: the value to wait for, within @mask
 * @timeout_ms: how long
 *
 * Context: sleeps.
 * Return: 0 or -ETIMEDOUT.
 */
int idxd_hw_wait32(struct idxd_hw *hw, u32 offset, u32 mask, u32 want,
		   unsigned int timeout_ms);

/**
 * idxd_hw_gone() - does the device no longer answer
 * @hw: the window
 *
 * A function that was pulled out, or whose memory decoding is off, reads as
 * all ones; VERSION never does otherwise.
 *
 * Context: any.
 * Return: true if the device is gone.
 */
bool idxd_hw_gone(struct idxd_hw *hw);

#endif /* IDXD_HW_H */
