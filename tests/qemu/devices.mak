# SPDX-License-Identifier: GPL-2.0-only
# The devices of our QEMU: what tests/vm and tests/qemu use and no more, for
# the time a cold build takes. Read by tests/qemu/build.
CONFIG_Q35=y
CONFIG_VTD=y
CONFIG_HPET=y
CONFIG_ISA_DEBUG=y
CONFIG_PCIE_PORT=y
CONFIG_VIRTIO_PCI=y
CONFIG_VIRTIO_SERIAL=y
CONFIG_VIRTIO_9P=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_RNG=y
CONFIG_VIRTIO_BALLOON=y
CONFIG_VFIO_PCI=y
CONFIG_IOMMUFD=y
CONFIG_INTEL_DSA=y
