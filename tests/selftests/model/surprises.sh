#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What happens to a device with work on its way that halts, hangs or dies.
# RUN: vm --stock --iommu off --intremap off
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run faults
