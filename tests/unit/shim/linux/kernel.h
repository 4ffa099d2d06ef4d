/* SPDX-License-Identifier: GPL-2.0-only */
/* Small arithmetic of the kernel in user space; see types.h */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/types.h>

#define min(a, b) __extension__ ({					\
	__auto_type a_ = (a);						\
	__auto_type b_ = (b);						\
	a_ < b_ ? a_ : b_; })
#define max(a, b) __extension__ ({					\
	__auto_type a_ = (a);						\
	__auto_type b_ = (b);						\
	a_ > b_ ? a_ : b_; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define min3(a, b, c)		min(min(a, b), c)
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

#endif /* SHIM_LINUX_KERNEL_H */
