// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access to the registers of one device (layer L1).
 *
 * Owns the MMIO window: nothing else in the core dereferences it. Knows no
 * register's meaning but VERSION's, which tells whether the device answers.
 */
#include "hw.h"

#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/iopoll.h>

#include "idxd_regs.h"

#define IDXD_HW_POLL_US		500

void idxd_hw_init(struct idxd_hw *hw, struct device *dev)
{
	hw->dev = dev;
	spin_lock_init(&hw->lock);
}

u32 idxd_hw_read32(struct idxd_hw *hw, u32 offset)
{
	return readl(hw->regs + offset);
}

u64 idxd_hw_read64(struct idxd_hw *hw, u32 offset)
{
	return readq(hw->regs + offset);
}

void idxd_hw_write32(struct idxd_hw *hw, u32 offset, u32 val)
{
	writel(val, hw->regs + offset);
}

void idxd_hw_write64(struct idxd_hw *hw, u32 offset, u64 val)
{
	writeq(val, hw->regs + offset);
}

void idxd_hw_update32(struct idxd_hw *hw, u32 offset, u32 mask, u32 val)
{
	unsigned long flags;

	spin_lock_irqsave(&hw->lock, flags);
	writel((readl(hw->regs + offset) & ~mask) | val, hw->regs + offset);
	spin_unlock_irqrestore(&hw->lock, flags);
}

int idxd_hw_wait32(struct idxd_hw *hw, u32 offset, u32 mask, u32 want,
		   unsigned int timeout_ms)
{
	u32 val;

	return readl_poll_timeout(hw->regs + offset, val,
				  (val & mask) == want, IDXD_HW_POLL_US,
				  timeout_ms * USEC_PER_MSEC);
}

bool idxd_hw_gone(struct idxd_hw *hw)
{
	return idxd_hw_read32(hw, IDXD_VERSION_OFF) == U32_MAX;
}
