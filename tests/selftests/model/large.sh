#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# As much of everything as there can be.
# RUN: vm --stock --iommu off --intremap off --dsa-opt wqs=128,wq-entries=4096,groups=64,engines=64,ims-slots=16128,read-buffers=255,max-transfer-shift=31,max-batch-shift=15,op-config=on
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run large
