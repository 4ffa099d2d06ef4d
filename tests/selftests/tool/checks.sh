#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# idxd-sf check on machines made of files: each with one thing wrong, which it
# must find, and say what to change.
# RUN: host
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/golden.sh
. "$TOP/tests/selftests/golden.sh"
# shellcheck source=tests/selftests/tool.sh
. "$TOP/tests/selftests/tool.sh"

setup_file() {
	fake_build
}

machine() {
	M=$T/m
	fake_machine "$M" 1
}

t_fit_machine_golden() {
	machine
	golden check-fit.txt session check '-p check'
}

# wrong WHAT: what is not ok, as lines and in JSON, and the status
wrong() {
	printf '\n%s:' "$1"
	typed check | grep -v '^ok '
	typed '-j check' | sed 's/^\[//; s/\]$//; s/},{/}\n{/g' |
		grep -v '"result":"ok"'
}

ecap() {
	echo "$1" > "$M/sys/class/iommu/dmar0/intel-iommu/ecap"
}

dev() {
	echo "$M/sys/bus/pci/devices/0000:00:05.0"
}

hardware_wrong() {
	machine
	echo 'flags		: fpu' > "$M/proc/cpuinfo"
	wrong 'no MOVDIR64B'
	machine
	rm "$M/proc/cpuinfo"
	wrong 'no cpuinfo'
	machine
	rm -r "$(dev)"
	wrong 'no device'
	machine
	rm "$(dev)/iommu"
	echo quiet > "$M/proc/cmdline"
	wrong 'IOMMU off'
	machine
	rm "$(dev)/iommu"
	echo intel_iommu=off > "$M/proc/cmdline"
	wrong 'IOMMU switched off'
	machine
	rm -r "$M/sys/class/iommu/dmar0"
	wrong 'another IOMMU'
	machine
	ecap f4e
	wrong 'IOMMU without scalable mode'
	machine
	ecap 80000000f4e
	wrong 'IOMMU without PASID'
	machine
	echo intel_iommu=on,sm_off > "$M/proc/cmdline"
	wrong 'legacy mode'
	machine
	echo intel_iommu=on > "$M/proc/cmdline"
	wrong 'scalable mode not known'
	echo '# CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON is not set' \
		> "$M/boot/config-6.12.0"
	wrong 'legacy mode by default'
	echo 'CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON=y' \
		> "$M/boot/config-6.12.0"
	wrong 'scalable mode by default'
	machine
	fake_config "$M" 0000:00:05.0 0f
	wrong 'no PASID capability'
	machine
	head -c 64 /dev/zero > "$(dev)/config"
	wrong 'not root'
	machine
	echo ' 35:  0  PCI-MSIX-0000:00:05.0  0-edge  idxd' > "$M/proc/interrupts"
	wrong 'no interrupt remapping'
	echo intel_iommu=on,sm_on intremap=off > "$M/proc/cmdline"
	wrong 'interrupt remapping switched off'
	mkdir "$M/sys/module/vfio_iommu_type1/parameters"
	echo Y > "$M/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
	wrong 'accepted'
}

software_wrong() {
	machine
	rm -r "$M"/sys/module/{idxd_vfio,vfio_iommu_type1}
	wrong 'no vfio modules'
	echo 'kernel/drivers/vfio/vfio.ko:' > "$M/lib/modules/6.12.0/modules.dep"
	wrong 'idxd_vfio not installed for this kernel'
	rm "$M/lib/modules/6.12.0/modules.dep"
	wrong 'not known what is installed'
	machine
	rm "$M/dev/vfio/vfio"
	wrong 'no container node'
	machine
	echo 'CapEff:	0000000000000000' > "$M/proc/self/status"
	echo 'Max locked memory   8388608   8388608   bytes' \
		> "$M/proc/self/limits"
	wrong 'limit of locked memory'
	machine
	: > "$M/state"
	wrong 'the distribution'\''s idxd'
	IDXD_SF_FAULT=intr wrong 'devlink does not tell'
	rm "$(dev)/driver"
	wrong 'no driver'
	ln -s ../drivers/vfio-pci "$(dev)/driver"
	wrong 'another driver'
	machine
	echo 0x0b25 > "$(dev)/device"
	wrong 'unsafe silicon'
	IDXD_SF_FAULT=accepted wrong 'unsafe silicon accepted'
	machine
	: > "$M/proc/interrupts"
	wrong 'nothing about interrupts'
	IDXD_SF_FAULT=nofamily wrong 'no devlink'
	IDXD_SF_FAULT=nosocket wrong 'no socket'
}

each_thing_wrong() {
	hardware_wrong
	software_wrong
}

t_each_thing_wrong_golden() {
	golden check-wrong.txt each_thing_wrong
}

run_tests "$@"
