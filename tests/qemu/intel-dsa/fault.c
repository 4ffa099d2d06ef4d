/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intel DSA: what tests may do to the device from outside, as QOM properties
 * (qom-set, qom-get): faults on demand, the engines' latency, and counters.
 * Nothing of it can be reached by a guest.
 *
 *   inject-cmd-hang    bool    the next command stays active until false is set
 *   inject-cmd-error   uint8   the next command fails with this code
 *   inject-code-error  uint32  the next commands of one code fail
 *   inject-halt        uint8   the device halts now, needing reset of this type
 *   inject-swerr       uint8   an error with this code is reported now
 *   inject-dead        bool    while true the device answers nothing
 *   revoke-int-handles bool    all interrupt handles are revoked now
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/main-loop.h"
#include "dsa.h"
#include "trace.h"

static bool dsa_fault_ready(DsaState *d, Error **errp)
{
    if (!DEVICE(d)->realized || d->gone) {
        error_setg(errp, "intel-dsa: the device is not realized");
        return false;
    }
    return true;
}

static bool dsa_cmd_hang_get(Object *obj, Error **errp)
{
    DsaState *d = INTEL_DSA(obj);

    return d->faults.cmd_hang || d->cmd_hung;
}

static void dsa_cmd_hang_set(Object *obj, bool value, Error **errp)
{
    DsaState *d = INTEL_DSA(obj);

    if (!dsa_fault_ready(d, errp)) {
        return;
    }
    d->faults.cmd_hang = value;
    if (!value && d->cmd_hung) {
        d->cmd_hung = false;
        qemu_bh_schedule(d->cmd_bh);
    }
}

static bool dsa_dead_get(Object *obj, Error **errp)
{
    return INTEL_DSA(obj)->dead;
}

static void dsa_dead_set(Object *obj, bool value, Error **errp)
{
    DsaState *d = INTEL_DSA(obj);

    if (!dsa_fault_ready(d, errp)) {
        return;
    }
    trace_intel_dsa_inject(d->name, "inject-dead", value);
    dsa_set_dead(d, value);
}

static bool dsa_revoke_get(Object *obj, Error **errp)
{
    return false;
}

static void dsa_revoke_set(Object *obj, bool value, Error **errp)
{
    DsaState *d = INTEL_DSA(obj);

    if (!dsa_fault_ready(d, errp) || !value) {
        return;
    }
    if (!d->p.int_handles) {
        error_setg(errp, "intel-dsa: there are no handles (int-handles=off)");
        return;
    }
    dsa_irq_revoke_handles(d);
}

static void dsa_inject_cmd_error(DsaState *d, uint8_t v, Error **errp)
{
    d->faults.cmd_error = v;
}

static void dsa_inject_halt(DsaState *d, uint8_t v, Error **errp)
{
    if (v > DSA_RESET_COLD) {
        error_setg(errp, "intel-dsa: reset type is 0 (software), 1 (FLR), "
                   "2 (warm) or 3 (cold)");
        return;
    }
    dsa_halt(d, v);
}

static void dsa_inject_swerr(DsaState *d, uint8_t v, Error **errp)
{
    const DsaEvent ev = { .error = v };

    dsa_event_later(d, &ev);
}

/* 7:0 error, 15:8 code of the command, 23:16 how many more times */
static void dsa_code_error_get(Object *obj, Visitor *v, const char *name,
                               void *opaque, Error **errp)
{
    const DsaFaults *f = &INTEL_DSA(obj)->faults;
    uint32_t val = 0;

    if (f->code_times) {
        val = f->code_error | f->code << 8 | (f->code_times - 1) << 16;
    }
    visit_type_uint32(v, name, &val, errp);
}

