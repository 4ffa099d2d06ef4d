// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verbs: what is typed, what it takes, and the help. What they do is in
 * the files of the same names.
 */
#include "opt.h"

#define VERBS_CHANGE	(OPT_BIT(OPT_DRY_RUN))
#define VERBS_ATTRS	(OPT_BIT(OPT_VECTORS) | OPT_BIT(OPT_PRIORITY) | \
			 OPT_BIT(OPT_WQ_ENTRIES) | OPT_BIT(OPT_DEVICE_ID))

#define VERBS_HELP_ATTRS \
	"      --vectors N       completion vectors (max_io_eqs)\n" \
	"      --priority N      priority of its work queue (tx_priority)\n" \
	"      --wq-entries N    entries its work queue has at least\n" \
	"      --device-id ID    PCI device id it shows: the device's own, or 0b25\n"
#define VERBS_HELP_TIMEOUT \
	"      --timeout SECONDS wait so long until it can be opened (10)\n"
#define VERBS_HELP_DRY_RUN \
	"  -n, --dry-run         print the devlink commands, change nothing\n"

const struct opt_verb opt_verbs[] = {
	{
		.name = "list", .args = "", .max = 0, .run = cmd_list,
		.summary = "List devices, free queues and subfunctions",
		.help =
		"Subfunctions that are defined but do not exist are listed as absent. Users\n"
		"of other people are seen by root only.\n",
	}, {
		.name = "show", .args = "SUBFUNCTION..", .min = 1, .max = -1,
		.run = cmd_show,
		.summary = "Show all that is known about a subfunction",
		.help =
		"Counters count from its activation: interrupts of each vector, accesses to\n"
		"registers that trapped, virtual commands, writes to portals that were no\n"
		"descriptors, times its portals were unmapped.\n",
	}, {
		.name = "create", .args = "[PCI-ADDRESS | PCI-ADDRESS/SFNUM | SFNUM]", .max = 1,
		.run = cmd_create,
		.opts = VERBS_CHANGE | VERBS_ATTRS | OPT_BIT(OPT_INACTIVE) |
			OPT_BIT(OPT_TIMEOUT),
		.summary = "Add a subfunction, activate it and print its VFIO node",
		.help =
		"Without SFNUM the smallest free number is taken; without PCI-ADDRESS there\n"
		"must be one device. If a step fails, nothing stays.\n\n"
		VERBS_HELP_ATTRS
		"      --inactive        do not activate it\n"
		VERBS_HELP_TIMEOUT
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "delete", .args = "SUBFUNCTION..", .min = 1, .max = -1,
		.run = cmd_delete, .opts = VERBS_CHANGE,
		.summary = "Delete a subfunction; its definition stays",
		.help =
		"It is refused while somebody has it open, and then says who.\n\n"
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "start", .args = "SUBFUNCTION.. | --all", .min = 1,
		.max = -1, .run = cmd_start,
		.opts = VERBS_CHANGE | OPT_BIT(OPT_ALL) | OPT_BIT(OPT_DEVICE) |
			OPT_BIT(OPT_TIMEOUT),
		.summary = "Activate a subfunction; create it if it is only defined",
		.help =
		"An inactive one that is defined gets the attributes of its definition.\n\n"
		"      --all             all that are defined with autostart\n"
		"      --device ADDRESS  with --all: those of one device\n"
		VERBS_HELP_TIMEOUT
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "stop", .args = "SUBFUNCTION..", .min = 1, .max = -1,
		.run = cmd_stop, .opts = VERBS_CHANGE,
		.summary = "Deactivate a subfunction",
		.help =
		"It is refused while somebody has it open, and then says who.\n\n"
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "define", .args = "PCI-ADDRESS/SFNUM", .min = 1,
		.max = 1, .run = cmd_define,
		.opts = VERBS_CHANGE | VERBS_ATTRS | OPT_BIT(OPT_AUTOSTART),
		.summary = "Keep a subfunction over reboots",
		.help =
		"Writes a file to " TOOL_CONFIG_DIR ". The subfunction is created by 'start',\n"
		"'start --all' or 'reconcile', and at boot.\n\n"
		VERBS_HELP_ATTRS
		"      --autostart yes|no create it at boot (yes)\n"
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "undefine", .args = "SUBFUNCTION..", .min = 1,
		.max = -1, .run = cmd_undefine, .opts = VERBS_CHANGE,
		.summary = "Forget the definition; the subfunction stays",
		.help = VERBS_HELP_DRY_RUN,
	}, {
		.name = "modify", .args = "SUBFUNCTION", .min = 1, .max = 1,
		.run = cmd_modify,
		.opts = VERBS_CHANGE | VERBS_ATTRS | OPT_BIT(OPT_AUTOSTART),
		.summary = "Change a definition",
		.help =
		"The value 'default' leaves an attribute to the driver. 'reconcile' applies\n"
		"the change to a subfunction that exists.\n\n"
		VERBS_HELP_ATTRS
		"      --autostart yes|no create it at boot\n"
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "reconcile", .args = "", .max = 0, .run = cmd_reconcile,
		.opts = VERBS_CHANGE | OPT_BIT(OPT_DEVICE) |
			OPT_BIT(OPT_TIMEOUT),
		.summary = "Make what exists as it is defined",
		.help =
		"As 'start --all', and active subfunctions whose attributes differ from their\n"
		"definitions are restarted with them unless they are open. Subfunctions without\n"
		"a definition are left alone.\n\n"
		"      --device ADDRESS  those of one device\n"
		VERBS_HELP_TIMEOUT
		VERBS_HELP_DRY_RUN,
	}, {
		.name = "qemu", .args = "SUBFUNCTION..", .min = 1, .max = -1,
		.run = cmd_qemu, .opts = OPT_BIT(OPT_LIBVIRT),
		.summary = "Print the arguments that give a subfunction to QEMU",
		.help =
		"      --libvirt         print a snippet for a domain of libvirt\n",
	}, {
		.name = "cdi", .args = "[SUBFUNCTION..]", .max = -1,
		.run = cmd_cdi, .opts = OPT_BIT(OPT_OUTPUT),
		.summary = "Write a specification for containers (CDI)",
		.help =
		"Of the active ones among those that are defined, unless some are named. Then\n"
		"'podman run --device intel.com/dsa-sf=0000:00:05.0-sf-7' hands one over. What\n"
		"starts or stops a subfunction keeps it true.\n\n"
		"      --output FILE     write there, or to standard output for '-'\n"
		"                        (" TOOL_CDI_FILE ")\n",
	}, {
		.name = "monitor", .args = "", .max = 0, .run = cmd_monitor,
		.opts = OPT_BIT(OPT_COUNT),
		.summary = "Print what happens, a line an event",
		.help =
		"      --count N         end after so many events\n",
	}, {
		.name = "check", .args = "", .max = 0, .run = cmd_check,
		.summary = "Say why this host cannot do it, and what to change",
		.help =
		"Each line is ok, warn, FAIL or unknown; the exit status is 1 if one is FAIL.\n",
	}, {
		.name = "top", .args = "", .max = 0, .run = cmd_top,
		.opts = OPT_BIT(OPT_COUNT) | OPT_BIT(OPT_INTERVAL),
		.summary = "Watch subfunctions at work; q leaves",
		.help =
		"      --interval SECONDS between two looks (1)\n"
		"      --count N         end after so many\n",
	}, {
		.name = "names", .args = "[sfs|defined|devices]", .max = 1,
		.run = cmd_names, .hidden = true,
		.summary = "Print names for completion",
		.help = "",
	}, { 0 }
};
