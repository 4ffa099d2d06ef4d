// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event log of a device (layer L2): a ring of errors in our memory.
 *
 * The device writes entries at the tail, we move the head; one place stays
 * free. It knows neither whose errors they are nor when to look. A reset of
 * the device, by whomever, switches the log off and clears its registers, so
 * they are believed only while the device says that the log is on.
 */
#include "evl.h"

#include <linux/bitfield.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>

/* Half a MiB of usual entries; a flood is looked at every few milliseconds */
#define IDXD_EVL_ENTRIES	8192
/* How often the device learns of places that are free again */
#define IDXD_EVL_HEAD_STEP	32

static size_t idxd_evl_size(const struct idxd_evl *evl)
{
	return (size_t)evl->nr_entries * evl->entry_size;
}

void idxd_evl_init(struct idxd_evl *evl, struct idxd_hw *hw,
		   const struct idxd_caps *caps)
{
	evl->hw = hw;
	evl->entry_size = caps->evl_entry_size;
	if (!evl->entry_size)
		return;
	for (evl->nr_entries = IDXD_EVL_ENTRIES;
	     evl->nr_entries >= IDXD_EVL_MIN_ENTRIES; evl->nr_entries /= 2) {
		evl->log = dma_alloc_coherent(hw->dev, idxd_evl_size(evl),
					      &evl->dma,
					      GFP_KERNEL | __GFP_NOWARN);
		if (evl->log)
			return;
	}
	dev_notice(hw->dev, "no memory for the event log\n");
}

void idxd_evl_exit(struct idxd_evl *evl)
{
	if (!evl->log)
		return;
	dma_free_coherent(evl->hw->dev, idxd_evl_size(evl), evl->log, evl->dma);
	evl->log = NULL;
}

static bool idxd_evl_is_on(struct idxd_evl *evl)
{
	u32 gencfg = idxd_hw_read32(evl->hw, IDXD_GENCFG_OFF);

	return gencfg != U32_MAX && gencfg & IDXD_GENCFG_EVL_EN;
}

/*
 * Return: the tail, or the head where registers do not tell. GENCFG comes
 * second: when it says that the log is on, no reset has cleared the tail.
 */
static u16 idxd_evl_read_tail(struct idxd_evl *evl)
{
	u64 status = idxd_hw_read64(evl->hw, IDXD_EVLSTS_OFF);
	u16 tail = FIELD_GET(IDXD_EVLSTS_TAIL, status);

	if (!idxd_evl_is_on(evl) || tail >= evl->nr_entries)
		return evl->head;
	return tail;
}

static void idxd_evl_write_head(struct idxd_evl *evl)
{
	idxd_hw_write32(evl->hw, IDXD_EVLSTS_OFF,
			FIELD_PREP(IDXD_EVLSTS_HEAD, evl->head));
}

void idxd_evl_start(struct idxd_evl *evl)
{
	if (!evl->log)
		return;
	idxd_hw_write64(evl->hw, IDXD_EVLCFG0_OFF, evl->dma);
	idxd_hw_write64(evl->hw, IDXD_EVLCFG1_OFF,
			FIELD_PREP(IDXD_EVLCFG1_SIZE, evl->nr_entries));
	idxd_hw_update32(evl->hw, IDXD_GENCFG_OFF, IDXD_GENCFG_EVL_EN,
			 IDXD_GENCFG_EVL_EN);
	evl->head = 0;
	evl->head = idxd_evl_read_tail(evl);
	evl->tail = evl->head;
	idxd_evl_write_head(evl);
}

/* In this order: an entry that comes after the look interrupts */
static void idxd_evl_look(struct idxd_evl *evl)
{
	idxd_hw_write32(evl->hw, IDXD_EVLSTS_OFF + 4,
			IDXD_EVLSTS_INT_PENDING >> 32);
	evl->tail = idxd_evl_read_tail(evl);
}

bool idxd_evl_pop(struct idxd_evl *evl, u64 entry[IDXD_EVL_NR_WORDS])
{
	const __le64 *words;
	unsigned int i;

	if (!evl->log)
		return false;
	if (evl->head == evl->tail)
		idxd_evl_look(evl);
	if (evl->head == evl->tail)
		return false;
	words = evl->log + (size_t)evl->head * evl->entry_size;
	for (i = 0; i < IDXD_EVL_NR_WORDS; i++)
		entry[i] = le64_to_cpu(READ_ONCE(words[i]));
	evl->head = (evl->head + 1) % evl->nr_entries;
	if (evl->head == evl->tail || !(evl->head % IDXD_EVL_HEAD_STEP))
		idxd_evl_write_head(evl);
	return true;
}

u16 idxd_evl_nr_waiting(struct idxd_evl *evl)
{
	if (!evl->log)
		return 0;
	return (idxd_evl_read_tail(evl) + evl->nr_entries - evl->head) %
	       evl->nr_entries;
}
