// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt handles of a guest (layer V0, pure).
 */
#include "vhandle.h"

#include <linux/bits.h>
#include <linux/string.h>

void idxd_vhandle_reset(struct idxd_vhandles *vh)
{
	memset(vh, 0, sizeof(*vh));
}

void idxd_vhandle_give(struct idxd_vhandles *vh, unsigned int index, u16 value)
{
	vh->held |= BIT(index);
	vh->owed &= ~BIT(index);
	vh->value[index] = value;
}

void idxd_vhandle_take(struct idxd_vhandles *vh, unsigned int index)
{
	vh->held &= ~BIT(index);
}

u32 idxd_vhandle_revoke(struct idxd_vhandles *vh)
{
	u32 held = vh->held;
	unsigned int i;

	for (i = 1; i < IDXD_VHANDLE_NR; i++)
		if (held & BIT(i))
			vh->was[i] = vh->value[i];
	vh->old |= held;
	vh->owed |= held;
	vh->held = 0;
	return held;
}

static unsigned int idxd_vhandle_search(const u16 values[IDXD_VHANDLE_NR],
					u32 valid, u32 handle)
{
	unsigned int i;

	for (i = 1; i < IDXD_VHANDLE_NR; i++)
		if (valid & BIT(i) && values[i] == handle)
			return i;
	return 0;
}

unsigned int idxd_vhandle_find(const struct idxd_vhandles *vh, u32 handle)
{
	return idxd_vhandle_search(vh->value, vh->held, handle);
}

unsigned int idxd_vhandle_find_old(const struct idxd_vhandles *vh, u32 handle)
{
	return idxd_vhandle_search(vh->was, vh->old, handle);
}
