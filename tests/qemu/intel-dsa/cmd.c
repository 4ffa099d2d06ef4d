/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: the command register. A write sets ACTIVE and nothing else; the
 * main loop begins the command, and looks again whenever a descriptor has left
 * until what the command waits for is gone. One command at a time: a write
 * while one is active is ignored.
 *
 * To add a command: a code in regs.h, and a row in dsa_commands[] with what it
 * does at once (start) and what when its wait is over (finish). A start that
 * returns DSA_CE_OK with cmd_wait set up makes the command wait.
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "dsa.h"
#include "trace.h"

typedef enum DsaOperand {
    OPERAND_NONE,
    OPERAND_WQ,         /* a WQ's number */
    OPERAND_WQ_MASK,    /* 16 WQs and the number of their block */
    OPERAND_PASID,
    OPERAND_HANDLE,
} DsaOperand;

typedef struct DsaCommand {
    const char *name;
    DsaOperand operand;
    uint8_t needs_device;   /* the error if the device is not enabled, or 0 */
    bool waits;
    uint8_t (*start)(DsaState *d, uint32_t operand, uint16_t *result);
    void (*finish)(DsaState *d);
} DsaCommand;

static uint8_t dsa_cmd_enable_device(DsaState *d, uint32_t op, uint16_t *res)
{
    unsigned sum = 0;
    uint8_t err;

    if (dsa_dev_state(d) != DSA_DEV_DISABLED) {
        return DSA_CE_DEV_NOT_DISABLED;
    }
    if (!dsa_evl_config_ok(d)) {
        return DSA_CE_DEV_CONFIG;
    }
    if (!dsa_bus_master(d)) {
        return DSA_CE_BUS_MASTER;
    }
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        sum += FIELD_EX32(d->wq[i].cfg[DSA_WQ_SIZE], WQ_SIZE, SIZE);
    }
    if (sum > d->p.wq_entries) {
        return DSA_CE_WQ_SIZE_SUM;
    }
    err = dsa_grp_check(d);
    if (err) {
        return err;
    }
    d->r[R_GENSTS] = DSA_DEV_ENABLED;
    return DSA_CE_OK;
}

static uint8_t dsa_cmd_disable_device(DsaState *d, uint32_t op, uint16_t *res)
{
    d->r[R_GENSTS] = DSA_DEV_DRAIN;
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        if (dsa_wq_state(d, i) == DSA_WQ_ENABLED) {
            dsa_wq_set_state(d, i, DSA_WQ_BUSY);
        }
    }
    return DSA_CE_OK;
}

static void dsa_cmd_device_disabled(DsaState *d)
{
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        dsa_wq_set_state(d, i, DSA_WQ_DISABLED);
    }
    d->r[R_GENSTS] = DSA_DEV_DISABLED;
}

static uint8_t dsa_cmd_drain(DsaState *d, uint32_t op, uint16_t *res)
{
    return DSA_CE_OK;
}

static uint8_t dsa_cmd_abort(DsaState *d, uint32_t op, uint16_t *res)
{
    dsa_items_abort(d, &d->cmd_wait);
    return DSA_CE_OK;
}

static uint8_t dsa_cmd_reset_device(DsaState *d, uint32_t op, uint16_t *res)
{
    /* No new work, so that the wait ends; not halted, so that it can. */
    d->r[R_GENSTS] = DSA_DEV_DRAIN;
    dsa_items_abort(d, &d->cmd_wait);
    return DSA_CE_OK;
}

static uint8_t dsa_cmd_enable_wq(DsaState *d, uint32_t op, uint16_t *res)
{
    return dsa_wq_enable(d, op);
}

static uint8_t dsa_cmd_check_wqs(DsaState *d)
{
    for (unsigned i = find_first_bit(d->cmd_wait.wqs, DSA_MAX_WQS);
         i < DSA_MAX_WQS;
         i = find_next_bit(d->cmd_wait.wqs, DSA_MAX_WQS, i + 1)) {
        if (dsa_wq_state(d, i) != DSA_WQ_ENABLED) {
            return DSA_CE_WQ_NOT_ENABLED;
        }
    }
    return DSA_CE_OK;
}

static void dsa_cmd_set_wqs(DsaState *d, unsigned state)
{
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        if (test_bit(i, d->cmd_wait.wqs)) {
            dsa_wq_set_state(d, i, state);
        }
    }
}

static uint8_t dsa_cmd_disable_wqs(DsaState *d, uint32_t op, uint16_t *res)
{
    dsa_cmd_set_wqs(d, DSA_WQ_BUSY);
    return DSA_CE_OK;
}

static void dsa_cmd_wqs_disabled(DsaState *d)
{
    dsa_cmd_set_wqs(d, DSA_WQ_DISABLED);
}

