// SPDX-License-Identifier: GPL-2.0-only
/*
 * sf-storm: what an administrator does to drivers and interrupts, through sysfs,
 * procfs and modprobe.
 */
#include "storm.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/devlink.h>

#define PCI_DRIVER	"/sys/bus/pci/drivers/idxd/"
#define SF_DEVICES	"/sys/bus/auxiliary/devices"

bool storm_write(const char *path, const char *text)
{
	ssize_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, len) == len;
	close(fd);
	return ok;
}

/* Whether a program ended well; what it says is not wanted */
bool storm_run(const char *const argv[])
{
	int pid = fork(), status, null;

	if (pid < 0)
		return false;
	if (!pid) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* The number of some subfunction that is active; 0 for none */
unsigned int storm_some_sf(struct storm_actor *a)
{
	unsigned int devs[STORM_NR_SFS], nr = 0, sfnum;
	char path[128];
	struct dirent *d;
	DIR *dir;
	FILE *f;

	dir = opendir(SF_DEVICES);
	while (dir && nr < STORM_NR_SFS && (d = readdir(dir)))
		nr += sscanf(d->d_name, "idxd.sf.%u", devs + nr) == 1;
	if (dir)
		closedir(dir);
	if (!nr)
		return 0;
	snprintf(path, sizeof(path), SF_DEVICES "/idxd.sf.%u/sfnum",
		 devs[storm_random(a, nr)]);
	f = fopen(path, "r");
	if (!f)
		return 0;
	nr = fscanf(f, "%u", &sfnum);
	fclose(f);
	return nr == 1 ? sfnum : 0;
}

/* Drivers ---------------------------------------------------------------- */

struct ports {
	uint32_t index[STORM_NR_SFS];
	unsigned int nr;
};

static void take_port(void *data, const struct nlattr *attrs, int len)
{
	struct ports *ports = data;

	if (genl_find(attrs, len, DEVLINK_ATTR_PORT_PCI_SF_NUMBER) &&
	    ports->nr < STORM_NR_SFS)
		ports->index[ports->nr++] =
			genl_u32(genl_find(attrs, len, DEVLINK_ATTR_PORT_INDEX));
}

/* Subfunctions that are open refuse it, so it takes its time */
static bool deactivate_all(struct storm_actor *a)
{
	struct ports ports;
	unsigned int i, tries;
	int err = -EBUSY;

	for (tries = 0; err && tries < 30; tries++) {
		ports.nr = 0;
		genl_begin(&a->genl, DEVLINK_CMD_PORT_GET, NULL);
		err = genl_dump(&a->genl, take_port, &ports);
		for (i = 0; i < ports.nr; i++)
			err = storm_inactive(a, ports.index[i]) ?: err;
		if (!storm_pause(a, 10))
			return false;
	}
	return !err;
}

/* It is refused while a subfunction is active */
static bool reload(struct storm_actor *a)
{
	unsigned int tries;
	int err = -EBUSY;

	storm_pause(a, 500);
	for (tries = 0; err && tries < 5 && deactivate_all(a); tries++) {
		genl_begin(&a->genl, DEVLINK_CMD_RELOAD, storm_pci);
		err = genl_do(&a->genl, NULL, NULL);
	}
	return !err;
}

static bool unbind(struct storm_actor *a)
{
	bool ok;

	storm_pause(a, 1000);
	ok = storm_write(PCI_DRIVER "unbind", storm_pci);
	return storm_write(PCI_DRIVER "bind", storm_pci) && ok;
}

static const char *const remove_vfio[] = {
	"modprobe", "-r", "idxd_vfio", NULL
};

static const char *const remove_core[] = {
	"modprobe", "-r", "idxd", NULL
};

static const char *const load_all[] = {
	"modprobe", "-a", "idxd", "idxd_vfio", NULL
};

/* A subfunction that is open keeps its driver */
static bool remove_driver(struct storm_actor *a)
{
	bool ok;

	storm_pause(a, 300);
	ok = storm_run(remove_vfio);
	return storm_run(load_all) && ok;
}

static bool remove_modules(struct storm_actor *a)
{
	bool ok = false;
	unsigned int tries;

	storm_pause(a, 1000);
	for (tries = 0; !ok && tries < 5 && deactivate_all(a); tries++)
		ok = storm_run(remove_vfio) && storm_run(remove_core);
	return storm_run(load_all) && ok;
}

const struct storm_action device_actions[] = {
	{ "reload", 2, reload },
	{ "unbind", 1, unbind },
	{ "remove modules", 1, remove_modules },
	{ "remove driver", 3, remove_driver },
	{ }
};

/* Interrupts -------------------------------------------------------------- */

/* Each to some processor, or to any; those that are none's by now refuse it */
static bool move_all(struct storm_actor *a)
{
	static const char *const cpus[] = { "0", "1", "0-1" };
	char line[512], path[64];
	bool moved = false;
	FILE *f = fopen("/proc/interrupts", "r");

	while (f && fgets(line, sizeof(line), f)) {
		if (!strstr(line, "IDXD-IMS"))
			continue;
		snprintf(path, sizeof(path), "/proc/irq/%ld/smp_affinity_list",
			 strtol(line, NULL, 10));
		moved |= storm_write(path, cpus[storm_random(a, 3)]);
	}
	if (f)
		fclose(f);
	storm_pause(a, 5);
	return moved;
}

const struct storm_action irq_actions[] = {
	{ "move interrupts", 1, move_all },
	{ }
};
