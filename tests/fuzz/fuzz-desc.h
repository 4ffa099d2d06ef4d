/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sf-fuzz guest: descriptors, as fuzz-desc.c makes them and fuzz-guest.c
 * submits them.
 */
#ifndef FUZZ_DESC_H
#define FUZZ_DESC_H

#include "fuzz.h"

/* Operations that have to succeed now and then, ended by NULL */
#define FUZZ_NR_OPS	12
extern const char *const fuzz_ops[FUZZ_NR_OPS + 1];
int fuzz_op_nr(uint8_t opcode);

/* Mostly in the arena, at the base; else anywhere */
uint64_t fuzz_address(struct fuzz_thread *t, uint64_t base);
void fuzz_describe(struct fuzz_thread *t, struct dsa_hw_desc *desc);
void fuzz_describe_batch(struct fuzz_thread *t, struct dsa_hw_desc *desc);
/* Where it will be told what came of it, or NULL */
struct dsa_completion_record *fuzz_record(const struct dsa_hw_desc *desc);

#endif /* FUZZ_DESC_H */
