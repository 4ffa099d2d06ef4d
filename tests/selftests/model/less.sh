#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A device without what the default one has.
# RUN: vm --stock --iommu off --intremap off --dsa-opt overlap-copy=off,cache-mem=off,dest-readback=off,evl=off,pasid=off,ats=off,op-cap=0x1003f03ef
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run less
