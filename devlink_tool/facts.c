// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a machine says about itself. What cannot be read is unknown, never
 * guessed.
 */
#include "facts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sysfs.h"

#define FACTS_CAP_IPC_LOCK	14
#define FACTS_PCI_CONFIG_SIZE	4096
#define FACTS_PCI_EXT_START	0x100
#define FACTS_PCI_EXT_CAP_PASID	0x1b

static const uint16_t facts_ids[] = { 0x0b25, 0x11fb, 0x1212, 0 };

/* Calls @fn for each line until it returns true; false if none did */
static bool facts_each_line(const char *root, const char *path,
			    bool (*fn)(char *line, void *arg), void *arg)
{
	char full[SYSFS_PATH_SIZE];
	bool found = false;
	char *line = NULL;
	size_t size = 0;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	f = fopen(full, "re");
	if (!f)
		return false;
	while (!found && getline(&line, &size, f) > 0) {
		line[strcspn(line, "\n")] = 0;
		found = fn(line, arg);
	}
	free(line);
	fclose(f);
	return found;
}

static bool facts_find_word(const char *text, const char *word,
			    const char *separators)
{
	size_t len = strlen(word);

	while (*text) {
		size_t n = strcspn(text, separators);

		if (n == len && !memcmp(text, word, len))
			return true;
		text += n;
		text += strspn(text, separators);
	}
	return false;
}

bool facts_has_word(const struct facts *facts, const char *word)
{
	return facts_find_word(facts->cmdline, word, " ,=\"");
}

static bool facts_take_flags(char *line, void *arg)
{
	struct facts *facts = arg;

	if (strncmp(line, "flags", 5))
		return false;
	facts->movdir64b = facts_find_word(line, "movdir64b", " \t") ?
		FACTS_YES : FACTS_NO;
	return true;
}

static bool facts_take_interrupt(char *line, void *arg)
{
	struct facts *facts = arg;

	/* "IR-PCI-MSIX-0000:00:05.0" is remapped, "PCI-MSIX-..." is not */
	if (strstr(line, " IR-")) {
		facts->remapping = FACTS_YES;
		return true;
	}
	if (strstr(line, " PCI-MSI"))
		facts->remapping = FACTS_NO;
	return false;
}

static bool facts_take_config(char *line, void *arg)
{
	struct facts *facts = arg;
	static const char key[] = "CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON";

	if (!strstr(line, key))
		return false;
	facts->scalable_default = line[0] == '#' ? FACTS_NO : FACTS_YES;
	return true;
}

/* "updates/dkms/idxd_vfio.ko.xz: ...": what depmod found */
static bool facts_take_module(char *line, void *arg)
{
	struct facts *facts = arg;

	line[strcspn(line, ":")] = 0;
	facts->dep_idxd_vfio = strstr(line, "/idxd_vfio.ko") ? FACTS_YES :
							       FACTS_NO;
	return facts->dep_idxd_vfio == FACTS_YES;
}

static bool facts_take_limit(char *line, void *arg)
{
	static const char key[] = "Max locked memory";
	struct facts *facts = arg;
	char *p;

	if (strncmp(line, key, strlen(key)))
		return false;
	p = line + strlen(key);
	p += strspn(p, " ");
	facts->memlock = strncmp(p, "unlimited", 9) ? strtoull(p, NULL, 10) :
		UINT64_MAX;
	return true;
}

static bool facts_take_caps(char *line, void *arg)
{
	struct facts *facts = arg;

	if (strncmp(line, "CapEff:", 7))
		return false;
	facts->cap_ipc_lock =
		strtoull(line + 7, NULL, 16) >> FACTS_CAP_IPC_LOCK & 1;
	return true;
}

static uint16_t facts_pci_id(const char *root, const char *dev,
			     const char *what)
{
	char path[SYSFS_PATH_SIZE], text[16];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", dev, what);
	sysfs_read(root, path, text, sizeof(text));
	return strtoul(text, NULL, 16);
}

