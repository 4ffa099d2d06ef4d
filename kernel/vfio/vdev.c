// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtual DSA: one subfunction shown as a VFIO PCI device (layer V3).
 *
 * Opening and closing, resetting, the ioctls, and what the core tells us of
 * the hardware. Registers, interrupts, portals and commands have files of
 * their own; the table of operations is last and has no logic.
 */
#include "vdev.h"

#include <linux/bitfield.h>
#include <linux/file.h>
#include <linux/platform_device.h>
#include <linux/uaccess.h>

#include "trace.h"
#include "verr.h"
#include "vregion.h"

static struct idxd_vdev *to_vdev(struct vfio_device *vfio)
{
	return container_of(vfio, struct idxd_vdev, vfio);
}

/*
 * The host resets its device itself, so the guest is not asked for more than
 * the reset command. That waits for the host's device, if that comes back.
 */
static void idxd_vdev_show_halt_locked(struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	idxd_vregs_halt(&vdev->regs, vdev->hopeless ? IDXD_RESET_FLR :
						      IDXD_RESET_SOFTWARE);
}

/* Registers and configuration as a user or guest finds them after a reset */
static void idxd_vdev_reset_state_locked(struct idxd_vdev *vdev, bool flr)
{
	lockdep_assert_held(&vdev->lock);
	idxd_vregs_reset(&vdev->regs);
	vdev->records = (struct idxd_vevl_records){};
	vdev->unseen = false;
	if (vdev->halted)
		idxd_vdev_show_halt_locked(vdev);
	if (flr)
		idxd_vcfg_reset(&vdev->cfg);
	else
		idxd_vcfg_init(&vdev->cfg, &vdev->cfg.id);
}

void idxd_vdev_reset_locked(struct idxd_vdev *vdev, bool flr)
{
	vdev->nr_resets++;
	idxd_vcmd_reset_locked(vdev);
	idxd_vdev_reset_state_locked(vdev, flr);
	/* Those of the WQ are forgotten when it has been reset */
	idxd_vintr_forget(&vdev->intr, 0, 0);
	idxd_vportal_zap(&vdev->portal);
	trace_idxd_vdev_reset(idxd_vdev_name(vdev), flr);
}

static int idxd_vdev_reset(struct idxd_vdev *vdev)
{
	scoped_guard(mutex, &vdev->lock)
		idxd_vdev_reset_locked(vdev, false);
	idxd_vcmd_flush(vdev);
	guard(mutex)(&vdev->lock);
	return vdev->halted ? -EIO : vdev->cmd.reset_err;
}

static int idxd_vdev_open(struct vfio_device *vfio)
{
	struct idxd_vdev *vdev = to_vdev(vfio);
	int err;

	/* Before the SF is open: a halt may come as soon as it is */
	scoped_guard(mutex, &vdev->lock) {
		vdev->cmd.generation++;
		vdev->cmd.reset = false;
		vdev->cmd.resetting = false;
		idxd_vhandle_reset(&vdev->cmd.handles);
		idxd_vdev_reset_state_locked(vdev, false);
	}
	err = idxd_sf_open(vdev->sf);
	if (err)
		return err;
	err = idxd_vintr_open(&vdev->intr);
	if (err) {
		idxd_sf_close(vdev->sf);
		return err;
	}
	idxd_vuser_enter(&vdev->user);
	scoped_guard(mutex, &vdev->lock) {
		/* It may have changed since it was open before */
		idxd_vregs_set_priority(&vdev->regs,
					idxd_sf_info(vdev->sf)->wq_priority);
		vdev->open = true;
		if (vdev->halted)
			idxd_vportal_park(&vdev->portal);
		else
			idxd_vportal_allow(&vdev->portal);
	}
	trace_idxd_vdev_opened(idxd_vdev_name(vdev), 0);
	return 0;
}

