/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model's register definitions expand to in user space: numbers with
 * names, A_REG for an offset, F_REG_FIELD_FIRST and _LENGTH for a field.
 */
#ifndef SHIM_HW_REGISTERFIELDS_H
#define SHIM_HW_REGISTERFIELDS_H

#define REG32(reg, off)		enum { A_##reg = (off) };
#define REG64(reg, off)		enum { A_##reg = (off) };
#define FIELD(reg, field, first, length)				\
	enum {								\
		F_##reg##_##field##_FIRST = (first),			\
		F_##reg##_##field##_LENGTH = (length),			\
	};

#endif /* SHIM_HW_REGISTERFIELDS_H */
