/* SPDX-License-Identifier: GPL-2.0-only */
/* The smaller and the larger of two in user space; see types.h */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

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

#endif /* SHIM_LINUX_MINMAX_H */
