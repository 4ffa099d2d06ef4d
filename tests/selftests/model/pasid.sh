#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything that has to do with a PASID: WQs, address spaces, interrupts, error
# reports, drain and abort, the event log. A module of ours gives two PASIDs
# address spaces; no driver of the device is there.
# RUN: vm --stock --iommu first --intremap off --append iommu=pt
# RUN: vm --stock --iommu second --intremap off --append iommu=pt
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
insmod /usr/local/lib/probe_pasid.ko
probe_run pasid
