/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device's side of a 64-byte direct store (MOVDIR64B).
 *
 * QEMU splits a 64-byte store to MMIO into eight of 8 bytes. Devices such as
 * the DSA take one store of 64 bytes as a command and must not take eight
 * stores of 8. A device that can tell implements this interface on the QOM
 * object that owns its MemoryRegion.
 *
 * Called by target/i386 (TCG). Knows no device, and must not.
 */
#ifndef HW_I386_STORE64_H
#define HW_I386_STORE64_H

#include "exec/memory.h"
#include "qom/object.h"

#define STORE64_SIZE 64

#define TYPE_STORE64 "store64-target"

typedef struct Store64 Store64;
typedef struct Store64Class Store64Class;
DECLARE_CLASS_CHECKERS(Store64Class, STORE64, TYPE_STORE64)
#define STORE64(obj) INTERFACE_CHECK(Store64, (obj), TYPE_STORE64)

/**
 * struct Store64Class - what a device implements
 * @store64: takes one store. @mr is the region (owned by @dev) that was hit,
 *	@offset a multiple of 64 in it, @buf the 64 bytes in guest memory order,
 *	valid during the call only, @attrs who stored. Called with the BQL held,
 *	on the storing vCPU's thread: it must not wait. MEMTX_OK: done. Anything
 *	else: this region takes no 64-byte stores, and the vCPU goes on with eight
 *	8-byte stores.
 */
struct Store64Class {
    InterfaceClass parent_class;

    MemTxResult (*store64)(Store64 *dev, MemoryRegion *mr, hwaddr offset,
                           const void *buf, MemTxAttrs attrs);
};

/**
 * store64_try() - offer a 64-byte store to the device behind an address
 * @as: address space of the storing CPU
 * @addr: physical address, a multiple of 64
 * @attrs: attributes of the access
 * @buf: the 64 bytes, in memory order
 *
 * Takes the BQL when the caller does not hold it. Not for RAM.
 *
 * Return: true when a device took it; false when the region's owner has no
 * Store64 interface, or declined.
 */
bool store64_try(AddressSpace *as, hwaddr addr, MemTxAttrs attrs,
                 const void *buf);

#endif /* HW_I386_STORE64_H */
