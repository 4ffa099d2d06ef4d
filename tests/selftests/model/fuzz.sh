#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Random values at random widths everywhere must not harm QEMU.
# RUN: vm --stock 
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run fuzz
