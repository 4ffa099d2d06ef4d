#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Work in progress on a slow device: drain, abort, disable and the resets while
# descriptors are on their way; priorities, groups, occupancy.
# RUN: vm --stock --iommu off --intremap off
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run work
