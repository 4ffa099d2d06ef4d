/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA device model: the device's state and what its files offer each
 * other. Everything runs under the BQL. Registers are only written by mmio.c
 * and through the functions below; only dma.c reaches guest memory, only irq.c
 * sends interrupts, only ops*.c knows what an operation does.
 *
 * Three contexts: vCPU (register and portal accesses: never waits, never does
 * DMA), the main loop (bottom halves: commands, starting engines, events) and
 * engine coroutines. A reset never waits for an engine: it marks the engine's
 * descriptor aborted, and from then on that one has no effect that can be seen.
 */
#ifndef INTEL_DSA_DSA_H
#define INTEL_DSA_DSA_H

#include "qemu/bitmap.h"
#include "qemu/coroutine.h"
#include "qemu/queue.h"
#include "hw/pci/pci_device.h"
#include "ops.h"
#include "regs.h"

#define TYPE_INTEL_DSA "intel-dsa"
OBJECT_DECLARE_SIMPLE_TYPE(DsaState, INTEL_DSA)

#define DSA_MAX_WQS 128
#define DSA_MAX_GROUPS 64
#define DSA_MAX_ENGINES 64
#define DSA_MAX_IMS (63 * 256)
#define DSA_NO_PASID UINT32_MAX
#define DSA_MAX_EVENTS 64   /* waiting to be logged */

typedef struct DsaEngine DsaEngine;

/* A descriptor on its way, from the portal to its completion. */
typedef struct DsaItem {
    QTAILQ_ENTRY(DsaItem) all;      /* DsaState.items, in order of arrival */
    QTAILQ_ENTRY(DsaItem) queued;   /* DsaWq.queue, until an engine has it */
    uint64_t seq;
    unsigned wq;
    uint32_t pasid;                 /* DSA_NO_PASID: without */
    bool priv;
    bool ims;                       /* came through an IMS portal */
    bool running;
    bool aborted;                   /* must have no further effect */
    DsaDesc desc;
} DsaItem;

typedef struct DsaWq {
    uint32_t cfg[DSA_WQ_DWORDS];
    QTAILQ_HEAD(, DsaItem) queue;
    unsigned occupancy;
    int credit;                     /* of the arbiter in grp.c */
    bool cr_logged;                 /* a completion record went to the log */
} DsaWq;

struct DsaEngine {
    DsaState *d;
    unsigned id;
    bool running;                   /* a coroutine exists */
    DsaItem *item;
    QemuCoSleep sleep;
    int64_t slice_ns;               /* when it last let others run */
    DsaOpScratch *scratch;
};

/* A batch that is being executed. */
typedef struct DsaBatch {
    uint8_t id;
    bool cr_logged;                 /* a member's record went to the log */
} DsaBatch;

/* One descriptor in an engine: the submitted one, or a member of a batch. */
typedef struct DsaRun {
    DsaEngine *e;
    DsaItem *item;
    const DsaDesc *desc;
    DsaBatch *batch;                /* NULL: not a member */
    uint16_t batch_idx;
    uint8_t batch_id;               /* of the batch it is, or is in */
    bool irq_ok;                    /* its interrupt handle was accepted */
} DsaRun;

/* An error for SWERR or the event log. */
typedef struct DsaEvent {
    uint8_t error;
    bool write, desc_valid, wq_valid, priv, batch, first_in_batch;
    bool rci, rcr, ims, flags_valid;
    unsigned wq;
    uint32_t pasid;
    uint8_t operation, batch_id;
    uint16_t batch_idx, handle;
    uint32_t bad_flags;
    uint64_t fault_addr;
    uint8_t cr[DSA_CR_SIZE];
} DsaEvent;

/* What a command waits for: the matching descriptors up to seq. */
typedef struct DsaWait {
    bool all, by_pasid;
    uint32_t pasid;
    uint64_t seq;
    DECLARE_BITMAP(wqs, DSA_MAX_WQS);
} DsaWait;

typedef struct DsaIntHandle {
    bool valid;
    uint16_t handle;
} DsaIntHandle;

