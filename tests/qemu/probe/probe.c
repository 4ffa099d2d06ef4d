// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe: access to the device and to memory, and main. The tests are in the
 * other files. Run as root with IOMMU off (or iommu=pt), no driver bound and one
 * 2 MiB huge page free: probe DOMAIN:BUS:DEV.FN [TESTS]
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <immintrin.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "probe.h"

uint8_t *mem;
static uint64_t mem_phys;
volatile uint8_t *bar0, *bar2;
int cfg_fd;
static int nr_tests, nr_failed;
static uint16_t bars[12];
static unsigned int devfn;
static unsigned int pasid_cap, ats_cap;
static uint16_t pasid_ctrl, ats_ctrl;	/* as the IOMMU's driver left them */

void check(bool ok, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("%sok %d ", ok ? "" : "not ", ++nr_tests);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	nr_failed += !ok;
	fflush(stdout);
}

int probe_done(void)
{
	printf("1..%d\n# %d passed, %d failed\n", nr_tests,
	       nr_tests - nr_failed, nr_failed);
	return nr_failed != 0;
}

uint32_t rd32(uint32_t off)
{
	return *(volatile uint32_t *)(bar0 + off);
}

uint64_t rd64(uint32_t off)
{
	return *(volatile uint64_t *)(bar0 + off);
}

void wr32(uint32_t off, uint32_t val)
{
	*(volatile uint32_t *)(bar0 + off) = val;
}

void wr64(uint32_t off, uint64_t val)
{
	*(volatile uint64_t *)(bar0 + off) = val;
}

void cfg16_write(unsigned int off, uint16_t val)
{
	if (pwrite(cfg_fd, &val, 2, off) != 2)
		err(1, "config write");
}

uint16_t cfg16_read(unsigned int off)
{
	uint16_t val;

	if (pread(cfg_fd, &val, 2, off) != 2)
		err(1, "config read");
	return val;
}

unsigned int cfg_find_cap(uint8_t id)
{
	unsigned int pos = cfg16_read(0x34) & 0xff;

	while (pos && (cfg16_read(pos) & 0xff) != id)
		pos = cfg16_read(pos) >> 8;
	return pos;
}

unsigned int cfg_find_ext_cap(uint16_t id)
{
	unsigned int pos = 0x100;

	while (pos && cfg16_read(pos) != id)
		pos = cfg16_read(pos + 2) >> 4;
	return pos;
}

uint64_t phys(uint32_t at)
{
	return mem_phys + at;
}

void ms_sleep(unsigned int ms)
{
	usleep(ms * 1000);
}

/* Returns CMDSTS, or all ones when the command stays active for 20 s. */
uint32_t cmd_wait(void)
{
	uint32_t sts;

	for (int i = 0; i < 20000; i++) {
		sts = rd32(0xa8);
		if (!(sts >> 31))
			return sts;
		ms_sleep(1);
	}
	return UINT32_MAX;
}

uint32_t cmd(unsigned int code, uint32_t operand)
{
	wr32(0xa0, code << 20 | operand);
	return cmd_wait();
}

/* A command to the QEMU below this machine: true when it took it */
bool qmp(const char *fmt, ...)
{
	char text[256], line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "vm-qmp '%s' >&2", text);
	return !system(line);
}

bool qom_set(const char *property, const char *value)
{
	return qmp("{\"execute\": \"qom-set\", \"arguments\": {\"path\": "
		   "\"dsa0\", \"property\": \"%s\", \"value\": %s}}",
		   property, value);
}

uint32_t grp_off(unsigned int g)
{
	return (rd64(0x60) & 0xffff) * 0x100 + g * 64;
}

uint32_t wq_off(unsigned int n)
{
	unsigned int size = 32 << (rd64(0x20) >> 24 & 0xf);

	return (rd64(0x60) >> 16 & 0xffff) * 0x100 + n * size;
}

