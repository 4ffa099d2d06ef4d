/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probe of a DSA from user space, without a driver and without an IOMMU that
 * translates: BARs through sysfs, memory by physical address, interrupt messages
 * aimed at memory. PASIDs need an IOMMU, and tests/vm/modules/probe_pasid.c. It
 * judges the QEMU model against Documentation/qemu-model.rst, so it has its own
 * idea of the registers and must not include the model's headers.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/idxd.h>

#define CMD_ENABLE_DEV 1
#define CMD_DISABLE_DEV 2
#define CMD_DRAIN_ALL 3
#define CMD_ABORT_ALL 4
#define CMD_RESET_DEV 5
#define CMD_ENABLE_WQ 6
#define CMD_DISABLE_WQ 7
#define CMD_DRAIN_WQ 8
#define CMD_ABORT_WQ 9
#define CMD_RESET_WQ 10
#define CMD_DRAIN_PASID 11
#define CMD_ABORT_PASID 12
#define CMD_REQUEST_HANDLE 13
#define CMD_RELEASE_HANDLE 14
#define CMD_HANDLE_IMS 0x10000

/* Portal pages */
#define PAGE_MSIX 0
#define PAGE_MSIX_LIMITED 1
#define PAGE_IMS 2

/* The test's memory: one huge page, cut into parts */
#define MEM_SIZE (2u << 20)
#define AT_MSG 0x0		/* where interrupt messages go */
#define AT_CR 0x1000		/* completion records, 32 bytes each */
#define AT_LOG 0x4000		/* event log */
#define AT_LIST 0x10000		/* batch */
#define AT_SRC 0x80000
#define AT_DST 0x100000

extern uint8_t *mem;		/* the huge page */
extern volatile uint8_t *bar0, *bar2;
extern int cfg_fd;		/* configuration space */

/* An address that nothing answers to, for faults */
#define BAD_ADDR 0xf000000000ull

void check(bool ok, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int probe_done(void);

uint32_t rd32(uint32_t off);
uint64_t rd64(uint32_t off);
void wr32(uint32_t off, uint32_t val);
void wr64(uint32_t off, uint64_t val);
void cfg16_write(unsigned int off, uint16_t val);
uint16_t cfg16_read(unsigned int off);
unsigned int cfg_find_cap(uint8_t id);
unsigned int cfg_find_ext_cap(uint16_t id);

uint64_t phys(uint32_t at);
uint64_t bar_phys(unsigned int n);
uint64_t ecam_phys(void);
uint32_t cmd(unsigned int code, uint32_t operand);
uint32_t cmd_wait(void);
bool qmp(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool qom_set(const char *property, const char *value);
void ms_sleep(unsigned int ms);
uint32_t grp_off(unsigned int g);
uint32_t wq_off(unsigned int n);
uint32_t perm_off(unsigned int n);
uint32_t ims_off(unsigned int slot);

/* Device enabled, WQ n enabled: size, priority 1, limits of the device */
void setup_wq(unsigned int n, unsigned int size);
/* WQs and engines (bit masks) to group g; the WQs: size 32, priority 1 */
void place(unsigned int g, uint64_t wqs, uint64_t engines);
void submit(unsigned int n, unsigned int page, const struct dsa_hw_desc *d);
void submit_at(uint32_t off, const void *p);
void submit_raw(unsigned int n, uint32_t off, const void *p, unsigned int size);
volatile struct dsa_completion_record *cr(unsigned int i);
uint8_t wait_cr(unsigned int i);
bool wait_mem32(uint32_t at, uint32_t val);
struct dsa_hw_desc desc(uint8_t op, unsigned int cr_index, uint32_t size);
void reset_all(void);

/* Engines are to wait so long before each descriptor */
void set_delay_ms(unsigned int ms);
/* How many of n records say success; does that stay so for their time? */
unsigned int nr_done(unsigned int first, unsigned int n);
bool stays(unsigned int n, unsigned int done);

/* Message of MSI-X vector v goes to mem[AT_MSG + 4 v] as 0x100 + v */
void aim_msix(unsigned int vectors);
/* and that of an IMS slot to mem[at] as 0x5000 + slot */
void aim_ims(unsigned int slot, uint32_t at, uint32_t ctrl);
void random_desc(struct dsa_hw_desc *d, int i);
void works_again(const char *what);

/* What main() knows by name; "basics" is the first seven */
void test_regs(void);
void test_commands(void);
void test_wq(void);
void test_irq(void);
void test_errors(void);
void test_log(void);
void test_hostile(void);
void test_work(void);
void test_faults(void);
void test_handles(void);
void test_large(void);
void test_fuzz(void);
void test_removal(void);
void test_pasid(void);
void test_more(void);
void test_less(void);

#endif
