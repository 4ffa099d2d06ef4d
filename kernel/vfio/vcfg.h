/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI configuration space of a virtual DSA (layer V0, pure).
 *
 * A byte image with one mask of writable bits and one of write-one-to-clear
 * bits. What a write sets off outside the image comes back as named effects;
 * the caller acts on them. No lock, no allocation, no MMIO: it also compiles
 * in user space (tests/unit/test-vcfg.c).
 */
#ifndef IDXD_VCFG_H
#define IDXD_VCFG_H

#include <linux/types.h>

/* Size of the region a user sees; what is beyond the image reads 0 */
#define IDXD_VCFG_SIZE		4096
#define IDXD_VCFG_IMAGE_SIZE	256

/* BAR0: registers, BAR2: portals; both 64 bit */
#define IDXD_VCFG_BAR0_SIZE	0x10000
#define IDXD_VCFG_BAR2_SIZE	0x4000

/* Place of the MSI-X table and of the pending bits in BAR0 */
#define IDXD_VCFG_MSIX_TABLE	0x800
#define IDXD_VCFG_MSIX_PBA	0xc00
#define IDXD_VCFG_MSIX_MAX	16

/* Effects of a write, a bit mask */
#define IDXD_VCFG_FLR		0x1	/* function level reset was asked for */
#define IDXD_VCFG_MASTER_OFF	0x2	/* bus mastering went from on to off */

/**
 * struct idxd_vcfg_id - what is individual in a virtual function
 * @device: PCI device id; the vendor is Intel
 * @revision: PCI revision
 * @nr_msix: MSI-X table entries, 1 to IDXD_VCFG_MSIX_MAX
 */
struct idxd_vcfg_id {
	u16 device;
	u8 revision;
	u8 nr_msix;
};

/**
 * struct idxd_vcfg - configuration space of one virtual function
 * @id: the constant part
 * @image: little endian bytes, as read
 */
struct idxd_vcfg {
	struct idxd_vcfg_id id;
	u8 image[IDXD_VCFG_IMAGE_SIZE];
};

/**
 * idxd_vcfg_init() - fill the image with its values after a reset
 * @cfg: the configuration space
 * @id: copied
 *
 * Memory decoding is on, as vfio-pci hands out a device; bus mastering is
 * off.
 */
void idxd_vcfg_init(struct idxd_vcfg *cfg, const struct idxd_vcfg_id *id);

/**
 * idxd_vcfg_reset() - a function level reset the guest asked for
 * @cfg: the configuration space
 *
 * As idxd_vcfg_init(), but memory decoding is off too, as PCI wants it.
 */
void idxd_vcfg_reset(struct idxd_vcfg *cfg);

/**
 * idxd_vcfg_read() - read at any offset
 * @cfg: the configuration space
 * @off: byte offset, may be out of range
 * @len: 1 to 8 bytes, any alignment
 *
 * Return: the value, little endian; bytes outside the image are 0.
 */
u64 idxd_vcfg_read(const struct idxd_vcfg *cfg, u32 off, unsigned int len);

/**
 * idxd_vcfg_write() - write at any offset
 * @cfg: the configuration space
 * @off: byte offset, may be out of range
 * @val: the value; only its low @len bytes count
 * @len: 1 to 8 bytes, any alignment
 *
 * Return: IDXD_VCFG_* effects the caller has to act on.
 */
unsigned int idxd_vcfg_write(struct idxd_vcfg *cfg, u32 off, u64 val,
			     unsigned int len);

/**
 * idxd_vcfg_memory_enabled() - does the function decode its BARs?
 * @cfg: the configuration space
 *
 * Return: the memory bit of the command register; false in D3hot.
 */
bool idxd_vcfg_memory_enabled(const struct idxd_vcfg *cfg);

/**
 * idxd_vcfg_master_enabled() - may the function do DMA?
 * @cfg: the configuration space
 *
 * Return: the bus master bit of the command register; false in D3hot.
 */
bool idxd_vcfg_master_enabled(const struct idxd_vcfg *cfg);

#endif /* IDXD_VCFG_H */
