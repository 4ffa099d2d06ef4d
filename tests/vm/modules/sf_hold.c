// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver of subfunctions that does not let go: the removal of what it is
 * bound to waits as long as the parameter "hold" is set, as that of a VFIO device
 * does for whoever has its node open. It takes a subfunction while "take" is
 * set, does nothing with it, and needs no symbol of the drivers.
 */
#include <linux/auxiliary_bus.h>
#include <linux/delay.h>
#include <linux/module.h>

/* Nobody has to reboot the machine because a test was stopped */
#define SF_HOLD_MAX_MS	120000
#define SF_HOLD_POLL_MS	20

static bool take;
module_param(take, bool, 0644);
MODULE_PARM_DESC(take, "Bind what is offered");

static bool hold;
module_param(hold, bool, 0644);
MODULE_PARM_DESC(hold, "Do not let go");

static int sf_hold_probe(struct auxiliary_device *adev,
			 const struct auxiliary_device_id *id)
{
	return READ_ONCE(take) ? 0 : -ENODEV;
}

static void sf_hold_remove(struct auxiliary_device *adev)
{
	unsigned int ms = 0;

	while (READ_ONCE(hold) && ms < SF_HOLD_MAX_MS) {
		msleep(SF_HOLD_POLL_MS);
		ms += SF_HOLD_POLL_MS;
	}
}

static const struct auxiliary_device_id sf_hold_ids[] = {
	{ .name = "idxd.sf" },
	{ }
};

static struct auxiliary_driver sf_hold_driver = {
	.name = "hold",
	.id_table = sf_hold_ids,
	.probe = sf_hold_probe,
	.remove = sf_hold_remove,
};
module_auxiliary_driver(sf_hold_driver);

MODULE_DESCRIPTION("Holds subfunctions, for tests");
MODULE_LICENSE("GPL");
