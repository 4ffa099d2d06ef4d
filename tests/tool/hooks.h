/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that others call: libFuzzer, by the name it wants, and the linker's
 * --wrap.
 */
#ifndef TESTS_TOOL_HOOKS_H
#define TESTS_TOOL_HOOKS_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <json-c/json.h>

#include "sock.h"

int fuzz_one(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

ssize_t __real_sock_recv(struct sock *sock, void *buf, size_t size);
ssize_t __wrap_sock_recv(struct sock *sock, void *buf, size_t size);

/* No time passes for whoever is in a hurry, and there may be no memory */
int __real_nanosleep(const struct timespec *req, struct timespec *rem);
int __wrap_nanosleep(const struct timespec *req, struct timespec *rem);
struct json_tokener *__real_json_tokener_new(void);
struct json_tokener *__wrap_json_tokener_new(void);

#endif /* TESTS_TOOL_HOOKS_H */
