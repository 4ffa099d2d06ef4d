#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the default device lacks, and smaller limits than it has.
# RUN: vm --stock --iommu off --intremap off --dsa-opt max-transfer-shift=20,max-batch-shift=4,block-on-fault=on,drain-readback=on,cache-flush=on
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run more