uint32_t perm_off(unsigned int n)
{
	return (rd64(0x60) >> 32 & 0xffff) * 0x100 + n * 8;
}

uint32_t ims_off(unsigned int slot)
{
	return (rd64(0x60) >> 48) * 0x100 + slot * 16;
}

void setup_wq(unsigned int n, unsigned int size)
{
	uint32_t w = wq_off(n);

	wr64(grp_off(0), 1ull << n);
	wr64(grp_off(0) + 0x20, 1);
	wr32(w, size);
	wr32(w + 8, 1 | 1 << 4);
	wr32(w + 12, 31 | 10 << 5);
	if (cmd(CMD_ENABLE_DEV, 0) || cmd(CMD_ENABLE_WQ, n))
		check(false, "setup of WQ %u", n);
}

void place(unsigned int g, uint64_t wqs, uint64_t engines)
{
	wr64(grp_off(g), wqs);
	wr64(grp_off(g) + 0x20, engines);
	for (unsigned int n = 0; n < 8; n++) {
		if (!(wqs >> n & 1))
			continue;
		wr32(wq_off(n), 32);
		wr32(wq_off(n) + 8, 1 | 1 << 4);
		wr32(wq_off(n) + 12, 31 | 10 << 5);
	}
}

__attribute__((target("movdir64b")))
void submit_at(uint32_t off, const void *p)
{
	uint8_t copy[64] __attribute__((aligned(64)));

	memcpy(copy, p, sizeof(copy));
	_movdir64b((void *)(bar2 + off), copy);
}

__attribute__((target("movdir64b")))
void submit(unsigned int n, unsigned int page, const struct dsa_hw_desc *d)
{
	struct dsa_hw_desc copy __attribute__((aligned(64))) = *d;

	_movdir64b((void *)(bar2 + (n << 14) + (page << 12)), &copy);
}

void submit_raw(unsigned int n, uint32_t off, const void *p, unsigned int size)
{
	for (unsigned int i = 0; i < size; i += 8)
		*(volatile uint64_t *)(bar2 + (n << 14) + off + i) =
			*(const uint64_t *)((const uint8_t *)p + i);
}

volatile struct dsa_completion_record *cr(unsigned int i)
{
	return (volatile void *)(mem + AT_CR + i * 32);
}

/* The status, or 0 when there was none within 3 s. */
uint8_t wait_cr(unsigned int i)
{
	for (int n = 0; n < 3000 && !cr(i)->status; n++)
		ms_sleep(1);
	return cr(i)->status;
}

bool wait_mem32(uint32_t at, uint32_t val)
{
	for (int n = 0; n < 2000; n++) {
		if (*(volatile uint32_t *)(mem + at) == val)
			return true;
		ms_sleep(1);
	}
	return false;
}

struct dsa_hw_desc desc(uint8_t op, unsigned int cr_index, uint32_t size)
{
	struct dsa_hw_desc d = {
		.opcode = op,
		.flags = IDXD_OP_FLAG_CRAV | IDXD_OP_FLAG_RCR,
		.completion_addr = phys(AT_CR + cr_index * 32),
		.xfer_size = size,
	};

	/* Fields that an operation has no use for must be 0 */
	if (op != DSA_OPCODE_NOOP && op != DSA_OPCODE_DRAIN) {
		d.src_addr = phys(AT_SRC);
		d.dst_addr = phys(AT_DST);
	}
	memset((void *)cr(cr_index), 0, 32);
	return d;
}

/* FLR: the only reset that also ends a stuck command. It clears the BARs. */
void reset_all(void)
{
	unsigned int pcie = cfg_find_cap(0x10);

	cfg16_write(pcie + 8, cfg16_read(pcie + 8) | 0x8000);
	ms_sleep(1);
	for (int i = 0; i < 12; i++)
		cfg16_write(0x10 + i * 2, bars[i]);
	cfg16_write(4, 0x6);
	if (pasid_cap)
		cfg16_write(pasid_cap + 6, pasid_ctrl);
	if (ats_cap)
		cfg16_write(ats_cap + 6, ats_ctrl);
	memset(mem, 0, MEM_SIZE);
}

