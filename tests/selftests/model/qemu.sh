#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The CPU's and QEMU's part of the test bed, before any Linux driver.
# RUN: host
# TIMEOUT: 300
set -euo pipefail

TOP=$(cd "$(dirname "$0")/../../.." && pwd)
exec "$TOP/tests/qemu/selftest"
