/* SPDX-License-Identifier: GPL-2.0-only */
/* Fields named by their mask, in user space; see types.h */
#ifndef SHIM_LINUX_BITFIELD_H
#define SHIM_LINUX_BITFIELD_H

#include <linux/bits.h>
#include <linux/types.h>

#define SHIM_SHIFT(mask)	__builtin_ctzll(mask)
#define FIELD_GET(mask, reg)						\
	((__typeof__(mask))(((reg) & (mask)) >> SHIM_SHIFT(mask)))
#define FIELD_PREP(mask, val)						\
	(((__typeof__(mask))(val) << SHIM_SHIFT(mask)) & (mask))
#define FIELD_MAX(mask)		((__typeof__(mask))((mask) >> SHIM_SHIFT(mask)))
#define FIELD_FIT(mask, val)						\
	(!((((__typeof__(mask))(val)) << SHIM_SHIFT(mask)) & ~(mask)))

#endif /* SHIM_LINUX_BITFIELD_H */
