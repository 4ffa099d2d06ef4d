#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Interrupt handles, which bare silicon does not have: requested, released,
# revoked.
# RUN: vm --stock --iommu off --intremap off --dsa-opt int-handles=on
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run handles
