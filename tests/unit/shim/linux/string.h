/* SPDX-License-Identifier: GPL-2.0-only */
/* String functions in user space are the C library's; see types.h */
#include <string.h>
