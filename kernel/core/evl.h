/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event log of a device (layer L2): a ring of errors in our memory.
 */
#ifndef IDXD_EVL_H
#define IDXD_EVL_H

#include "caps.h"
#include "hw.h"

/**
 * struct idxd_evl - the event log
 * @hw: register window
 * @log: the ring, or NULL where there is none
 * @dma: its address for the device
 * @entry_size: bytes of an entry
 * @nr_entries: of the ring; one always stays free
 * @head: the next entry to be read
 * @tail: the first that was not written yet when we last looked
 *
 * @head and @tail are serialised by whoever owns the log (idxd_errq.lock).
 */
struct idxd_evl {
	struct idxd_hw *hw;
	void *log;
	dma_addr_t dma;
	u16 entry_size;
	u16 nr_entries;
	u16 head;
	u16 tail;
};

/**
 * idxd_evl_init() - allocate the log, if the device has one
 * @evl: to be filled
 * @hw: register window
 * @caps: decoded capabilities
 *
 * Without memory for it errors are reported in SWERR. Pairs with
 * idxd_evl_exit().
 *
 * Context: sleeps.
 */
void idxd_evl_init(struct idxd_evl *evl, struct idxd_hw *hw,
		   const struct idxd_caps *caps);

/**
 * idxd_evl_exit() - free the log
 * @evl: the log; the device was reset or does no DMA any more
 */
void idxd_evl_exit(struct idxd_evl *evl);

/**
 * idxd_evl_start() - have the device use the log from now on
 * @evl: the log
 *
 * The device is disabled and its log off, as after a reset. What was in the
 * log and not read is forgotten.
 *
 * Context: any; serialised by the caller.
 */
void idxd_evl_start(struct idxd_evl *evl);

/**
 * idxd_evl_pop() - take the oldest entry
 * @evl: the log
 * @entry: its first words
 *
 * When there is none, the next one interrupts.
 *
 * Context: any; serialised by the caller.
 * Return: there was one.
 */
bool idxd_evl_pop(struct idxd_evl *evl, u64 entry[IDXD_EVL_NR_WORDS]);

/**
 * idxd_evl_nr_waiting() - entries that wait to be read
 * @evl: the log
 *
 * Context: any; serialised by the caller.
 * Return: how many.
 */
u16 idxd_evl_nr_waiting(struct idxd_evl *evl);

#endif /* IDXD_EVL_H */
