// SPDX-License-Identifier: GPL-2.0-only
/*
 * MOVDIR64B: 64 bytes from memory to memory, the store in one piece.
 *
 * Owns how the store reaches its target: a device that takes 64-byte stores
 * gets the 64 bytes (hw/i386/store64.h); directly mapped memory gets one
 * MOVDIR64B of the host, so that a submission stays 64 bytes wide when the
 * memory is a device's portal, through any number of nested QEMUs. Everything
 * else gets eight 8-byte stores, as if the CPU lacked the instruction.
 *
 * The decoder is patched in decode-new.c.inc and emit.c.inc. Must not know
 * any device.
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "cpu.h"
#include "accel/tcg/cpu-ops.h"
#include "exec/cpu_ldst.h"
#include "exec/cputlb.h"
#include "exec/exec-all.h"
#include "exec/helper-proto.h"
#include "hw/i386/store64.h"
#include "tcg/helper-tcg.h"

#define NR_WORDS (STORE64_SIZE / sizeof(uint64_t))

#ifdef __x86_64__
#include <cpuid.h>

#define CPUID_LEAF_FEATURES 7
#define CPUID_ECX_MOVDIR64B (1u << 28)

__attribute__((target("movdir64b")))
static void host_movdir64b(void *dst, const void *src)
{
    __builtin_ia32_movdir64b(dst, src);
}

static bool host_has_movdir64b(void)
{
    unsigned int a, b, c, d;

    return __get_cpuid_count(CPUID_LEAF_FEATURES, 0, &a, &b, &c, &d) &&
           (c & CPUID_ECX_MOVDIR64B);
}
#else
static void host_movdir64b(void *dst, const void *src)
{
    g_assert_not_reached();
}

static bool host_has_movdir64b(void)
{
    return false;
}
#endif

/* @dst: 64-byte aligned, for a page is and the guest's address was. */
static void store_host(void *dst, const uint64_t *buf)
{
    static int have = -1;

    if (unlikely(have < 0)) {
        have = host_has_movdir64b();
    }
    if (have) {
        host_movdir64b(dst, buf);
        return;
    }
    for (unsigned int i = 0; i < NR_WORDS; i++) {
        qatomic_set((uint64_t *)dst + i, buf[i]);
    }
}

static bool store_device(CPUX86State *env, const CPUTLBEntryFull *full,
                         target_ulong dst, const uint64_t *buf)
{
    CPUState *cs = env_cpu(env);
    MemTxAttrs attrs = full->attrs;
    hwaddr addr = full->phys_addr | (dst & ~TARGET_PAGE_MASK);
    AddressSpace *as =
        cpu_get_address_space(cs, cpu_asidx_from_attrs(cs, attrs));

    return store64_try(as, addr, attrs, buf);
}

/*
 * The linear addresses are complete: address size and segments are the
 * decoder's. A fault leaves the guest's state untouched, since nothing was
 * stored.
 */
void helper_movdir64b(CPUX86State *env, target_ulong dst, target_ulong src)
{
    uint64_t buf[NR_WORDS] QEMU_ALIGNED(STORE64_SIZE);
    uintptr_t ra = GETPC();
    CPUState *cs = env_cpu(env);
    CPUTLBEntryFull *full;
    void *host;
    int flags;

    if (dst & (STORE64_SIZE - 1)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, ra);
    }
    for (unsigned int i = 0; i < NR_WORDS; i++) {
        buf[i] = cpu_to_le64(cpu_ldq_le_data_ra(env, src + i * 8, ra));
    }

    /* Marks the page dirty and drops translated code, unless it is MMIO. */
    flags = probe_access_full(env, dst, STORE64_SIZE, MMU_DATA_STORE,
                              cpu_mmu_index(cs, false), false, &host, &full,
                              ra);
    if (full->slow_flags[MMU_DATA_STORE] & TLB_WATCHPOINT) {
        cpu_check_watchpoint(cs, dst, STORE64_SIZE, full->attrs, BP_MEM_WRITE,
                             ra);
    }
    if (likely(host && !(flags & TLB_MMIO))) {
        store_host(host, buf);
        return;
    }
    if (store_device(env, full, dst, buf)) {
        return;
    }
    for (unsigned int i = 0; i < NR_WORDS; i++) {
        cpu_stq_le_data_ra(env, dst + i * 8, le64_to_cpu(buf[i]), ra);
    }
}
