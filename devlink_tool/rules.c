// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the facts of a machine mean for subfunctions: a rule a function. Pure.
 */
#include "rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define RULES_ECAP_PASID	(1ULL << 40)
#define RULES_ECAP_SCALABLE	(1ULL << 43)
#define RULES_ID_UNSAFE		0x0b25
#define RULES_BOOT		"boot with intel_iommu=on,sm_on"
#define RULES_UNSAFE_INTERRUPTS	"vfio_iommu_type1 allow_unsafe_interrupts=1"
#define RULES_ACCEPT		"devlink dev param set pci/%.24s name allow_unsafe_silicon value true cmode runtime"
/* Enough for the smallest of guests */
#define RULES_MEMLOCK_MIN	(64ULL << 20)

static void rules_say(struct rules_finding *f, enum rules_result result,
		      const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void rules_say(struct rules_finding *f, enum rules_result result,
		      const char *fmt, ...)
{
	va_list args;

	f->result = result;
	va_start(args, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, args);
	va_end(args);
}

static void rules_fix(struct rules_finding *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void rules_fix(struct rules_finding *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(f->fix, sizeof(f->fix), fmt, args);
	va_end(args);
}

static void rules_cpu(const struct facts *facts, struct rules_finding *f)
{
	switch (facts->movdir64b) {
	case FACTS_YES:
		rules_say(f, RULES_OK, "The CPU has MOVDIR64B");
		break;
	case FACTS_NO:
		rules_say(f, RULES_FAIL,
			  "The CPU has no MOVDIR64B, which submits work");
		rules_fix(f, "use a newer CPU; in a VM, -cpu host");
		break;
	case FACTS_UNKNOWN:
		rules_say(f, RULES_UNKNOWN, "/proc/cpuinfo has no flags");
		break;
	}
}

static void rules_device(const struct facts *facts, struct rules_finding *f)
{
	if (facts->nr_devs) {
		rules_say(f, RULES_OK, "%zu DSA device%s", facts->nr_devs,
			  facts->nr_devs > 1 ? "s" : "");
		return;
	}
	rules_say(f, RULES_FAIL,
		  "There is no DSA device (8086:11fb, 8086:1212, 8086:0b25)");
	rules_fix(f, "enable DSA in the firmware's setup, or use another machine");
}

static void rules_idxd_vfio(const struct facts *facts, struct rules_finding *f)
{
	if (facts->mod_idxd_vfio) {
		rules_say(f, RULES_OK, "idxd_vfio is loaded");
		return;
	}
	if (facts->dep_idxd_vfio == FACTS_NO) {
		rules_say(f, RULES_FAIL,
			  "idxd_vfio is not installed for Linux %s",
			  facts->release);
		rules_fix(f, "install idxd-sf-dkms, and the headers of this kernel before it");
		return;
	}
	rules_say(f, RULES_WARN,
		  "idxd_vfio is not loaded; the first activation does it");
	rules_fix(f, "modprobe idxd_vfio");
}

static void rules_vfio(const struct facts *facts, struct rules_finding *f)
{
	if ((facts->mod_type1 || facts->mod_iommufd) && facts->container) {
		rules_say(f, RULES_OK, "VFIO is ready");
	} else if (!facts->mod_type1 && !facts->mod_iommufd) {
		rules_say(f, RULES_WARN,
			  "Neither vfio_iommu_type1 nor iommufd is loaded");
		rules_fix(f, "modprobe vfio_iommu_type1");
	} else {
		rules_say(f, RULES_WARN, "There is no /dev/vfio/vfio");
		rules_fix(f, "modprobe vfio; is udev running?");
	}
}

static void rules_remapping(const struct facts *facts, struct rules_finding *f)
{
	switch (facts->remapping) {
	case FACTS_YES:
		rules_say(f, RULES_OK, "Interrupts are remapped");
		return;
	case FACTS_UNKNOWN:
		rules_say(f, RULES_UNKNOWN,
			  "/proc/interrupts does not tell if interrupts are remapped");
		return;
	case FACTS_NO:
		break;
	}
	if (facts->unsafe_interrupts) {
		rules_say(f, RULES_WARN,
			  "Interrupts are not remapped, and VFIO is told to accept it");
		rules_fix(f, "enable VT-d interrupt remapping in the firmware's setup");
		return;
	}
	rules_say(f, RULES_FAIL, "Interrupts are not remapped: VFIO refuses");
	if (facts_has_word(facts, "nointremap") ||
	    facts_has_word(facts, "intremap"))
		rules_fix(f, "boot without nointremap and intremap=off");
	else
		rules_fix(f, "enable it in the firmware's setup, or modprobe "
			  RULES_UNSAFE_INTERRUPTS);
}

static void rules_memlock(const struct facts *facts, struct rules_finding *f)
{
	if (facts->cap_ipc_lock || facts->memlock == UINT64_MAX) {
		rules_say(f, RULES_OK, "No limit of locked memory applies");
		return;
	}
	rules_say(f, facts->memlock < RULES_MEMLOCK_MIN ? RULES_WARN : RULES_OK,
		  "%llu MiB of memory may be locked, and a VM locks all of its own",
		  (unsigned long long)facts->memlock >> 20);
	if (facts->memlock < RULES_MEMLOCK_MIN)
		rules_fix(f, "ulimit -l, or LimitMEMLOCK= of the service");
}

static void rules_driver(const struct facts_dev *dev, struct rules_finding *f)
{
	if (!dev->driver[0]) {
		rules_say(f, RULES_FAIL, "It has no driver");
		rules_fix(f, "modprobe idxd; otherwise see the kernel log");
		return;
	}
	if (strcmp(dev->driver, "idxd")) {
		rules_say(f, RULES_FAIL, "Its driver is %s", dev->driver);
		rules_fix(f, "unbind it, then modprobe idxd");
		return;
	}
	switch (dev->devlink) {
	case FACTS_YES:
		rules_say(f, RULES_OK, "Its driver is our idxd");
		break;
	case FACTS_NO:
		rules_say(f, RULES_FAIL,
			  "Its driver is the distribution's idxd");
		rules_fix(f, "install idxd-sf-dkms, then modprobe -r idxd && modprobe idxd");
		break;
	case FACTS_UNKNOWN:
		rules_say(f, RULES_UNKNOWN,
			  "devlink does not tell whose idxd its driver is");
		rules_fix(f, "see what is said above about devlink");
		break;
	}
}

static void rules_silicon(const struct facts_dev *dev, struct rules_finding *f)
{
	if (dev->id != RULES_ID_UNSAFE) {
		rules_say(f, RULES_OK, "INTEL-SA-01084 does not apply");
	} else if (dev->unsafe_allowed.known && dev->unsafe_allowed.value) {
		rules_say(f, RULES_WARN,
			  "INTEL-SA-01084 is accepted: its users can attack the host");
	} else {
		rules_say(f, RULES_FAIL,
			  "INTEL-SA-01084: its users could attack the host");
		rules_fix(f, "use newer silicon, or accept it: " RULES_ACCEPT,
			  dev->name);
	}
}

/* What the command line or the kernel's default chose */
static bool rules_is_legacy(const struct facts *facts)
{
	if (facts_has_word(facts, "sm_off"))
		return true;
	return !facts_has_word(facts, "sm_on") &&
	       facts->scalable_default == FACTS_NO;
}

static void rules_iommu(const struct facts *facts, const struct facts_dev *dev,
			struct rules_finding *f)
{
	rules_fix(f, RULES_BOOT);
	switch (dev->iommu) {
	case FACTS_IOMMU_NONE:
		rules_say(f, RULES_FAIL, "The IOMMU is off");
		if (!facts_has_word(facts, "intel_iommu"))
			rules_fix(f, "enable VT-d in the firmware's setup; " RULES_BOOT);
		return;
	case FACTS_IOMMU_OTHER:
		rules_say(f, RULES_FAIL, "The IOMMU's driver maps no PASID");
		rules_fix(f, "use an Intel platform");
		return;
	case FACTS_IOMMU_INTEL:
		break;
	}
	if (!(dev->ecap & RULES_ECAP_SCALABLE)) {
		rules_say(f, RULES_FAIL, "The IOMMU has no scalable mode");
		rules_fix(f, "use a newer platform; in a VM, give it one");
	} else if (rules_is_legacy(facts)) {
		rules_say(f, RULES_FAIL, "The IOMMU is in legacy mode");
	} else if (!(dev->ecap & RULES_ECAP_PASID)) {
		rules_say(f, RULES_FAIL, "The IOMMU has no PASID support");
		rules_fix(f, "use a newer platform");
	} else if (!facts_has_word(facts, "sm_on") &&
		   facts->scalable_default == FACTS_UNKNOWN) {
		rules_say(f, RULES_UNKNOWN,
			  "The kernel does not tell if scalable mode is on");
	} else {
		rules_say(f, RULES_OK, "The IOMMU is in scalable mode");
		f->fix[0] = 0;
	}
}

static void rules_pasid(const struct facts_dev *dev, struct rules_finding *f)
{
	switch (dev->pasid) {
	case FACTS_YES:
		rules_say(f, RULES_OK, "It has a PASID capability");
		break;
	case FACTS_NO:
		rules_say(f, RULES_FAIL, "It has no PASID capability");
		rules_fix(f, "use another device");
		break;
	case FACTS_UNKNOWN:
		rules_say(f, RULES_UNKNOWN,
			  "Only root sees if it has a PASID capability");
		rules_fix(f, "run as root");
		break;
	}
}

static struct rules_finding rules_begin(const char *rule, const char *subject)
{
	struct rules_finding f = { .rule = rule, .subject = subject };

	return f;
}

static void rules_apply_dev(const struct facts *facts,
			    const struct facts_dev *dev,
			    void (*fn)(const struct rules_finding *, void *),
			    void *arg)
{
	struct rules_finding f;

	f = rules_begin("driver", dev->name);
	rules_driver(dev, &f);
	fn(&f, arg);
	f = rules_begin("silicon", dev->name);
	rules_silicon(dev, &f);
	fn(&f, arg);
	f = rules_begin("iommu", dev->name);
	rules_iommu(facts, dev, &f);
	fn(&f, arg);
	f = rules_begin("pasid", dev->name);
	rules_pasid(dev, &f);
	fn(&f, arg);
}

void rules_apply(const struct facts *facts,
		 void (*fn)(const struct rules_finding *, void *), void *arg)
{
	static const struct {
		const char *name;
		void (*rule)(const struct facts *facts,
			     struct rules_finding *f);
	} rules[] = {
		{ "cpu", rules_cpu },
		{ "remapping", rules_remapping },
		{ "idxd_vfio", rules_idxd_vfio },
		{ "vfio", rules_vfio },
		{ "memlock", rules_memlock },
		{ "device", rules_device },
		{ 0 }
	};
	struct rules_finding f;
	size_t i;

	for (i = 0; rules[i].name; i++) {
		f = rules_begin(rules[i].name, "");
		rules[i].rule(facts, &f);
		fn(&f, arg);
	}
	for (i = 0; i < facts->nr_devs; i++)
		rules_apply_dev(facts, &facts->devs[i], fn, arg);
}