static uint8_t dsa_cmd_reset_wqs(DsaState *d, uint32_t op, uint16_t *res)
{
    dsa_cmd_set_wqs(d, DSA_WQ_BUSY);
    dsa_items_abort(d, &d->cmd_wait);
    return DSA_CE_OK;
}

static void dsa_cmd_wqs_reset(DsaState *d)
{
    for (unsigned i = 0; i < d->p.nr_wqs; i++) {
        if (test_bit(i, d->cmd_wait.wqs)) {
            dsa_wq_reset_config(d, i);
        }
    }
}

static uint8_t dsa_cmd_request(DsaState *d, uint32_t op, uint16_t *res)
{
    return dsa_irq_request_handle(d, op, res);
}

static uint8_t dsa_cmd_release(DsaState *d, uint32_t op, uint16_t *res)
{
    return dsa_irq_release_handle(d, op);
}

static const DsaCommand dsa_commands[DSA_CMD_MAX] = {
    [DSA_CMD_ENABLE_DEVICE] = { "enable-device", OPERAND_NONE,
        .start = dsa_cmd_enable_device },
    [DSA_CMD_DISABLE_DEVICE] = { "disable-device", OPERAND_NONE,
        DSA_CE_DEV_NOT_ENABLED, true,
        dsa_cmd_disable_device, dsa_cmd_device_disabled },
    [DSA_CMD_DRAIN_ALL] = { "drain-all", OPERAND_NONE,
        DSA_CE_DEV_NOT_ENABLED, true, dsa_cmd_drain },
    [DSA_CMD_ABORT_ALL] = { "abort-all", OPERAND_NONE,
        DSA_CE_DEV_NOT_ENABLED, true, dsa_cmd_abort },
    [DSA_CMD_RESET_DEVICE] = { "reset-device", OPERAND_NONE,
        0, true, dsa_cmd_reset_device, dsa_device_reset },
    [DSA_CMD_ENABLE_WQ] = { "enable-wq", OPERAND_WQ,
        DSA_CE_DEV_DISABLED, false, dsa_cmd_enable_wq },
    [DSA_CMD_DISABLE_WQ] = { "disable-wq", OPERAND_WQ_MASK,
        DSA_CE_WQ_NOT_ENABLED, true,
        dsa_cmd_disable_wqs, dsa_cmd_wqs_disabled },
    [DSA_CMD_DRAIN_WQ] = { "drain-wq", OPERAND_WQ_MASK,
        DSA_CE_WQ_NOT_ENABLED, true, dsa_cmd_drain },
    [DSA_CMD_ABORT_WQ] = { "abort-wq", OPERAND_WQ_MASK,
        DSA_CE_WQ_NOT_ENABLED, true, dsa_cmd_abort },
    [DSA_CMD_RESET_WQ] = { "reset-wq", OPERAND_WQ_MASK,
        DSA_CE_WQ_NOT_ENABLED, true, dsa_cmd_reset_wqs, dsa_cmd_wqs_reset },
    [DSA_CMD_DRAIN_PASID] = { "drain-pasid", OPERAND_PASID,
        DSA_CE_DEV_NOT_ENABLED, true, dsa_cmd_drain },
    [DSA_CMD_ABORT_PASID] = { "abort-pasid", OPERAND_PASID,
        DSA_CE_DEV_NOT_ENABLED, true, dsa_cmd_abort },
    [DSA_CMD_REQUEST_HANDLE] = { "request-handle", OPERAND_HANDLE,
        .start = dsa_cmd_request },
    [DSA_CMD_RELEASE_HANDLE] = { "release-handle", OPERAND_HANDLE,
        .start = dsa_cmd_release },
};

/* What the operand names, as the set of descriptors the command is about. */
static uint8_t dsa_cmd_parse(DsaState *d, const DsaCommand *c, uint32_t op)
{
    DsaWait *w = &d->cmd_wait;
    uint32_t base;

    memset(w, 0, sizeof(*w));
    w->seq = d->next_seq ? d->next_seq - 1 : 0;
    switch (c->operand) {
    case OPERAND_NONE:
        w->all = true;
        return op ? DSA_CE_RESERVED : DSA_CE_OK;
    case OPERAND_WQ:
        return op < d->p.nr_wqs ? DSA_CE_OK : DSA_CE_BAD_WQ;
    case OPERAND_WQ_MASK:
        base = (op >> 16) * 16;
        for (unsigned i = 0; i < 16; i++) {
            if (!(op & BIT(i))) {
                continue;
            }
            if (base + i >= d->p.nr_wqs) {
                return DSA_CE_BAD_WQ;
            }
            set_bit(base + i, w->wqs);
        }
        return DSA_CE_OK;
    case OPERAND_PASID:
        w->by_pasid = true;
        w->pasid = op;
        return DSA_CE_OK;
    case OPERAND_HANDLE:
        return op >> 17 ? DSA_CE_RESERVED : DSA_CE_OK;
    }
    return DSA_CE_BAD_COMMAND;
}

