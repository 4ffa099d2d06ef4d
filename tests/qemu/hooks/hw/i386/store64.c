// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the device behind a 64-byte store; see store64.h.
 */

#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/rcu.h"
#include "hw/i386/store64.h"

bool store64_try(AddressSpace *as, hwaddr addr, MemTxAttrs attrs,
                 const void *buf)
{
    hwaddr offset, len = STORE64_SIZE;
    MemoryRegion *mr;
    Object *owner;

    RCU_READ_LOCK_GUARD();
    mr = address_space_translate(as, addr, &offset, &len, true, attrs);
    owner = memory_region_owner(mr);
    if (len < STORE64_SIZE || !owner ||
        !object_dynamic_cast(owner, TYPE_STORE64)) {
        return false;
    }

    BQL_LOCK_GUARD();
    return STORE64_GET_CLASS(owner)->store64(STORE64(owner), mr, offset, buf,
                                             attrs) == MEMTX_OK;
}

static const TypeInfo store64_types[] = {
    {
        .name = TYPE_STORE64,
        .parent = TYPE_INTERFACE,
        .class_size = sizeof(Store64Class),
    },
};

DEFINE_TYPES(store64_types)
