#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of the demonstration that runs in L2: the device, the stock driver,
# dmatest, the interrupts.
set -eu

echo '# lspci -nn'
lspci -nn
/bin/sh /l2.sh prepare
echo '# dmesg | grep idxd'
dmesg | grep -i idxd || true
echo 'dmatest starts in 5 s'
sleep 5
/bin/sh /l2.sh test 50:64 50:4096 50:65536
echo 'dmatest has ended'
echo '# grep idxd /proc/interrupts'
grep -iE 'idxd|dsa|00:05' /proc/interrupts || true
echo "MSI-X interrupts: $(/bin/sh /l2.sh irqs)"
