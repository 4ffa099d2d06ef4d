#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The model against its own specification, Documentation/qemu-model.rst: a
# program without a driver (tests/qemu/probe) checks registers, locks, command
# codes, portals, interrupts, errors and the event log, and is hostile.
# RUN: vm --stock --iommu off --intremap off
# TIMEOUT: 300
set -euo pipefail

top=$(cd "$(dirname "$0")/../../.." && pwd)
probe=$(mktemp)
trap 'rm -f "$probe"' EXIT
cc -O1 -std=gnu11 -Wall -Wextra -o "$probe" "$top"/tests/qemu/probe/*.c >&2
echo 4 > /proc/sys/vm/nr_hugepages
echo 'KTAP version 1'
"$probe" 0000:00:05.0
