#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a guest of the tests and of the demonstration does, with pauses in
# which the host reads its counters: lspci, the stock driver, dmatest,
# interrupts. Runs in L2 beside l2.sh.
# usage: in-l2.sh ITERATIONS:BYTES ..
set -eu

echo '# lspci -nn'
lspci -nn
sh /l2.sh prepare
echo '# dmesg | grep idxd'
dmesg | grep -i idxd || true
echo 'dmatest starts in 8 s'
sleep 8
# shellcheck disable=SC2068 # a list of words
sh /l2.sh test $@
echo 'dmatest has ended'
sleep 8
echo '# grep 00:05 /proc/interrupts'
grep '00:05' /proc/interrupts || true
echo "MSI-X interrupts: $(sh /l2.sh irqs)"