typedef struct DsaStats {
    uint64_t descriptors;           /* completed, batches' members included */
    uint64_t batches;
    uint64_t errors;                /* completed with another status than 1 */
    uint64_t faults;                /* accesses that were not translated */
    uint64_t aborted;
    uint64_t rejected;              /* 64-byte stores not accepted */
    uint64_t short_writes;          /* other stores to portals, dropped */
    uint64_t msix;
    uint64_t ims;
    uint64_t events;                /* log entries and SWERRs */
    uint64_t commands;
    uint64_t mmio;                  /* accesses to registers and tables */
} DsaStats;

typedef struct DsaFaults {          /* asked for through QOM, see fault.c */
    bool cmd_hang;
    uint8_t cmd_error;
    uint8_t code_error;             /* for commands with this code, so often */
    uint8_t code;
    uint16_t code_times;
} DsaFaults;

typedef struct DsaProps {
    uint16_t device_id;
    uint32_t nr_wqs, wq_entries, nr_groups, nr_engines, ims_slots;
    uint32_t read_buffers;
    uint8_t max_xfer_shift, max_batch_shift;
    uint64_t serial;
    uint64_t op_cap;
    bool int_handles, evl, pasid, ats, priv, op_config;
    bool block_on_fault, overlap_copy, cache_mem, cache_flush;
    bool dest_readback, drain_readback;
} DsaProps;

struct DsaState {
    PCIDevice pdev;
    DsaProps p;
    uint32_t engine_delay_us;       /* may change at any time */
    char *name;                     /* for traces: the id, if there is one */

    MemoryRegion bar0, regs, portals;
    MemoryRegion silence;           /* over all of BAR0 of a dead device */
    uint16_t pasid_cap;             /* in config space, 0: none */
    uint32_t off_grpcfg, off_wqcfg, off_msixperm, off_msix, off_ims;
    unsigned wq_dwords, nr_vectors;

    uint32_t r[DSA_REGS_SIZE / 4];
    uint32_t grp[DSA_MAX_GROUPS][DSA_GRP_DWORDS];
    uint32_t msixperm[DSA_MAX_WQS + 1];
    uint32_t (*ims)[DSA_IMS_DWORDS];
    unsigned long *ims_pending;
    DsaIntHandle *handles[2];       /* MSI-X, IMS */
    unsigned handle_epoch;

    DsaWq wq[DSA_MAX_WQS];
    DsaEngine engine[DSA_MAX_ENGINES];
    QTAILQ_HEAD(, DsaItem) items;
    uint64_t next_seq;
    uint8_t next_batch_id;

    QEMUBH *engine_bh, *cmd_bh, *event_bh, *wake_bh;
    uint32_t cmd;                   /* the one that is active */
    bool cmd_started;               /* its wait is not over */
    bool cmd_hung;                  /* told never to end, see fault.c */
    DsaWait cmd_wait;
    DsaEvent events[DSA_MAX_EVENTS];
    unsigned nr_events;
    bool gone;                      /* unrealized; engines may linger */
    bool dead;                      /* answers nothing, see fault.c */
    bool in_flr;                    /* the reset that comes is an FLR */

    DsaStats stats;
    DsaFaults faults;
};

/* Registers as an array of dwords; a 64-bit one is two of them. */
static inline uint64_t dsa_reg64(const DsaState *d, unsigned off)
{
    return d->r[off / 4] | (uint64_t)d->r[off / 4 + 1] << 32;
}

static inline void dsa_reg64_set(DsaState *d, unsigned off, uint64_t v)
{
    d->r[off / 4] = v;
    d->r[off / 4 + 1] = v >> 32;
}

static inline unsigned dsa_dev_state(const DsaState *d)
{
    return FIELD_EX32(d->r[R_GENSTS], GENSTS, STATE);
}

static inline unsigned dsa_wq_state(const DsaState *d, unsigned n)
{
    return FIELD_EX32(d->wq[n].cfg[DSA_WQ_STATE], WQ_STATE, STATE);
}

/* device.c: back to the state after power-on, keeping PCI configuration */
void dsa_device_reset(DsaState *d);
/* Dead: abandons all work. Alive again: as after power-on, PCI too. */
void dsa_set_dead(DsaState *d, bool dead);
bool dsa_bus_master(DsaState *d);
bool dsa_pasid_enabled(DsaState *d);
bool dsa_priv_enabled(DsaState *d);

/* caps.c: layout of BAR0 and the capability registers */
bool dsa_caps_check(DsaState *d, Error **errp);
void dsa_caps_layout(DsaState *d);
void dsa_caps_reset(DsaState *d);