static void dsa_code_error_set(Object *obj, Visitor *v, const char *name,
                               void *opaque, Error **errp)
{
    DsaState *d = INTEL_DSA(obj);
    uint32_t val;

    if (!visit_type_uint32(v, name, &val, errp) || !dsa_fault_ready(d, errp)) {
        return;
    }
    if (val >> 24) {
        error_setg(errp, "intel-dsa: %s is 24 bits: error, code << 8, "
                   "repetitions << 16", name);
        return;
    }
    trace_intel_dsa_inject(d->name, name, val);
    d->faults.code_error = val;
    d->faults.code = val >> 8;
    d->faults.code_times = val & 0xff ? (val >> 16) + 1 : 0;
}

/* A property that acts when it is set. */
typedef struct DsaInject {
    const char *name;
    const char *what;
    void (*act)(DsaState *d, uint8_t v, Error **errp);
} DsaInject;

static const DsaInject dsa_injects[] = {
    { "inject-cmd-error", "error code for the next command (0: none)",
      dsa_inject_cmd_error },
    { "inject-halt", "halt now; value: reset type", dsa_inject_halt },
    { "inject-swerr", "report an error now; value: code", dsa_inject_swerr },
};

static void dsa_inject_get(Object *obj, Visitor *v, const char *name,
                           void *opaque, Error **errp)
{
    const DsaInject *inject = opaque;
    uint8_t val = 0;

    if (inject->act == dsa_inject_cmd_error) {
        val = INTEL_DSA(obj)->faults.cmd_error;
    }
    visit_type_uint8(v, name, &val, errp);
}

static void dsa_inject_set(Object *obj, Visitor *v, const char *name,
                           void *opaque, Error **errp)
{
    const DsaInject *inject = opaque;
    DsaState *d = INTEL_DSA(obj);
    uint8_t val;

    if (visit_type_uint8(v, name, &val, errp) && dsa_fault_ready(d, errp)) {
        trace_intel_dsa_inject(d->name, name, val);
        inject->act(d, val, errp);
    }
}

void dsa_fault_class_init(ObjectClass *oc)
{
    object_class_property_add_bool(oc, "inject-cmd-hang", dsa_cmd_hang_get,
                                   dsa_cmd_hang_set);
    object_class_property_add_bool(oc, "inject-dead", dsa_dead_get,
                                   dsa_dead_set);
    object_class_property_add_bool(oc, "revoke-int-handles", dsa_revoke_get,
                                   dsa_revoke_set);
    object_class_property_add(oc, "inject-code-error", "uint32",
                              dsa_code_error_get, dsa_code_error_set, NULL,
                              NULL);
    for (unsigned i = 0; i < ARRAY_SIZE(dsa_injects); i++) {
        const DsaInject *inject = &dsa_injects[i];

        object_class_property_add(oc, inject->name, "uint8", dsa_inject_get,
                                  dsa_inject_set, NULL, (void *)inject);
        object_class_property_set_description(oc, inject->name, inject->what);
    }
}

void dsa_fault_instance_init(DsaState *d)
{
    const struct {
        const char *name;
        uint64_t *value;
    } stats[] = {
        { "stat-descriptors", &d->stats.descriptors },
        { "stat-batches", &d->stats.batches },
        { "stat-errors", &d->stats.errors },
        { "stat-faults", &d->stats.faults },
        { "stat-aborted", &d->stats.aborted },
        { "stat-rejected", &d->stats.rejected },
        { "stat-short-writes", &d->stats.short_writes },
        { "stat-msix", &d->stats.msix },
        { "stat-ims", &d->stats.ims },
        { "stat-events", &d->stats.events },
        { "stat-commands", &d->stats.commands },
        { "stat-mmio", &d->stats.mmio },
    };

    object_property_add_uint32_ptr(OBJECT(d), "engine-delay-us",
                                   &d->engine_delay_us,
                                   OBJ_PROP_FLAG_READWRITE);
    for (unsigned i = 0; i < ARRAY_SIZE(stats); i++) {
        object_property_add_uint64_ptr(OBJECT(d), stats[i].name,
                                       stats[i].value, OBJ_PROP_FLAG_READ);
    }
}