static void dsa_cmd_complete(DsaState *d, uint8_t error, uint16_t result)
{
    uint32_t sts = 0;

    sts = FIELD_DP32(sts, CMDSTS, ERROR, error);
    sts = FIELD_DP32(sts, CMDSTS, RESULT, result);
    d->r[R_CMDSTS] = sts;
    d->cmd_started = false;
    d->stats.commands++;
    trace_intel_dsa_cmd_done(d->name, FIELD_EX32(d->cmd, CMD, CODE), sts);
    if (FIELD_EX32(d->cmd, CMD, INT)) {
        dsa_irq_cause(d, R_INTCAUSE_CMD_MASK);
    }
}

/* The error that was asked for, once or so many times; 0: none */
static uint8_t dsa_cmd_fault(DsaState *d, unsigned code)
{
    DsaFaults *f = &d->faults;
    uint8_t err = f->cmd_error;

    if (err) {
        f->cmd_error = 0;
    } else if (f->code_times && code == f->code) {
        f->code_times--;
        err = f->code_error;
    }
    return err;
}

static uint8_t dsa_cmd_start(DsaState *d, uint16_t *result, bool *waits)
{
    unsigned code = FIELD_EX32(d->cmd, CMD, CODE);
    uint32_t op = FIELD_EX32(d->cmd, CMD, OPERAND);
    const DsaCommand *c;
    uint8_t err;

    *waits = false;
    err = dsa_cmd_fault(d, code);
    if (err) {
        return err;
    }
    if (code >= DSA_CMD_MAX || !(d->r[R_CMDCAP] & BIT(code))) {
        return DSA_CE_BAD_COMMAND;
    }
    if (FIELD_EX32(d->cmd, CMD, RSVD)) {
        return DSA_CE_RESERVED;
    }
    if (dsa_dev_state(d) == DSA_DEV_HALT &&
        (code != DSA_CMD_RESET_DEVICE ||
         FIELD_EX32(d->r[R_GENSTS], GENSTS, RESET_TYPE) !=
         DSA_RESET_SOFTWARE)) {
        return DSA_CE_HARDWARE;
    }
    c = &dsa_commands[code];
    err = dsa_cmd_parse(d, c, op);
    if (!err && c->needs_device && dsa_dev_state(d) != DSA_DEV_ENABLED) {
        err = c->needs_device;
    }
    if (!err) {
        err = dsa_cmd_check_wqs(d);
    }
    if (!err) {
        err = c->start(d, op, result);
    }
    *waits = !err && c->waits;
    return err;
}

/* Bottom half: a command has come, or a descriptor has gone. */
void dsa_cmd_run(void *opaque)
{
    DsaState *d = opaque;
    const DsaCommand *c;
    uint16_t result = 0;
    uint8_t err;
    bool waits;

    if (!FIELD_EX32(d->r[R_CMDSTS], CMDSTS, ACTIVE) || d->cmd_hung) {
        return;
    }
    if (!d->cmd_started) {
        if (d->faults.cmd_hang) {
            d->faults.cmd_hang = false;
            d->cmd_hung = true;
            return;
        }
        err = dsa_cmd_start(d, &result, &waits);
        if (!waits) {
            dsa_cmd_complete(d, err, result);
            return;
        }
        d->cmd_started = true;
    }
    if (dsa_items_waited(d, &d->cmd_wait)) {
        return;
    }
    dsa_event_flush(d);     /* what it waited for may still be to be logged */
    if (!d->cmd_started) {
        return;             /* reset by that */
    }
    if (dsa_dev_state(d) == DSA_DEV_HALT) {
        dsa_cmd_complete(d, DSA_CE_HARDWARE, 0);    /* while it waited */
        return;
    }
    c = &dsa_commands[FIELD_EX32(d->cmd, CMD, CODE)];
    if (c->finish) {
        c->finish(d);
    }
    dsa_cmd_complete(d, DSA_CE_OK, 0);
}

void dsa_cmd_write(DsaState *d, uint32_t val)
{
    if (FIELD_EX32(d->r[R_CMDSTS], CMDSTS, ACTIVE)) {
        trace_intel_dsa_cmd_ignored(d->name, val);
        return;
    }
    trace_intel_dsa_cmd(d->name, FIELD_EX32(val, CMD, CODE),
                        FIELD_EX32(val, CMD, OPERAND));
    d->cmd = val;
    d->r[R_CMDSTS] = R_CMDSTS_ACTIVE_MASK;
    qemu_bh_schedule(d->cmd_bh);
}

/* A reset from outside ends the command without a word. */
void dsa_cmd_reset(DsaState *d)
{
    d->cmd_started = false;
    d->cmd_hung = false;
    d->r[R_CMDSTS] = 0;
}
