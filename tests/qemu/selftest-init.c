// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's only program: checks MOVDIR64B and MOVDIRI as a process sees
 * them, prints KTAP on the console and powers off. Run by tests/qemu/selftest;
 * must run on any CPU that has the two instructions.
 */

#include <cpuid.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define PAGE 4096
#define HPET_BASE 0xfed00000
#define HPET_TIMER2 0x140
#define ECX_MOVDIRI (1u << 27)
#define ECX_MOVDIR64B (1u << 28)

static sigjmp_buf fault;
static int caught;

static void on_signal(int sig)
{
	caught = sig;
	siglongjmp(fault, 1);
}

static void movdir64b(void *dst, const void *src)
{
	asm volatile("movdir64b (%1), %0" : : "r"(dst), "r"(src) : "memory");
}

/* Which signal the store raises, 0 for none. */
static int try_movdir64b(void *dst, const void *src)
{
	caught = 0;
	if (!sigsetjmp(fault, 1))
		movdir64b(dst, src);
	return caught;
}

static void *map(size_t size, int prot, int flags)
{
	void *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags,
		       -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void fill(uint8_t *p, size_t size, uint8_t first)
{
	for (size_t i = 0; i < size; i++)
		p[i] = first + i * 7;
}

static bool cpuid_has_both(void)
{
	unsigned int a, b, c, d;

	return __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	       (c & ECX_MOVDIRI) && (c & ECX_MOVDIR64B);
}

/* Every source offset, the page boundary included, and nothing beyond. */
static bool copies_64_bytes(void)
{
	uint8_t *src = map(2 * PAGE, PROT_READ | PROT_WRITE, 0);
	uint8_t *dst = map(PAGE, PROT_READ | PROT_WRITE, 0);

	fill(src, 2 * PAGE, 3);
	for (size_t at = PAGE - 70; at < PAGE + 10; at++) {
		memset(dst, 0xee, 192);
		movdir64b(dst + 64, src + at);
		if (memcmp(dst + 64, src + at, 64) || dst[63] != 0xee ||
		    dst[128] != 0xee)
			return false;
	}
	return true;
}

static bool refuses_misaligned(void)
{
	static const int by[] = { 1, 8, 16, 32, 63 };
	uint8_t *dst = map(PAGE, PROT_READ | PROT_WRITE, 0);
	uint8_t src[64];

	fill(src, 64, 9);
	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++)
		if (try_movdir64b(dst + by[i], src) != SIGSEGV)
			return false;
	for (int i = 0; i < 256; i++)
		if (dst[i])
			return false;
	return true;
}

static bool refuses_readonly_and_unmapped(void)
{
	uint8_t *page = map(2 * PAGE, PROT_READ | PROT_WRITE, 0);
	uint8_t src[64] = { 1 };

	mprotect(page, PAGE, PROT_READ);
	munmap(page + PAGE, PAGE);
	return try_movdir64b(page, src) == SIGSEGV && page[0] == 0 &&
	       try_movdir64b(page + PAGE, src) == SIGSEGV &&
	       try_movdir64b(page, page + PAGE - 1) == SIGSEGV;
}

/* With a 67 prefix the upper half of both registers counts for nothing. */
static bool takes_32_bit_addresses(void)
{
	uint8_t *low = map(PAGE, PROT_READ | PROT_WRITE, MAP_32BIT);
	uint64_t dst = (uintptr_t)low + 128, src = (uintptr_t)low;

	fill(low, 64, 77);
	dst |= 0xdead000000000000;
	src |= 0xbeef000000000000;
	asm volatile("movdir64b (%k1), %k0"
		     : : "r"(dst), "r"(src) : "memory");
	return !memcmp(low, low + 128, 64);
}

/* The prefix is the source's: the destination has no FS base added. */
static bool applies_segment_to_source(void)
{
	uint8_t *dst = map(PAGE, PROT_READ | PROT_WRITE, 0);
	uintptr_t zero = 0, base;

	asm volatile("mov %%fs:0, %0" : "=r"(base));
	asm volatile("movdir64b %%fs:(%1), %0"
		     : : "r"(dst), "r"(zero) : "memory");
	return !memcmp(dst, (void *)base, 64);
}

