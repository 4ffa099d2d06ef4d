/* SPDX-License-Identifier: GPL-2.0-only */
/* Elements of an array in user space; see types.h */
#ifndef SHIM_LINUX_ARRAY_SIZE_H
#define SHIM_LINUX_ARRAY_SIZE_H

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif /* SHIM_LINUX_ARRAY_SIZE_H */
