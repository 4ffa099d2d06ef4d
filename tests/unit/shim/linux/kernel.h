/* SPDX-License-Identifier: GPL-2.0-only */
/* Small arithmetic of the kernel in user space; see types.h */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

#endif /* SHIM_LINUX_KERNEL_H */
