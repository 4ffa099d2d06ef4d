// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI configuration space of a virtual DSA (layer V0, pure).
 *
 * One const table says which bits a guest can change. Capabilities: MSI-X,
 * PCI Express as a root complex integrated endpoint with FLR, and power
 * management with D0 and D3hot. There is no PASID, ATS or PRI: the guest has
 * one address space, which is the PASID of the subfunction on the host.
 */
#include "vcfg.h"

#include <linux/array_size.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#define VCFG_VENDOR_INTEL	0x8086
#define VCFG_CLASS_SYSTEM_OTHER	0x0880

/* Capabilities, in the order of their list */
#define VCFG_MSIX		0x40
#define VCFG_EXP		0x50
#define VCFG_PM			0x90

#define VCFG_BAR0		PCI_BASE_ADDRESS_0
#define VCFG_BAR2		PCI_BASE_ADDRESS_2
#define VCFG_BAR_FLAGS		(PCI_BASE_ADDRESS_MEM_TYPE_64 | \
				 PCI_BASE_ADDRESS_MEM_PREFETCH)

#define VCFG_COMMAND_BITS	(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | \
				 PCI_COMMAND_PARITY | PCI_COMMAND_SERR | \
				 PCI_COMMAND_INTX_DISABLE)
#define VCFG_STATUS_ERRORS	(PCI_STATUS_PARITY | \
				 PCI_STATUS_SIG_TARGET_ABORT | \
				 PCI_STATUS_REC_TARGET_ABORT | \
				 PCI_STATUS_REC_MASTER_ABORT | \
				 PCI_STATUS_SIG_SYSTEM_ERROR | \
				 PCI_STATUS_DETECTED_PARITY)
#define VCFG_DEVCTL_BITS	(PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | \
				 PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE | \
				 PCI_EXP_DEVCTL_RELAX_EN | \
				 PCI_EXP_DEVCTL_PAYLOAD | \
				 PCI_EXP_DEVCTL_EXT_TAG | \
				 PCI_EXP_DEVCTL_NOSNOOP_EN | \
				 PCI_EXP_DEVCTL_READRQ)
#define VCFG_DEVSTA_ERRORS	(PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_NFED | \
				 PCI_EXP_DEVSTA_FED | PCI_EXP_DEVSTA_URD)

/* Power states, the field of PMCSR */
#define VCFG_D0			0
#define VCFG_D3HOT		3

/* DEVCTL after a reset: relaxed ordering, no snoop, reads of 512 bytes */
#define VCFG_DEVCTL_DEFAULT	(PCI_EXP_DEVCTL_RELAX_EN | \
				 PCI_EXP_DEVCTL_NOSNOOP_EN | \
				 PCI_EXP_DEVCTL_READRQ_512B)

/**
 * struct idxd_vcfg_rule - bits of one register that a guest can change
 * @off: byte offset
 * @size: bytes
 * @write: bits that take the value written
 * @clear: bits that a one clears
 *
 * A byte that no rule covers is read only.
 */
struct idxd_vcfg_rule {
	u8 off;
	u8 size;
	u32 write;
	u32 clear;
};

static const struct idxd_vcfg_rule idxd_vcfg_rules[] = {
	{ PCI_COMMAND, 2, VCFG_COMMAND_BITS, 0 },
	{ PCI_STATUS, 2, 0, VCFG_STATUS_ERRORS },
	{ PCI_CACHE_LINE_SIZE, 1, 0xff, 0 },
	{ VCFG_BAR0, 4, ~(IDXD_VCFG_BAR0_SIZE - 1u), 0 },
	{ VCFG_BAR0 + 4, 4, ~0u, 0 },
	{ VCFG_BAR2, 4, ~(IDXD_VCFG_BAR2_SIZE - 1u), 0 },
	{ VCFG_BAR2 + 4, 4, ~0u, 0 },
	{ PCI_INTERRUPT_LINE, 1, 0xff, 0 },
	{ VCFG_MSIX + PCI_MSIX_FLAGS, 2,
	  PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL, 0 },
	{ VCFG_EXP + PCI_EXP_DEVCTL, 2, VCFG_DEVCTL_BITS, 0 },
	{ VCFG_EXP + PCI_EXP_DEVSTA, 2, 0, VCFG_DEVSTA_ERRORS },
	{ VCFG_PM + PCI_PM_CTRL, 1, PCI_PM_CTRL_STATE_MASK, 0 },
};