uint64_t bar_phys(unsigned int n)
{
	uint16_t *b = &bars[n * 2];

	return (b[0] & ~0xfull) | (uint64_t)b[1] << 16 | (uint64_t)b[2] << 32 |
	       (uint64_t)b[3] << 48;
}

/* Where the device's own configuration space is in memory, or 0 */
uint64_t ecam_phys(void)
{
	unsigned long long start;
	uint64_t found = 0;
	char line[256];
	FILE *f = fopen("/proc/iomem", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, "PCI ECAM") &&
		    sscanf(line, " %llx-", &start) == 1)
			found = start + devfn * 4096;
	if (f)
		fclose(f);
	return found;
}

static volatile uint8_t *map_bar(const char *dev, int n)
{
	char path[128];
	struct stat st;
	void *p;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%d", dev,
		 n);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	p = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(1, "mmap %s", path);
	close(fd);
	return p;
}

static void map_memory(void)
{
	uint64_t entry;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		   MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE, -1, 0);
	if (fd < 0 || mem == MAP_FAILED)
		err(1, "huge page");
	memset(mem, 0, MEM_SIZE);
	if (pread(fd, &entry, 8, (uintptr_t)mem / 4096 * 8) != 8 ||
	    !(entry & ((1ull << 55) - 1)))
		errx(1, "no physical address");
	mem_phys = (entry & ((1ull << 55) - 1)) * 4096;
	close(fd);
}

static void test_basics(void)
{
	test_regs();
	test_commands();
	test_wq();
	test_irq();
	test_errors();
	test_log();
	test_hostile();
}

static void test_alive(void)
{
	works_again("whatever happened");
}

static const struct {
	const char *name;
	void (*test)(void);
} tests[] = {
	{ "basics", test_basics }, { "work", test_work },
	{ "faults", test_faults }, { "handles", test_handles },
	{ "large", test_large }, { "fuzz", test_fuzz },
	{ "removal", test_removal }, { "alive", test_alive },
	{ "pasid", test_pasid }, { "more", test_more },
	{ "less", test_less },
};

static void run_tests(const char *name)
{
	for (unsigned int i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (!strcmp(tests[i].name, name)) {
			reset_all();
			tests[i].test();
			return;
		}
	errx(2, "no tests of that name: %s", name);
}

int main(int argc, char **argv)
{
	unsigned int dev, fn;
	char path[128];

	if (argc < 2 || argc > 3)
		errx(2, "usage: probe DOMAIN:BUS:DEV.FN [TESTS]");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", argv[1]);
	cfg_fd = open(path, O_WRONLY);
	/* Where there is a driver (probe_pasid.ko) it was enabled */
	if (cfg_fd >= 0 && write(cfg_fd, "1", 1) != 1 && errno != EBUSY)
		warn("%s", path);
	close(cfg_fd);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", argv[1]);
	cfg_fd = open(path, O_RDWR);
	if (cfg_fd < 0)
		err(1, "%s", path);
	bar0 = map_bar(argv[1], 0);
	bar2 = map_bar(argv[1], 2);
	map_memory();
	for (int i = 0; i < 12; i++)
		bars[i] = cfg16_read(0x10 + i * 2);
	pasid_cap = cfg_find_ext_cap(0x1b);
	ats_cap = cfg_find_ext_cap(0xf);
	if (pasid_cap)
		pasid_ctrl = cfg16_read(pasid_cap + 6);
	if (ats_cap)
		ats_ctrl = cfg16_read(ats_cap + 6);
	if (sscanf(argv[1], "0000:00:%x.%x", &dev, &fn) == 2)
		devfn = dev << 3 | fn;
	run_tests(argc > 2 ? argv[2] : "basics");
	return probe_done();
}