static void idxd_vdev_close(struct vfio_device *vfio)
{
	struct idxd_vdev *vdev = to_vdev(vfio);

	/* Nobody can submit, nothing runs, the WQ is reset: no interrupt comes */
	scoped_guard(mutex, &vdev->lock) {
		vdev->open = false;
		idxd_vportal_revoke(&vdev->portal);
	}
	idxd_vcmd_cancel(vdev);
	idxd_sf_close(vdev->sf);
	idxd_vintr_close(&vdev->intr);
	idxd_vuser_leave(&vdev->user);
	trace_idxd_vdev_closed(idxd_vdev_name(vdev), 0);
}

static void idxd_vdev_ask(struct idxd_vdev *vdev)
{
	idxd_vuser_tell(&vdev->user, vdev->vfio.dev);
	idxd_vintr_signal(&vdev->intr, IDXD_VINTR_REQ);
}

/* The VFIO core asks every 10 s until the last file is closed */
static void idxd_vdev_request(struct vfio_device *vfio, unsigned int count)
{
	idxd_vdev_ask(to_vdev(vfio));
}

static ssize_t idxd_vdev_read(struct vfio_device *vfio, char __user *buf,
			      size_t count, loff_t *ppos)
{
	return idxd_vregion_read(to_vdev(vfio), buf, count, ppos);
}

static ssize_t idxd_vdev_write(struct vfio_device *vfio,
			       const char __user *buf, size_t count,
			       loff_t *ppos)
{
	return idxd_vregion_write(to_vdev(vfio), buf, count, ppos);
}

static int idxd_vdev_mmap(struct vfio_device *vfio,
			  struct vm_area_struct *vma)
{
	return idxd_vregion_mmap(to_vdev(vfio), vma);
}

