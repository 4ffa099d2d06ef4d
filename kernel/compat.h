/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only file that tests kernel versions. Each shim is named after the
 * feature and has the shape of the newest kernel's interface.
 */
#ifndef IDXD_COMPAT_H
#define IDXD_COMPAT_H

#include <linux/irq.h>
#include <linux/irqbypass.h>
#include <linux/version.h>

struct eventfd_ctx;

/*
 * Kernels from 6.15 on ask a chip whose parent is the bare vector domain to
 * say that its interrupts move in interrupt context only. Before, the vector
 * domain set that up by itself.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
#define IDXD_IRQCHIP_MOVE_DEFERRED	IRQCHIP_MOVE_DEFERRED
#else
#define IDXD_IRQCHIP_MOVE_DEFERRED	0
#endif

/*
 * iommu_domain_ops.attach_dev got the old domain as third argument in 6.19.
 * Functions are written with it, and declared through this macro.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define IDXD_IOMMU_ATTACH(name, domain, dev)			\
	name(struct iommu_domain *(domain), struct device *(dev),	\
	     struct iommu_domain *old)
#else
#define IDXD_IOMMU_ATTACH(name, domain, dev)			\
	name(struct iommu_domain *(domain), struct device *(dev))
#endif

/*
 * The manager of interrupt bypass is built where KVM or vfio-pci is. It keeps
 * track of eventfd and interrupt itself from 6.17 on, and was told before.
 */
static inline int idxd_irq_bypass_register(struct irq_bypass_producer *producer,
					   struct eventfd_ctx *eventfd, int irq)
{
#if !IS_ENABLED(CONFIG_IRQ_BYPASS_MANAGER)
	return -EOPNOTSUPP;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
	return irq_bypass_register_producer(producer, eventfd, irq);
#else
	producer->token = eventfd;
	producer->irq = irq;
	return irq_bypass_register_producer(producer);
#endif
}

static inline void
idxd_irq_bypass_unregister(struct irq_bypass_producer *producer)
{
#if IS_ENABLED(CONFIG_IRQ_BYPASS_MANAGER)
	irq_bypass_unregister_producer(producer);
#endif
}

#endif /* IDXD_COMPAT_H */
