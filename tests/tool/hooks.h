/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that others call: libFuzzer, by the name it wants, and the linker's
 * --wrap.
 */
#ifndef TESTS_TOOL_HOOKS_H
#define TESTS_TOOL_HOOKS_H

#include <stddef.h>
#include <stdint.h>

#include "sock.h"

int fuzz_one(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

ssize_t __real_sock_recv(struct sock *sock, void *buf, size_t size);
ssize_t __wrap_sock_recv(struct sock *sock, void *buf, size_t size);

#endif /* TESTS_TOOL_HOOKS_H */
