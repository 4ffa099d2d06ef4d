/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints of the core: idxd_<object>_<past tense>, device first.
 * Seen by every layer; records values only, no pointers.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM idxd

#if !defined(IDXD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IDXD_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

#include "idxd_regs.h"

TRACE_EVENT(idxd_cmd_completed,
	    TP_PROTO(const struct device *dev, u8 code, u32 operand, u8 cmderr,
		     int err, s64 us),
	    TP_ARGS(dev, code, operand, cmderr, err, us),
	    TP_STRUCT__entry(__string(name, dev_name(dev))
			     __field(u8, code)
			     __field(u8, cmderr)
			     __field(u32, operand)
			     __field(int, err)
			     __field(s64, us)
	    ),
	    TP_fast_assign(__assign_str(name);
			   __entry->code = code;
			   __entry->cmderr = cmderr;
			   __entry->operand = operand;
			   __entry->err = err;
			   __entry->us = us;
	    ),
	    TP_printk("dev=%s code=%u operand=0x%x cmderr=0x%02x err=%d us=%lld",
		      __get_str(name), __entry->code, __entry->operand,
		      __entry->cmderr, __entry->err, __entry->us)
);

DECLARE_EVENT_CLASS(idxd_lease,
		    TP_PROTO(const struct device *dev, const char *what,
			     u32 index, u32 nr_leased),
		    TP_ARGS(dev, what, index, nr_leased),
		    TP_STRUCT__entry(__string(name, dev_name(dev))
				     __string(what, what)
				     __field(u32, index)
				     __field(u32, nr_leased)
		    ),
		    TP_fast_assign(__assign_str(name);
				   __assign_str(what);
				   __entry->index = index;
				   __entry->nr_leased = nr_leased;
		    ),
		    TP_printk("dev=%s what=%s index=%u nr_leased=%u",
			      __get_str(name), __get_str(what), __entry->index,
			      __entry->nr_leased)
);

DEFINE_EVENT(idxd_lease, idxd_res_leased,
	     TP_PROTO(const struct device *dev, const char *what, u32 index,
		      u32 nr_leased),
	     TP_ARGS(dev, what, index, nr_leased)
);

DEFINE_EVENT(idxd_lease, idxd_res_released,
	     TP_PROTO(const struct device *dev, const char *what, u32 index,
		      u32 nr_leased),
	     TP_ARGS(dev, what, index, nr_leased)
);

TRACE_EVENT(idxd_event_raised,
	    TP_PROTO(const struct device *dev, u32 causes),
	    TP_ARGS(dev, causes),
	    TP_STRUCT__entry(__string(name, dev_name(dev))
			     __field(u32, causes)
	    ),
	    TP_fast_assign(__assign_str(name);
			   __entry->causes = causes;
	    ),
	    TP_printk("dev=%s causes=0x%x",
		      __get_str(name), __entry->causes)
);

TRACE_EVENT(idxd_event_failed,
	    TP_PROTO(const struct device *dev, u32 gensts),
	    TP_ARGS(dev, gensts),
	    TP_STRUCT__entry(__string(name, dev_name(dev))
			     __field(u32, gensts)
	    ),
	    TP_fast_assign(__assign_str(name);
			   __entry->gensts = gensts;
	    ),
	    TP_printk("dev=%s gensts=0x%x",
		      __get_str(name), __entry->gensts)
);

TRACE_EVENT(idxd_health_recovered,
	    TP_PROTO(const struct device *dev, int err),
	    TP_ARGS(dev, err),
	    TP_STRUCT__entry(__string(name, dev_name(dev))
			     __field(int, err)
	    ),
	    TP_fast_assign(__assign_str(name);
			   __entry->err = err;
	    ),
	    TP_printk("dev=%s err=%d",
		      __get_str(name), __entry->err)
);

TRACE_EVENT(idxd_event_error_read,
	    TP_PROTO(const struct device *dev, bool logged, const u64 *swerr),
	    TP_ARGS(dev, logged, swerr),
	    TP_STRUCT__entry(__string(name, dev_name(dev))
			     __field(bool, logged)
			     __field(u64, w0)
			     __field(u64, w1)
			     __field(u64, address)
	    ),
	    TP_fast_assign(__assign_str(name);
			   __entry->logged = logged;
			   __entry->w0 = swerr[0];
			   __entry->w1 = swerr[1];
			   __entry->address = swerr[2];
	    ),
	    TP_printk("dev=%s logged=%d w0=0x%llx w1=0x%llx address=0x%llx",
		      __get_str(name), __entry->logged, __entry->w0,
		      __entry->w1, __entry->address)
);

TRACE_EVENT(idxd_sf_changed,
	    TP_PROTO(const struct device *dev, u32 sfnum, const char *event,
		     const char *from, const char *to),
	    TP_ARGS(dev, sfnum, event, from, to),
	    TP_STRUCT__entry(__string(name, dev_name(dev))
			     __string(event, event)
			     __string(from, from)
			     __string(to, to)
			     __field(u32, sfnum)
	    ),
	    TP_fast_assign(__assign_str(name);
			   __assign_str(event);
			   __assign_str(from);
			   __assign_str(to);
			   __entry->sfnum = sfnum;
	    ),
	    TP_printk("dev=%s sfnum=%u event=%s from=%s to=%s",
		      __get_str(name), __entry->sfnum, __get_str(event),
		      __get_str(from), __get_str(to))
);

#endif /* IDXD_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
