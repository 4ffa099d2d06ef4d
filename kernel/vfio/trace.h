/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace points of the virtual DSA. Each names its companion device first.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM idxd_vfio

#if !defined(IDXD_VFIO_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IDXD_VFIO_TRACE_H

#include <linux/tracepoint.h>
#include <linux/vfio.h>

DECLARE_EVENT_CLASS(idxd_vdev_access,
		    TP_PROTO(const char *dev, unsigned int region, bool write,
			     u32 off, u64 val),
		    TP_ARGS(dev, region, write, off, val),
		    TP_STRUCT__entry(__string(dev, dev)
				     __field(unsigned int, region)
				     __field(bool, write)
				     __field(u32, off)
				     __field(u64, val)
		    ),
		    TP_fast_assign(__assign_str(dev);
				   __entry->region = region;
				   __entry->write = write;
				   __entry->off = off;
				   __entry->val = val;
		    ),
		    TP_printk("dev=%s region=%u op=%s off=%#x val=%#llx",
			      __get_str(dev), __entry->region,
			      __entry->write ? "write" : "read",
			      __entry->off, __entry->val)
);

DEFINE_EVENT(idxd_vdev_access, idxd_vdev_bar_accessed,
	     TP_PROTO(const char *dev, unsigned int region, bool write,
		      u32 off, u64 val),
	     TP_ARGS(dev, region, write, off, val)
);

DEFINE_EVENT(idxd_vdev_access, idxd_vdev_config_accessed,
	     TP_PROTO(const char *dev, unsigned int region, bool write,
		      u32 off, u64 val),
	     TP_ARGS(dev, region, write, off, val)
);

DECLARE_EVENT_CLASS(idxd_vdev_event,
		    TP_PROTO(const char *dev, u32 arg),
		    TP_ARGS(dev, arg),
		    TP_STRUCT__entry(__string(dev, dev)
				     __field(u32, arg)
		    ),
		    TP_fast_assign(__assign_str(dev);
				   __entry->arg = arg;
		    ),
		    TP_printk("dev=%s arg=%#x", __get_str(dev), __entry->arg)
);

/* arg: 0 */
DEFINE_EVENT(idxd_vdev_event, idxd_vdev_opened,
	     TP_PROTO(const char *dev, u32 arg),
	     TP_ARGS(dev, arg)
);

/* arg: 0 */
DEFINE_EVENT(idxd_vdev_event, idxd_vdev_closed,
	     TP_PROTO(const char *dev, u32 arg),
	     TP_ARGS(dev, arg)
);

/* arg: 1 if the guest asked for it (FLR), 0 for VFIO_DEVICE_RESET */
DEFINE_EVENT(idxd_vdev_event, idxd_vdev_reset,
	     TP_PROTO(const char *dev, u32 arg),
	     TP_ARGS(dev, arg)
);

/* arg: GENSTS of the host's device */
DEFINE_EVENT(idxd_vdev_event, idxd_vdev_halted,
	     TP_PROTO(const char *dev, u32 arg),
	     TP_ARGS(dev, arg)
);

/* arg: 0, or the error number if the host's device does not come back */
DEFINE_EVENT(idxd_vdev_event, idxd_vdev_resumed,
	     TP_PROTO(const char *dev, u32 arg),
	     TP_ARGS(dev, arg)
);

/* arg: bit n: the guest held the handle of MSI-X entry n */
DEFINE_EVENT(idxd_vdev_event, idxd_vdev_revoked,
	     TP_PROTO(const char *dev, u32 arg),
	     TP_ARGS(dev, arg)
);

TRACE_EVENT(idxd_vdev_logged,
	    TP_PROTO(const char *dev, u64 addr, int err),
	    TP_ARGS(dev, addr, err),
	    TP_STRUCT__entry(__string(dev, dev)
			     __field(u64, addr)
			     __field(int, err)
	    ),
	    TP_fast_assign(__assign_str(dev);
			   __entry->addr = addr;
			   __entry->err = err;
	    ),
	    TP_printk("dev=%s addr=%#llx err=%d", __get_str(dev),
		      __entry->addr, __entry->err)
);

TRACE_EVENT(idxd_vcmd_completed,
	    TP_PROTO(const char *dev, const char *name, u32 cmd, u32 status),
	    TP_ARGS(dev, name, cmd, status),
	    TP_STRUCT__entry(__string(dev, dev)
			     __string(name, name)
			     __field(u32, cmd)
			     __field(u32, status)
	    ),
	    TP_fast_assign(__assign_str(dev);
			   __assign_str(name);
			   __entry->cmd = cmd;
			   __entry->status = status;
	    ),
	    TP_printk("dev=%s name=\"%s\" cmd=%#x status=%#x",
		      __get_str(dev), __get_str(name), __entry->cmd,
		      __entry->status)
);

TRACE_EVENT(idxd_vintr_set,
	    TP_PROTO(const char *dev, const struct vfio_irq_set *hdr, int err),
	    TP_ARGS(dev, hdr, err),
	    TP_STRUCT__entry(__string(dev, dev)
			     __field(u32, index)
			     __field(u32, start)
			     __field(u32, count)
			     __field(u32, flags)
			     __field(int, err)
	    ),
	    TP_fast_assign(__assign_str(dev);
			   __entry->index = hdr->index;
			   __entry->start = hdr->start;
			   __entry->count = hdr->count;
			   __entry->flags = hdr->flags;
			   __entry->err = err;
	    ),
	    TP_printk("dev=%s index=%u start=%u count=%u flags=%#x err=%d",
		      __get_str(dev), __entry->index, __entry->start,
		      __entry->count, __entry->flags, __entry->err)
);

#endif /* IDXD_VFIO_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
