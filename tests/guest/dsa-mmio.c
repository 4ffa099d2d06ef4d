// SPDX-License-Identifier: GPL-2.0-only
/*
 * dsa-mmio: a DSA as root sees it in a machine whose processor has no
 * MOVDIR64B, where Linux' driver does not load: registers and commands through
 * the BARs in sysfs, and portals with the stores that there are, which hardware
 * has to drop. Numbers are from the specification.
 *
 * usage: dsa-mmio PCI-ADDRESS    exit status 0 if all is as specified
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sf-copy.h"

#define BAR0_SIZE	0x10000
#define BAR2_SIZE	0x4000
#define WQCFG_STATE	0x18
#define STATE_SHIFT	30
#define WQ_ENABLED	1
#define PATIENCE_MS	60000

/* Error codes of CMDSTS */
#define ERR_NONE	0x00
#define ERR_CODE	0x01
#define ERR_WQ		0x02
#define ERR_ENABLED	0x10
#define ERR_DEV_OFF	0x20
#define ERR_NO_HANDLE	0x41

static volatile unsigned char *regs;
static bool failed;

static void stop(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static void expect(const char *what, uint64_t want, uint64_t got)
{
	printf("%s %s: %#llx\n", want == got ? "ok" : "WRONG", what,
	       (unsigned long long)got);
	if (want == got)
		return;
	printf("      not %#llx\n", (unsigned long long)want);
	failed = true;
}

static uint32_t get32(unsigned int off)
{
	return *(volatile uint32_t *)(regs + off);
}

static uint64_t get64(unsigned int off)
{
	return *(volatile uint64_t *)(regs + off);
}

static void *map(const char *dev, const char *name, size_t size)
{
	char path[128];
	void *p;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", dev, name);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0)
		stop("%s: %s", path, strerror(errno));
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		stop("mmap of %s: %s", path, strerror(errno));
	close(fd);
	return p;
}

/* Memory and bus mastering on, as no driver has done it */
static void switch_on(const char *dev)
{
	uint16_t command = 6, vendor = 0;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", dev);
	fd = open(path, O_RDWR);
	if (fd < 0 || pread(fd, &vendor, 2, 0) != 2 ||
	    pwrite(fd, &command, 2, 4) != 2)
		stop("%s: %s", path, strerror(errno));
	close(fd);
	expect("vendor", 0x8086, vendor);
}

/* Reads of every width are pieces of the same register */
static void check_widths(void)
{
	uint64_t gencap = get64(REG_GENCAP), sum = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		sum |= (uint64_t)regs[REG_GENCAP + i] << (8 * i);
	expect("GENCAP by bytes", gencap, sum);
	for (i = 0, sum = 0; i < 4; i++)
		sum |= (uint64_t)*(volatile uint16_t *)(regs + REG_GENCAP +
							2 * i) << (16 * i);
	expect("GENCAP by words", gencap, sum);
	sum = get32(REG_GENCAP) | (uint64_t)get32(REG_GENCAP + 4) << 32;
	expect("GENCAP by dwords", gencap, sum);
}

static void check_registers(void)
{
	expect("VERSION", 0x100, get32(REG_VERSION) & ~0xffu);
	expect("number of queues", 1, get64(REG_WQCAP) >> 16 & 0xff);
	expect("configurable", 0, get64(REG_GENCAP) >> 31 & 1);
	expect("memory move in OPCAP", 1, get64(REG_OPCAP) >> 3 & 1);
	expect("commands in CMDCAP", 0x67fe, get32(REG_CMDCAP));
	expect("state", 0, get32(REG_GENSTS) & 3);
	check_widths();
}

/* Error code, and the result above it */
static uint32_t run_command(unsigned int code, uint32_t operand)
{
	unsigned int ms;
	uint32_t status;

	*(volatile uint32_t *)(regs + REG_CMD) = code << 20 | operand;
	for (ms = 0; ms < PATIENCE_MS; ms++) {
		status = get32(REG_CMDSTS);
		if (!(status >> 31))
			return status & 0xffffff;
		usleep(1000);
	}
	stop("command %u does not complete", code);
	return 0;
}

static void expect_command(const char *what, unsigned int code,
			   uint32_t operand, uint32_t error)
{
	expect(what, error, run_command(code, operand) & 0xff);
}

static unsigned int wq_state(void)
{
	unsigned int wqcfg = (get64(REG_TABLES) >> 16 & 0xffff) * 0x100;

	return get32(wqcfg + WQCFG_STATE) >> STATE_SHIFT;
}

/*
 * A descriptor that is right in all but the way it comes: eight stores. Were it
 * taken, the queue's error register would say so, as its address is nobody's.
 */
static void check_portal(const char *dev)
{
	volatile uint64_t *portal = map(dev, "resource2", BAR2_SIZE);
	const uint64_t desc[8] = { 1u << 3, ~0xfffull };
	unsigned int i, page;

	for (page = 0; page < 4; page++)
		for (i = 0; i < 8; i++)
			portal[page * 512 + i] = desc[i];
	expect_command("drain after plain stores", CMD_DRAIN_WQ, 1, ERR_NONE);
	expect("SWERR after plain stores", 0, get64(REG_SWERR));
}

static void check_commands(const char *dev)
{
	expect_command("reset device", CMD_RESET_DEVICE, 0, ERR_NONE);
	expect_command("unknown command", 30, 0, ERR_CODE);
	expect_command("enable queue first", CMD_ENABLE_WQ, 0, ERR_DEV_OFF);
	expect_command("enable device", CMD_ENABLE_DEVICE, 0, ERR_NONE);
	expect("state", 1, get32(REG_GENSTS) & 3);
	expect_command("enable device again", CMD_ENABLE_DEVICE, 0,
		       ERR_ENABLED);
	expect_command("enable queue 1", CMD_ENABLE_WQ, 1, ERR_WQ);
	expect_command("enable queue", CMD_ENABLE_WQ, 0, ERR_NONE);
	expect("queue state", WQ_ENABLED, wq_state());
	check_portal(dev);
	expect_command("request handle 1", CMD_REQUEST_HANDLE, 1, ERR_NONE);
	expect_command("request handle 99", CMD_REQUEST_HANDLE, 99,
		       ERR_NO_HANDLE);
	expect_command("abort queue", CMD_ABORT_WQ, 1, ERR_NONE);
	expect_command("disable queue", CMD_DISABLE_WQ, 1, ERR_NONE);
	expect("queue state", 0, wq_state());
	expect_command("disable device", CMD_DISABLE_DEVICE, 0, ERR_NONE);
	expect("state", 0, get32(REG_GENSTS) & 3);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		stop("usage: dsa-mmio PCI-ADDRESS");
	switch_on(argv[1]);
	regs = map(argv[1], "resource0", BAR0_SIZE);
	check_registers();
	check_commands(argv[1]);
	printf("%s\n", failed ? "failed" : "all as specified");
	return failed;
}