static uint32_t facts_le32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Only root reads behind the first 64 bytes */
static enum facts_tri facts_find_pasid(const char *root, const char *dev)
{
	uint8_t config[FACTS_PCI_CONFIG_SIZE];
	char path[SYSFS_PATH_SIZE];
	unsigned int at, steps;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/config", root,
		 dev);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return FACTS_UNKNOWN;
	n = read(fd, config, sizeof(config));
	close(fd);
	if (n <= FACTS_PCI_EXT_START)
		return FACTS_UNKNOWN;
	at = FACTS_PCI_EXT_START;
	for (steps = 0; steps < FACTS_PCI_CONFIG_SIZE / 8; steps++) {
		uint32_t head;

		if (at < FACTS_PCI_EXT_START || at + 4 > n)
			break;
		head = facts_le32(config + at);
		if ((head & 0xffff) == FACTS_PCI_EXT_CAP_PASID)
			return FACTS_YES;
		at = head >> 20;
	}
	return FACTS_NO;
}

static void facts_read_iommu(const char *root, struct facts_dev *dev)
{
	char path[SYSFS_PATH_SIZE], name[FACTS_TEXT_SIZE], text[32];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu",
		 dev->name);
	if (sysfs_link(root, path, name, sizeof(name)))
		return;
	dev->iommu = FACTS_IOMMU_OTHER;
	snprintf(path, sizeof(path), "/sys/class/iommu/%s/intel-iommu/ecap",
		 name);
	if (sysfs_read(root, path, text, sizeof(text)))
		return;
	dev->iommu = FACTS_IOMMU_INTEL;
	dev->ecap = strtoull(text, NULL, 16);
}

static bool facts_is_dsa(const char *root, const char *name)
{
	uint16_t id = facts_pci_id(root, name, "device");
	size_t i;

	if (facts_pci_id(root, name, "vendor") != 0x8086)
		return false;
	for (i = 0; facts_ids[i]; i++)
		if (id == facts_ids[i])
			return true;
	return false;
}

static void facts_read_dev(const char *root, const char *name,
			   struct facts_dev *dev)
{
	char path[SYSFS_PATH_SIZE];

	memset(dev, 0, sizeof(*dev));
	snprintf(dev->name, sizeof(dev->name), "%.63s", name);
	dev->id = facts_pci_id(root, name, "device");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", name);
	sysfs_link(root, path, dev->driver, sizeof(dev->driver));
	facts_read_iommu(root, dev);
	dev->pasid = facts_find_pasid(root, name);
}

static void facts_read_devs(const char *root, struct facts *facts)
{
	char path[SYSFS_PATH_SIZE];
	struct dirent **list;
	int i, n;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices", root);
	n = scandir(path, &list, NULL, alphasort);
	for (i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (name[0] != '.' && strlen(name) < NAME_DEV_SIZE &&
		    facts->nr_devs < FACTS_MAX_DEVS && facts_is_dsa(root, name))
			facts_read_dev(root, name,
				       &facts->devs[facts->nr_devs++]);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

/* What depends on which kernel runs; tests have one of their own */
static void facts_read_release(const char *root, struct facts *facts)
{
	char path[SYSFS_PATH_SIZE];
	struct utsname uts;

	if (sysfs_read(root, "/proc/sys/kernel/osrelease", facts->release,
		       sizeof(facts->release)) && !uname(&uts))
		snprintf(facts->release, sizeof(facts->release), "%.63s",
			 uts.release);
	snprintf(path, sizeof(path), "/boot/config-%s", facts->release);
	facts_each_line(root, path, facts_take_config, facts);
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep",
		 facts->release);
	facts_each_line(root, path, facts_take_module, facts);
}

void facts_read(const char *root, struct facts *facts)
{
	char text[FACTS_TEXT_SIZE];

	memset(facts, 0, sizeof(*facts));
	facts_each_line(root, "/proc/cpuinfo", facts_take_flags, facts);
	sysfs_read(root, "/proc/cmdline", facts->cmdline,
		   sizeof(facts->cmdline));
	facts_each_line(root, "/proc/interrupts", facts_take_interrupt, facts);
	facts_read_release(root, facts);
	facts_each_line(root, "/proc/self/limits", facts_take_limit, facts);
	facts_each_line(root, "/proc/self/status", facts_take_caps, facts);
	sysfs_read(root,
		   "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts",
		   text, sizeof(text));
	facts->unsafe_interrupts = text[0] == 'Y';
	facts->mod_idxd_vfio = sysfs_exists(root, "/sys/module/idxd_vfio");
	facts->mod_type1 = sysfs_exists(root, "/sys/module/vfio_iommu_type1");
	facts->mod_iommufd = sysfs_exists(root, "/sys/module/iommufd");
	facts->container = sysfs_exists(root, "/dev/vfio/vfio");
	facts_read_devs(root, facts);
}
