// SPDX-License-Identifier: GPL-2.0-only
/*
 * Software errors of a virtual DSA (layer V2): into memory or SWERR.
 *
 * What is written and when is vevl.c's; here it is written, as the SF's DMA
 * would have done it. Whatever the guest did to that memory, an error that
 * cannot be written is in SWERR, and nobody waits.
 */
#include "verr.h"

#include <linux/bitfield.h>
#include <linux/delay.h>

#include "trace.h"
#include "vdev.h"
#include "vevl.h"

/* While mappings change nothing can be written: 50 us, no more */
#define VERR_TRIES		10
#define VERR_RETRY_US		5

static int idxd_verr_write_locked(struct idxd_vdev *vdev, u64 addr,
				  const void *data, size_t size)
{
	unsigned int tries = 0;
	int err;

	lockdep_assert_held(&vdev->lock);
	if (!idxd_vcfg_master_enabled(&vdev->cfg))
		return -EFAULT;
	do {
		err = idxd_sf_dma_write(vdev->sf, addr, data, size);
		if (err != -EAGAIN)
			break;
		udelay(VERR_RETRY_US);
	} while (++tries < VERR_TRIES);
	trace_idxd_vdev_logged(idxd_vdev_name(vdev), addr, err);
	return err;
}

/* Return: the error is in the guest's event log */
static bool idxd_verr_log_locked(struct idxd_vdev *vdev,
				 const struct idxd_error *error)
{
	u64 entry[IDXD_VEVL_ENTRY_WORDS], addr;
	__le64 raw[IDXD_VEVL_ENTRY_WORDS];
	unsigned int i;

	lockdep_assert_held(&vdev->lock);
	if (!idxd_vevl_next(&vdev->regs, error, &addr))
		return false;
	idxd_vevl_encode(error, entry);
	for (i = 0; i < ARRAY_SIZE(raw); i++)
		raw[i] = cpu_to_le64(entry[i]);
	if (idxd_verr_write_locked(vdev, addr, raw, sizeof(raw)))
		return false;
	if (idxd_vevl_advance(&vdev->regs))
		idxd_vintr_signal(&vdev->intr, 0);
	return true;
}

/* The status last: whoever polls it may then read the rest. */
static int idxd_verr_record_locked(struct idxd_vdev *vdev,
				   const struct idxd_vevl_record *record)
{
	__le64 raw[IDXD_VEVL_RECORD_WORDS];
	unsigned int i, vector;
	int err;

	lockdep_assert_held(&vdev->lock);
	for (i = 0; i < ARRAY_SIZE(raw); i++)
		raw[i] = cpu_to_le64(record->words[i]);
	err = idxd_verr_write_locked(vdev, record->addr + 1, (u8 *)raw + 1,
				     sizeof(raw) - 1);
	if (err)
		return err;
	smp_wmb(); /* the guest reads it in the opposite order */
	err = idxd_verr_write_locked(vdev, record->addr, raw, 1);
	if (err || record->handle < 0)
		return err;
	/* Its descriptor may be older than a revocation */
	vector = idxd_vhandle_find(&vdev->cmd.handles, record->handle) ?:
		 idxd_vhandle_find_old(&vdev->cmd.handles, record->handle);
	if (vector)
		idxd_vintr_signal(&vdev->intr, vector);
	return 0;
}

static void idxd_verr_swerr_locked(struct idxd_vdev *vdev,
				   const u64 swerr[IDXD_SWERR_NR_WORDS])
{
	lockdep_assert_held(&vdev->lock);
	if (idxd_vregs_swerr(&vdev->regs, swerr))
		idxd_vintr_signal(&vdev->intr, 0);
}

void idxd_verr_report_locked(struct idxd_vdev *vdev,
			     const struct idxd_error *error)
{
	struct idxd_vevl_record record;
	struct idxd_error fault = *error;

	lockdep_assert_held(&vdev->lock);
	switch (idxd_vevl_duty(&vdev->regs, &vdev->records, error, &record)) {
	case IDXD_VEVL_REPORT:
		if (!idxd_verr_log_locked(vdev, error))
			idxd_verr_swerr_locked(vdev, error->swerr);
		break;
	case IDXD_VEVL_WRITE:
		if (!idxd_verr_record_locked(vdev, &record))
			break;
		fault.swerr[0] &= ~IDXD_SWERR0_ERROR;
		fault.swerr[0] |= FIELD_PREP(IDXD_SWERR0_ERROR,
					     IDXD_ERR_RECORD_FAULT);
		idxd_verr_swerr_locked(vdev, fault.swerr);
		break;
	case IDXD_VEVL_NOTHING:
		break;
	}
}
