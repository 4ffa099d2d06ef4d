// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-fuzz: stores to mappings that a device may take away at any time. The
 * signal that tells is part of the game, and only in here.
 */
#include "fuzz.h"

#include <setjmp.h>
#include <signal.h>
#include <string.h>

static __thread sigjmp_buf store_back;
static __thread volatile sig_atomic_t storing;

static void store_failed(int sig)
{
	if (storing)
		siglongjmp(store_back, 1);
	signal(sig, SIG_DFL);
	raise(sig);
}

void fuzz_store_init(void)
{
	struct sigaction act = { .sa_handler = store_failed };

	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGSEGV, &act, NULL);
}

static void store(volatile void *dst, const void *src, unsigned int size)
{
	uint64_t val = 0;

	if (size == 64) {
		/* movdir64b (%rdx), %rax; assemblers may be older than it */
		asm volatile(".byte 0x66, 0x0f, 0x38, 0xf8, 0x02"
			     : : "a" (dst), "d" (src) : "memory");
		return;
	}
	memcpy(&val, src, size);
	switch (size) {
	case 1:
		*(volatile uint8_t *)dst = val;
		break;
	case 2:
		*(volatile uint16_t *)dst = val;
		break;
	case 4:
		*(volatile uint32_t *)dst = val;
		break;
	default:
		*(volatile uint64_t *)dst = val;
	}
}

/* A size of 0 reads a byte instead */
bool fuzz_store(volatile void *dst, const void *src, unsigned int size)
{
	bool ok = false;

	if (!sigsetjmp(store_back, 1)) {
		storing = 1;
		if (size)
			store(dst, src, size);
		else
			(void)*(volatile uint8_t *)dst;
		ok = true;
	}
	storing = 0;
	return ok;
}