/* Code just run is overwritten by the store, and run again. */
static bool drops_translated_code(void)
{
	uint8_t *code = map(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, 0);
	uint8_t line[64] = { 0xb8, 0, 0, 0, 0, 0xc3 };	/* mov $n, %eax; ret */

	for (uint8_t n = 1; n < 50; n++) {
		line[1] = n;
		movdir64b(code, line);
		if (((int (*)(void))(void *)code)() != n)
			return false;
	}
	return true;
}

static bool movdiri_stores_4_or_8(void)
{
	uint64_t mem[3] = { ~0ull, ~0ull, ~0ull };
	uint64_t val = 0x1122334455667788;

	asm volatile("movdiri %1, %0" : "+m"(mem[1]) : "r"(val) : "memory");
	if (mem[0] != ~0ull || mem[1] != val || mem[2] != ~0ull)
		return false;
	mem[1] = ~0ull;
	asm volatile("movdiri %k1, %0" : "+m"(mem[1]) : "r"(val) : "memory");
	return mem[1] == 0xffffffff55667788;
}

/* F3 before MOVDIRI, and the register form, are undefined. */
static bool other_forms_are_undefined(void)
{
	uint64_t mem = 5;

	caught = 0;
	if (!sigsetjmp(fault, 1))
		asm volatile(".byte 0xf3, 0x0f, 0x38, 0xf9, 0x00"
			     : : "a"(&mem) : "memory");
	if (caught != SIGILL)
		return false;
	caught = 0;
	if (!sigsetjmp(fault, 1))
		asm volatile(".byte 0x66, 0x0f, 0x38, 0xf8, 0xc0" : : "a"(&mem));
	return caught == SIGILL;
}

/*
 * A device without use for 64-byte stores gets eight of 8: the comparator of
 * the HPET's third timer is the second of them.
 */
static bool mmio_gets_eight_stores(void)
{
	uint64_t line[8] = { 0, 0x12345678 };
	volatile uint64_t *timer;
	uint8_t *hpet;
	int fd;

	if (mknod("/mem", S_IFCHR | 0600, makedev(1, 1)))
		return false;
	fd = open("/mem", O_RDWR | O_SYNC);
	hpet = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    HPET_BASE);
	if (hpet == MAP_FAILED)
		return false;
	timer = (void *)(hpet + HPET_TIMER2);
	movdir64b((void *)timer, line);
	return (uint32_t)timer[1] == line[1];
}

static const struct {
	const char *name;
	bool (*run)(void);
} tests[] = {
	{ "cpuid_has_both", cpuid_has_both },
	{ "movdir64b_copies_64_bytes", copies_64_bytes },
	{ "movdir64b_refuses_misaligned", refuses_misaligned },
	{ "movdir64b_refuses_readonly_and_unmapped",
	  refuses_readonly_and_unmapped },
	{ "movdir64b_takes_32_bit_addresses", takes_32_bit_addresses },
	{ "movdir64b_applies_segment_to_source", applies_segment_to_source },
	{ "movdir64b_drops_translated_code", drops_translated_code },
	{ "movdir64b_to_mmio_is_eight_stores", mmio_gets_eight_stores },
	{ "movdiri_stores_4_or_8", movdiri_stores_4_or_8 },
	{ "other_forms_are_undefined", other_forms_are_undefined },
};

int main(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	size_t nr = sizeof(tests) / sizeof(tests[0]);

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGILL, &sa, NULL);

	printf("KTAP version 1\n1..%zu\n", nr);
	for (size_t i = 0; i < nr; i++) {
		bool ok = !sigsetjmp(fault, 1) && tests[i].run();

		printf("%s %zu %s\n", ok ? "ok" : "not ok", i + 1,
		       tests[i].name);
		fflush(stdout);
	}
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	return 0;
}
