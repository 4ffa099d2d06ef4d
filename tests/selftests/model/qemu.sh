#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The CPU's and QEMU's part of the test bed, before any Linux driver.
# RUN: host
# TIMEOUT: 300
set -euo pipefail

tests=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/vm/lib/common.sh
. "$tests/vm/lib/common.sh"
# shellcheck source=tests/vm/lib/kernel.sh
. "$tests/vm/lib/kernel.sh"

# An installed kernel, or the one that was unpacked into the cache
kernel_find 6.12
exec "$tests/qemu/selftest" "$kernel_image"
