/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Subfunctions (layer L3): interrupt handles.
 */
#ifndef IDXD_SF_HANDLE_H
#define IDXD_SF_HANDLE_H

#include <linux/bits.h>
#include <linux/types.h>

struct idxd_dev;
struct idxd_sf;
struct idxd_wq_gate;

/* Of struct idxd_sf_vector */
#define IDXD_SF_GRANT_HANDLE	GENMASK_ULL(15, 0)
#define IDXD_SF_GRANT_EPOCH	GENMASK_ULL(63, 16)

/**
 * idxd_sf_handle_request() - have the device give a vector its handle
 * @sf: the subfunction
 * @vector: number of the vector, its slot is leased
 * @epoch: as read before; a handle of another one is void
 * @gate: as for idxd_wq_command(), or NULL
 * @cmderr: the hardware's error code, IDXD_CMDERR_NONE before; NULL: a code
 *	other than 0 is -EIO
 *
 * Bare silicon is not asked: there the slot is the handle.
 *
 * Context: sleeps; takes cmdq->lock. Nobody else requests for this vector, but
 * recovery, which keeps @gate closed.
 * Return: 0 when the hardware answered, or the error of idxd_cmd_exec_if(). On any
 * error the vector has what it had.
 */
int idxd_sf_handle_request(struct idxd_sf *sf, unsigned int vector, u64 epoch,
			   const struct idxd_wq_gate *gate, u8 *cmderr);

/**
 * idxd_sf_handle_release() - give back the handle of a vector
 * @sf: the subfunction
 * @vector: number of the vector
 *
 * A handle that the device has forgotten is somebody else's by now, maybe.
 *
 * Context: sleeps; takes cmdq->lock.
 */
void idxd_sf_handle_release(struct idxd_sf *sf, unsigned int vector);

/**
 * idxd_sf_renew_handles_locked() - request all interrupt handles again
 * @sf: active; the device was reset
 *
 * Context: sf->lock held; sleeps; takes cmdq->lock.
 * Return: 0, or the error of idxd_sf_handle_request().
 */
int idxd_sf_renew_handles_locked(struct idxd_sf *sf);

/**
 * idxd_sf_tell_revoked_locked() - tell of handles that the device has forgotten
 * @sf: the subfunction
 *
 * Its driver, if somebody has it open, and of each epoch once.
 *
 * Context: sf->lock held; sleeps for no command.
 * Return: the epoch, of which it knows now.
 */
u64 idxd_sf_tell_revoked_locked(struct idxd_sf *sf);

/**
 * idxd_sf_revoke_all() - the device has revoked its interrupt handles
 * @idxd: the device
 *
 * Tells those that are open, once. Others see it when they request one.
 *
 * Context: takes sfs_lock and tries each sf->lock; waits for no command.
 * Return: false if one was busy: call again.
 */
bool idxd_sf_revoke_all(struct idxd_dev *idxd);

#endif /* IDXD_SF_HANDLE_H */