/* mmio.c; silence: reads are all ones, writes do nothing */
extern const MemoryRegionOps dsa_mmio_ops;
extern const MemoryRegionOps dsa_silence_ops;

/* cmd.c: the command register; run: begins it, or looks if its wait is over */
void dsa_cmd_write(DsaState *d, uint32_t val);
void dsa_cmd_run(void *opaque);
void dsa_cmd_reset(DsaState *d);

/* wq.c: queues, portals, and who is on the way */
extern const MemoryRegionOps dsa_portal_ops;
MemTxResult dsa_portal_store64(DsaState *d, hwaddr off, const void *buf);
uint8_t dsa_wq_enable(DsaState *d, unsigned n);
void dsa_wq_set_state(DsaState *d, unsigned n, unsigned state);
void dsa_wq_reset_config(DsaState *d, unsigned n);
void dsa_wq_occupancy_changed(DsaState *d, unsigned n);
void dsa_item_done(DsaState *d, DsaItem *item);
bool dsa_items_waited(DsaState *d, const DsaWait *w);
void dsa_items_abort(DsaState *d, const DsaWait *w);

/* grp.c: groups, and which WQ an engine serves next */
uint8_t dsa_grp_check(DsaState *d);
bool dsa_grp_serves(DsaState *d, unsigned wq);
DsaItem *dsa_grp_pick(DsaState *d, unsigned engine);
bool dsa_grp_has_work(DsaState *d, unsigned engine);

/* engine.c: executes descriptors */
void dsa_engine_kick(void *opaque);
void dsa_engine_wake(void *opaque);
void coroutine_fn dsa_engine_pace(DsaEngine *e);
void coroutine_fn dsa_engine_sleep_us(DsaEngine *e, uint64_t us);
int coroutine_fn dsa_run(DsaRun *run, uint8_t *status);
void dsa_run_event(const DsaRun *run, uint8_t error, uint64_t addr,
                   bool write, const DsaCr *cr);

/* batch.c */
int coroutine_fn dsa_batch_run(DsaRun *run, const DsaLimits *lim, DsaCr *cr,
                               DsaBatch *batch);

/* dma.c: 0, or 1 with *fault_addr. dsa_mem_* may wait; -1: abandon. */
int dsa_dma_rw(DsaState *d, uint32_t pasid, uint64_t addr, void *buf,
               uint32_t len, bool write, uint64_t *fault_addr);
int coroutine_fn dsa_mem_read(void *opaque, uint64_t addr, void *buf,
                              uint32_t len, uint64_t *fault_addr);
int coroutine_fn dsa_mem_write(void *opaque, uint64_t addr, const void *buf,
                               uint32_t len, uint64_t *fault_addr);

/* irq.c */
void dsa_irq_cause(DsaState *d, uint32_t cause);
bool dsa_irq_handle_exists(DsaState *d, bool ims, unsigned handle);
bool dsa_irq_handle_ok(DsaState *d, bool ims, unsigned handle, uint32_t pasid);
void dsa_irq_fire(DsaState *d, bool ims, unsigned handle);
uint32_t dsa_ims_read(DsaState *d, unsigned dword);
void dsa_ims_write(DsaState *d, unsigned dword, uint32_t val);
void dsa_ims_reset(DsaState *d);
uint8_t dsa_irq_request_handle(DsaState *d, uint32_t operand, uint16_t *handle);
uint8_t dsa_irq_release_handle(DsaState *d, uint32_t operand);
void dsa_irq_revoke_handles(DsaState *d);

/* swerr.c: errors without a completion record */
void dsa_event(DsaState *d, const DsaEvent *ev);
void dsa_event_later(DsaState *d, const DsaEvent *ev);
void dsa_event_flush(void *opaque);
void dsa_swerr_set(DsaState *d, const DsaEvent *ev);
void dsa_halt(DsaState *d, unsigned reset_type);

/* evl.c: false: there is no room */
bool dsa_evl_enabled(DsaState *d);
bool dsa_evl_config_ok(DsaState *d);
bool dsa_evl_write(DsaState *d, const DsaEvent *ev);

/* fault.c: QOM properties for tests */
void dsa_fault_class_init(ObjectClass *oc);
void dsa_fault_instance_init(DsaState *d);

#endif /* INTEL_DSA_DSA_H */
