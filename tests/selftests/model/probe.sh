#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The model against its own specification, Documentation/qemu-model.rst: a
# program without a driver (tests/qemu/probe) checks registers, locks, command
# codes, portals, interrupts, errors and the event log, and is hostile.
# RUN: vm --stock --iommu off --intremap off
# TIMEOUT: 300
set -euo pipefail

# shellcheck source=tests/selftests/model/lib.sh
. "$(dirname "$0")/lib.sh"
probe_run basics
