/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: the batch operation. Fetches the descriptors of the list and has
 * each executed in turn; fences decide whether the rest still is. Its own
 * completion is engine.c's, the count and alignment rules are ops-check.c's.
 */
#include "qemu/osdep.h"
#include "dsa.h"

int coroutine_fn dsa_batch_run(DsaRun *run, const DsaLimits *lim, DsaCr *cr,
                               DsaBatch *batch)
{
    uint64_t list = dsa_desc_src(run->desc), fault = 0;
    uint32_t count = dsa_desc_xfer_size(run->desc), done;
    bool failed = false;

    batch->id = run->e->d->next_batch_id++;
    run->batch_id = batch->id;
    for (done = 0; done < count; done++) {
        DsaDesc desc;
        DsaRun member = {
            .e = run->e,
            .item = run->item,
            .desc = &desc,
            .batch = batch,
            .batch_idx = done,
            .batch_id = batch->id,
        };
        uint8_t status;
        int rc;

        rc = dsa_mem_read(run, list + (uint64_t)done * DSA_DESC_SIZE, &desc,
                          sizeof(desc), &fault);
        if (rc < 0) {
            return -1;
        }
        if (rc > 0) {
            cr->status = DSA_ST_BATCH_FAULT;
            cr->fault_addr = fault;
            break;
        }
        if ((dsa_desc_flags(&desc) & DSA_FLAG_FENCE) &&
            (failed || batch->cr_logged)) {
            failed = true;
            break;      /* it and all behind it are abandoned */
        }
        if (dsa_run(&member, &status)) {
            return -1;
        }
        failed |= status != DSA_ST_SUCCESS;
    }
    if (!cr->status) {
        cr->status = failed ? DSA_ST_BATCH_FAIL : DSA_ST_SUCCESS;
    }
    cr->result = failed;
    cr->bytes_completed = done;
    return 0;
}