static int idxd_vdev_get_info(struct idxd_vdev *vdev, void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static int idxd_vdev_get_region_info(struct idxd_vdev *vdev, void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info = {};
	int err;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	err = idxd_vregion_info(&info);
	if (err)
		return err;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static int idxd_vdev_get_irq_info(struct idxd_vdev *vdev, void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info = {};

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	/* The vectors of MSI-X can be set one by one at any time */
	if (info.index != VFIO_PCI_MSIX_IRQ_INDEX)
		info.flags |= VFIO_IRQ_INFO_NORESIZE;
	info.count = idxd_vintr_count(&vdev->intr, info.index);
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static int idxd_vdev_set_irqs(struct idxd_vdev *vdev, void __user *arg)
{
	const size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr = {};
	void *data = NULL;
	size_t size = 0;
	int err;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	err = vfio_set_irqs_validate_and_prepare(&hdr,
						 idxd_vintr_count(&vdev->intr,
								  hdr.index),
						 VFIO_PCI_NUM_IRQS, &size);
	if (err)
		return err;
	if (size) {
		data = memdup_user(arg + minsz, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	err = idxd_vintr_set(&vdev->intr, &hdr, data);
	kfree(data);
	return err;
}

static long idxd_vdev_ioctl(struct vfio_device *vfio, unsigned int cmd,
			    unsigned long arg)
{
	struct idxd_vdev *vdev = to_vdev(vfio);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return idxd_vdev_get_info(vdev, uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return idxd_vdev_get_region_info(vdev, uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return idxd_vdev_get_irq_info(vdev, uarg);
	case VFIO_DEVICE_SET_IRQS:
		return idxd_vdev_set_irqs(vdev, uarg);
	case VFIO_DEVICE_RESET:
		return idxd_vdev_reset(vdev);
	default:
		return -ENOTTY;
	}
}

/* Return: the host cannot bring such a device back by itself */
static bool idxd_vdev_is_hopeless(u32 gensts)
{
	if (gensts == ~0u)
		return true;
	if (FIELD_GET(IDXD_GENSTS_STATE, gensts) != IDXD_DEV_HALT)
		return false;
	switch ((enum idxd_reset_type)FIELD_GET(IDXD_GENSTS_RESET_TYPE,
						gensts)) {
	case IDXD_RESET_SOFTWARE:
	case IDXD_RESET_FLR:
		return false;
	case IDXD_RESET_WARM:
	case IDXD_RESET_COLD:
		break;
	}
	return true;
}

static void idxd_vdev_halt(void *priv, u32 gensts)
{
	struct idxd_vdev *vdev = priv;

	guard(mutex)(&vdev->lock);
	vdev->halted = true;
	vdev->hopeless = idxd_vdev_is_hopeless(gensts);
	vdev->unseen = true;
	if (vdev->open)
		idxd_vportal_park(&vdev->portal);
	idxd_vdev_show_halt_locked(vdev);
	if (idxd_vregs_raise(&vdev->regs, IDXD_INTCAUSE_HALT))
		idxd_vintr_signal(&vdev->intr, 0);
	/* Gone for good: a VMM stops the VM */
	if (gensts == ~0u)
		idxd_vintr_signal(&vdev->intr, IDXD_VINTR_ERR);
	trace_idxd_vdev_halted(idxd_vdev_name(vdev), gensts);
}

/*
 * A disabled or halted device says nothing of stores to its portals. The host's is
 * enabled, and says that the WQ is not.
 */
static bool idxd_vdev_is_stray(struct idxd_vdev *vdev,
			       const struct idxd_error *error)
{
	enum idxd_dev_state state = idxd_vregs_state(&vdev->regs);

	return state != IDXD_DEV_ENABLED && state != IDXD_DEV_DRAIN &&
	       FIELD_GET(IDXD_SWERR0_ERROR, error->swerr[0]) ==
	       IDXD_ERR_WQ_DISABLED;
}

/* What the queue caused before a reset is of the old life */
static void idxd_vdev_error(void *priv, const struct idxd_error *error)
{
	struct idxd_vdev *vdev = priv;

	guard(mutex)(&vdev->lock);
	if (vdev->open && !vdev->cmd.resetting &&
	    !idxd_vdev_is_stray(vdev, error))
		idxd_verr_report_locked(vdev, error);
}

void idxd_vdev_gensts_read_locked(struct idxd_vdev *vdev)
{
	lockdep_assert_held(&vdev->lock);
	if (!vdev->unseen)
		return;
	vdev->unseen = false;
	if (!vdev->halted)
		idxd_vregs_set_state(&vdev->regs, IDXD_DEV_DISABLED);
}

static void idxd_vdev_resume(void *priv, int err)
{
	struct idxd_vdev *vdev = priv;

	guard(mutex)(&vdev->lock);
	vdev->halted = err;
	vdev->hopeless = err;
	if (err || vdev->unseen)
		idxd_vdev_show_halt_locked(vdev);
	else
		idxd_vregs_set_state(&vdev->regs, IDXD_DEV_DISABLED);
	if (vdev->open && !err)
		idxd_vportal_allow(&vdev->portal);
	/* A reset that the guest commanded meanwhile is done, or fails */
	if (vdev->open)
		idxd_vcmd_resume_locked(vdev);
	trace_idxd_vdev_resumed(idxd_vdev_name(vdev), -err);
}

/*
 * A guest that holds some asks for them anew. The occupancy interrupt comes
 * again when it has written the new handle. What it has not asked for by then is
 * told again by Enable Device, as a halt and a reset hide the cause.
 */
static void idxd_vdev_revoked(void *priv)
{
	struct idxd_vdev *vdev = priv;
	u32 held;

	guard(mutex)(&vdev->lock);
	held = idxd_vhandle_revoke(&vdev->cmd.handles);
	if (held && idxd_vregs_state(&vdev->regs) != IDXD_DEV_HALT)
		idxd_vcmd_tell_revoked_locked(vdev);
	trace_idxd_vdev_revoked(idxd_vdev_name(vdev), held);
}

static void idxd_vdev_stats(void *priv, struct idxd_sf_stats *stats)
{
	struct idxd_vdev *vdev = priv;
	unsigned int i;

	guard(mutex)(&vdev->lock);
	stats->commands = atomic64_read(&vdev->nr_commands);
	stats->resets = vdev->nr_resets;
	stats->accesses = atomic64_read(&vdev->nr_bar_accesses);
	stats->portal_drops = atomic64_read(&vdev->nr_portal_drops);
	stats->portal_zaps = READ_ONCE(vdev->portal.nr_zaps);
	stats->nr_irqs = vdev->intr.nr_msix;
	for (i = 0; i < stats->nr_irqs; i++)
		stats->irqs[i] = atomic64_read(&vdev->intr.lines[i].count);
}

static void idxd_vdev_remove(void *priv)
{
	idxd_vdev_ask(priv);
}

const struct idxd_sf_ops idxd_vdev_sf_ops = {
	.halt = idxd_vdev_halt,
	.error = idxd_vdev_error,
	.resume = idxd_vdev_resume,
	.revoked = idxd_vdev_revoked,
	.stats = idxd_vdev_stats,
	.remove = idxd_vdev_remove,
};

static u32 idxd_vdev_wq_live(void *ctx, unsigned int dword)
{
	struct idxd_vdev *vdev = ctx;

	return vdev->halted ? 0 : idxd_sf_wqcfg_read(vdev->sf, dword);
}

static u32 idxd_vdev_pending(void *ctx)
{
	struct idxd_vdev *vdev = ctx;

	return idxd_vintr_pending(&vdev->intr);
}

/* Last use of the memory; pairs with idxd_vdev_create() */
static void idxd_vdev_release(struct vfio_device *vfio)
{
	struct idxd_vdev *vdev = to_vdev(vfio);

	/* Closing has done so, and nothing starts a command since */
	cancel_work_sync(&vdev->cmd.work);
	idxd_vportal_exit(&vdev->portal);
	idxd_vintr_exit(&vdev->intr);
	mutex_destroy(&vdev->lock);
}

static const struct vfio_device_ops idxd_vdev_ops = {
	.name = IDXD_SF_VFIO_DEVICE,
	.release = idxd_vdev_release,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
	.open_device = idxd_vdev_open,
	.close_device = idxd_vdev_close,
	.read = idxd_vdev_read,
	.write = idxd_vdev_write,
	.ioctl = idxd_vdev_ioctl,
	.mmap = idxd_vdev_mmap,
	.request = idxd_vdev_request,
};

static void idxd_vdev_init_regs(struct idxd_vdev *vdev,
				const struct idxd_sf_info *info)
{
	struct idxd_vcfg_id id = {
		.device = info->pci_device,
		.revision = info->pci_revision,
		.nr_msix = vdev->intr.nr_msix,
	};
	struct idxd_vregs_caps caps = {
		.version = info->version,
		.gencap = info->gencap,
		.wqcap = info->wqcap,
		.grpcap = info->grpcap,
		.wq_size = info->wq_size,
		.wq_threshold = info->wq_threshold,
		.wq_priority = info->wq_priority,
		.max_xfer_shift = info->wq_max_xfer_shift,
		.max_batch_shift = info->wq_max_batch_shift,
		.nr_msix = vdev->intr.nr_msix,
	};

	memcpy(caps.opcap, info->opcap, sizeof(caps.opcap));
	idxd_vcfg_init(&vdev->cfg, &id);
	vdev->regs.wq_live = idxd_vdev_wq_live;
	vdev->regs.pending = idxd_vdev_pending;
	vdev->regs.ctx = vdev;
	idxd_vregs_init(&vdev->regs, &caps);
}

struct idxd_vdev *idxd_vdev_create(struct platform_device *pdev,
				   struct idxd_sf *sf)
{
	const struct idxd_sf_info *info = idxd_sf_info(sf);
	struct idxd_vdev *vdev;
	int err;

	vdev = vfio_alloc_device(idxd_vdev, vfio, &pdev->dev, &idxd_vdev_ops);
	if (IS_ERR(vdev))
		return vdev;
	vdev->sf = sf;
	mutex_init(&vdev->lock);
	idxd_vuser_init(&vdev->user);
	idxd_vcmd_init(vdev);
	err = idxd_vportal_init(&vdev->portal, info->portal,
				vdev->vfio.inode->i_mapping) ?:
	      idxd_vintr_init(&vdev->intr, sf);
	if (err) {
		vfio_put_device(&vdev->vfio);
		return ERR_PTR(err);
	}
	idxd_vdev_init_regs(vdev, info);
	return vdev;
}