static u16 idxd_vcfg_get16(const struct idxd_vcfg *cfg, unsigned int off)
{
	return cfg->image[off] | cfg->image[off + 1] << 8;
}

static void idxd_vcfg_set16(struct idxd_vcfg *cfg, unsigned int off, u16 val)
{
	cfg->image[off] = val;
	cfg->image[off + 1] = val >> 8;
}

static void idxd_vcfg_set32(struct idxd_vcfg *cfg, unsigned int off, u32 val)
{
	idxd_vcfg_set16(cfg, off, val);
	idxd_vcfg_set16(cfg, off + 2, val >> 16);
}

static void idxd_vcfg_fill_msix(struct idxd_vcfg *cfg)
{
	cfg->image[VCFG_MSIX] = PCI_CAP_ID_MSIX;
	cfg->image[VCFG_MSIX + PCI_CAP_LIST_NEXT] = VCFG_EXP;
	idxd_vcfg_set16(cfg, VCFG_MSIX + PCI_MSIX_FLAGS, cfg->id.nr_msix - 1);
	/* The low bits name the BAR: 0 */
	idxd_vcfg_set32(cfg, VCFG_MSIX + PCI_MSIX_TABLE, IDXD_VCFG_MSIX_TABLE);
	idxd_vcfg_set32(cfg, VCFG_MSIX + PCI_MSIX_PBA, IDXD_VCFG_MSIX_PBA);
}

static void idxd_vcfg_fill_exp(struct idxd_vcfg *cfg)
{
	cfg->image[VCFG_EXP] = PCI_CAP_ID_EXP;
	cfg->image[VCFG_EXP + PCI_CAP_LIST_NEXT] = VCFG_PM;
	idxd_vcfg_set16(cfg, VCFG_EXP + PCI_EXP_FLAGS,
			2 | PCI_EXP_TYPE_RC_END << 4);
	idxd_vcfg_set32(cfg, VCFG_EXP + PCI_EXP_DEVCAP,
			PCI_EXP_DEVCAP_EXT_TAG | PCI_EXP_DEVCAP_RBER |
			PCI_EXP_DEVCAP_FLR);
	idxd_vcfg_set16(cfg, VCFG_EXP + PCI_EXP_DEVCTL, VCFG_DEVCTL_DEFAULT);
}

/*
 * Version 3, neither D1, D2 nor PME. The function keeps its state in D3hot, as
 * the stock driver wants it: it does nothing when it is resumed.
 */
static void idxd_vcfg_fill_pm(struct idxd_vcfg *cfg)
{
	cfg->image[VCFG_PM] = PCI_CAP_ID_PM;
	cfg->image[VCFG_PM + PCI_CAP_LIST_NEXT] = 0;
	idxd_vcfg_set16(cfg, VCFG_PM + PCI_PM_PMC, 3);
	idxd_vcfg_set16(cfg, VCFG_PM + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);
}

static void idxd_vcfg_fill(struct idxd_vcfg *cfg, u16 command)
{
	memset(cfg->image, 0, sizeof(cfg->image));
	idxd_vcfg_set16(cfg, PCI_VENDOR_ID, VCFG_VENDOR_INTEL);
	idxd_vcfg_set16(cfg, PCI_DEVICE_ID, cfg->id.device);
	idxd_vcfg_set16(cfg, PCI_COMMAND, command);
	idxd_vcfg_set16(cfg, PCI_STATUS, PCI_STATUS_CAP_LIST);
	cfg->image[PCI_REVISION_ID] = cfg->id.revision;
	idxd_vcfg_set16(cfg, PCI_CLASS_DEVICE, VCFG_CLASS_SYSTEM_OTHER);
	idxd_vcfg_set32(cfg, VCFG_BAR0, VCFG_BAR_FLAGS);
	idxd_vcfg_set32(cfg, VCFG_BAR2, VCFG_BAR_FLAGS);
	idxd_vcfg_set16(cfg, PCI_SUBSYSTEM_VENDOR_ID, VCFG_VENDOR_INTEL);
	cfg->image[PCI_CAPABILITY_LIST] = VCFG_MSIX;
	idxd_vcfg_fill_msix(cfg);
	idxd_vcfg_fill_exp(cfg);
	idxd_vcfg_fill_pm(cfg);
}

