// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subfunctions (layer L3): interrupt handles.
 *
 * Bare silicon takes IMS slots. A device that is virtual itself gives handles for
 * them, and may revoke all of them. Each is noted with the epoch it is of, so
 * nobody has to go through the subfunctions for a handle to be void. Who is open
 * is told; others are not touched until they request one.
 */
#include "sf_handle.h"

#include <linux/bitfield.h>
#include <linux/export.h>

#include "sf.h"

/**
 * struct idxd_sf_handle - a handle of a subfunction
 * @sf: the subfunction
 * @grant: as of struct idxd_sf_vector
 */
struct idxd_sf_handle {
	const struct idxd_sf *sf;
	u64 grant;
};

static bool idxd_sf_handle_needed(const struct idxd_dev *idxd)
{
	return idxd->caps.cmds & BIT(IDXD_CMD_REQUEST_HANDLE);
}

static bool idxd_sf_handle_is_good(const struct idxd_sf *sf, u64 grant)
{
	return !idxd_sf_handle_needed(sf->idxd) ||
	       FIELD_GET(IDXD_SF_GRANT_EPOCH, grant) ==
	       idxd_cmd_epoch(&sf->idxd->cmdq);
}

static u32 idxd_sf_handle_operand(u16 index)
{
	return FIELD_PREP(IDXD_CMD_HANDLE_INDEX, index) | IDXD_CMD_HANDLE_IMS;
}

int idxd_sf_handle_request(struct idxd_sf *sf, unsigned int vector, u64 epoch,
			   const struct idxd_wq_gate *gate, u8 *cmderr)
{
	struct idxd_sf_vector *v = &sf->vectors[vector];
	u16 handle = v->slot;
	int err = 0;

	if (idxd_sf_handle_needed(sf->idxd))
		err = idxd_cmd_exec_if(&sf->idxd->cmdq, IDXD_CMD_REQUEST_HANDLE,
				       idxd_sf_handle_operand(v->slot), &handle,
				       cmderr, gate ? gate->ready : NULL,
				       gate ? gate->priv : NULL);
	if (err || (cmderr && *cmderr))
		return err;
	WRITE_ONCE(v->grant, FIELD_PREP(IDXD_SF_GRANT_EPOCH, epoch) |
			     FIELD_PREP(IDXD_SF_GRANT_HANDLE, handle));
	return 0;
}

/* Asked right before the command, as nobody is given a handle meanwhile */
static bool idxd_sf_handle_release_ready(void *priv)
{
	const struct idxd_sf_handle *handle = priv;

	return idxd_sf_handle_is_good(handle->sf, handle->grant);
}

void idxd_sf_handle_release(struct idxd_sf *sf, unsigned int vector)
{
	struct idxd_sf_vector *v = &sf->vectors[vector];
	struct idxd_sf_handle handle = { .sf = sf, .grant = v->grant };
	u16 value = FIELD_GET(IDXD_SF_GRANT_HANDLE, v->grant);

	if (idxd_sf_handle_needed(sf->idxd))
		idxd_cmd_exec_if(&sf->idxd->cmdq, IDXD_CMD_RELEASE_HANDLE,
				 idxd_sf_handle_operand(value), NULL, NULL,
				 idxd_sf_handle_release_ready, &handle);
	WRITE_ONCE(v->grant, 0);
}

int idxd_sf_renew_handles_locked(struct idxd_sf *sf)
{
	u64 epoch = idxd_cmd_epoch(&sf->idxd->cmdq);
	unsigned int i;
	int err = 0;

	lockdep_assert_held(&sf->lock);
	for (i = 0; i < sf->info.nr_vectors && !err; i++)
		err = idxd_sf_handle_request(sf, i, epoch, NULL, NULL);
	return err;
}

u64 idxd_sf_tell_revoked_locked(struct idxd_sf *sf)
{
	u64 epoch = idxd_cmd_epoch(&sf->idxd->cmdq);

	lockdep_assert_held(&sf->lock);
	if (epoch == sf->epoch)
		return epoch;
	sf->epoch = epoch;
	if (sf->opened && sf->ops && sf->ops->revoked &&
	    idxd_sf_handle_needed(sf->idxd))
		sf->ops->revoked(sf->priv);
	return epoch;
}

/* Return: false if it is busy: who has its lock may wait for the hardware */
static bool idxd_sf_revoke(struct idxd_sf *sf)
{
	if (!mutex_trylock(&sf->lock))
		return false;
	/* Recovery tells one that failed */
	if (sf->state != IDXD_SF_ERROR)
		idxd_sf_tell_revoked_locked(sf);
	mutex_unlock(&sf->lock);
	return true;
}

bool idxd_sf_revoke_all(struct idxd_dev *idxd)
{
	struct idxd_sf *sf;
	bool told = true;

	if (!idxd_sf_handle_needed(idxd))
		return true;
	guard(mutex)(&idxd->sfs_lock);
	list_for_each_entry(sf, &idxd->sfs, node)
		told &= idxd_sf_revoke(sf);
	return told;
}

int idxd_sf_irq_renew(struct idxd_sf *sf, unsigned int vector)
{
	const struct idxd_wq_gate gate = {
		.ready = idxd_sf_in_service,
		.priv = sf,
	};
	u8 cmderr = IDXD_CMDERR_NONE;
	u64 epoch;
	int err;

	if (vector >= sf->info.nr_vectors)
		return -EINVAL;
	/* First: a new one must not be taken for one that it is told of */
	scoped_guard(mutex, &sf->lock) {
		if (sf->state == IDXD_SF_ERROR)
			return -EIO;
		epoch = idxd_sf_tell_revoked_locked(sf);
	}
	if (idxd_sf_handle_is_good(sf, READ_ONCE(sf->vectors[vector].grant)))
		return 0;
	err = idxd_sf_handle_request(sf, vector, epoch, &gate, &cmderr);
	if (err)
		return err;
	return cmderr ? -ENXIO : 0;
}
EXPORT_SYMBOL_GPL(idxd_sf_irq_renew);

int idxd_sf_irq_handle(const struct idxd_sf *sf, unsigned int vector)
{
	u64 grant;

	if (vector >= sf->info.nr_vectors)
		return -EINVAL;
	grant = READ_ONCE(sf->vectors[vector].grant);
	if (!idxd_sf_handle_is_good(sf, grant))
		return -ENXIO;
	return FIELD_GET(IDXD_SF_GRANT_HANDLE, grant);
}
EXPORT_SYMBOL_GPL(idxd_sf_irq_handle);