void idxd_vcfg_init(struct idxd_vcfg *cfg, const struct idxd_vcfg_id *id)
{
	cfg->id = *id;
	idxd_vcfg_fill(cfg, PCI_COMMAND_MEMORY);
}

void idxd_vcfg_reset(struct idxd_vcfg *cfg)
{
	idxd_vcfg_fill(cfg, 0);
}

static u8 idxd_vcfg_power_state(const struct idxd_vcfg *cfg)
{
	return cfg->image[VCFG_PM + PCI_PM_CTRL] & PCI_PM_CTRL_STATE_MASK;
}

static u16 idxd_vcfg_command(const struct idxd_vcfg *cfg)
{
	return idxd_vcfg_get16(cfg, PCI_COMMAND);
}

bool idxd_vcfg_memory_enabled(const struct idxd_vcfg *cfg)
{
	return idxd_vcfg_command(cfg) & PCI_COMMAND_MEMORY &&
	       idxd_vcfg_power_state(cfg) == VCFG_D0;
}

bool idxd_vcfg_master_enabled(const struct idxd_vcfg *cfg)
{
	return idxd_vcfg_command(cfg) & PCI_COMMAND_MASTER &&
	       idxd_vcfg_power_state(cfg) == VCFG_D0;
}

u64 idxd_vcfg_read(const struct idxd_vcfg *cfg, u32 off, unsigned int len)
{
	u64 val = 0;
	unsigned int i;

	for (i = 0; i < len && i < sizeof(val); i++)
		if (off < IDXD_VCFG_IMAGE_SIZE - i)
			val |= (u64)cfg->image[off + i] << (8 * i);
	return val;
}

static void idxd_vcfg_write_byte(struct idxd_vcfg *cfg, unsigned int off,
				 u8 val)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(idxd_vcfg_rules); i++) {
		const struct idxd_vcfg_rule *rule = &idxd_vcfg_rules[i];
		u8 write, clear;

		if (off < rule->off || off >= rule->off + rule->size)
			continue;
		write = rule->write >> (8 * (off - rule->off));
		clear = rule->clear >> (8 * (off - rule->off));
		cfg->image[off] = (cfg->image[off] & ~write) | (val & write);
		cfg->image[off] &= ~(val & clear);
		return;
	}
}

/* A write of a state that does not exist is discarded */
static bool idxd_vcfg_ignored(unsigned int off, u8 val)
{
	u8 state = val & PCI_PM_CTRL_STATE_MASK;

	return off == VCFG_PM + PCI_PM_CTRL && state != VCFG_D0 &&
	       state != VCFG_D3HOT;
}

unsigned int idxd_vcfg_write(struct idxd_vcfg *cfg, u32 off, u64 val,
			     unsigned int len)
{
	const unsigned int devctl_hi = VCFG_EXP + PCI_EXP_DEVCTL + 1;
	u16 command = idxd_vcfg_command(cfg);
	unsigned int i, effects = 0;

	for (i = 0; i < len && i < sizeof(val); i++) {
		u8 byte = val >> (8 * i);

		if (off >= IDXD_VCFG_IMAGE_SIZE - i)
			break;
		if (!idxd_vcfg_ignored(off + i, byte))
			idxd_vcfg_write_byte(cfg, off + i, byte);
		/* The FLR bit always reads 0 */
		if (off + i == devctl_hi &&
		    byte & (PCI_EXP_DEVCTL_BCR_FLR >> 8))
			effects |= IDXD_VCFG_FLR;
	}
	if (command & ~idxd_vcfg_command(cfg) & PCI_COMMAND_MASTER)
		effects |= IDXD_VCFG_MASTER_OFF;
	return effects;
}
