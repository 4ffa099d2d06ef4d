#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs in L2 (busybox): binds the stock idxd driver to the virtual DSA, makes
# its work queue a dmaengine channel and runs dmatest on it. It must not know
# that the DSA is virtual.
# usage: l2.sh prepare            driver, queue and dmatest are ready
#        l2.sh test ITERATIONS:BYTES ..
#        l2.sh irqs               completion interrupts so far
#        l2.sh misc               interrupts of vector 0 so far: errors, halt
#        l2.sh endless            copy until killed
#        l2.sh forever            prepare, then copy until killed
#        l2.sh unbind             queue and device from their drivers
#        l2.sh rebind             the PCI function from its driver, and back
#        l2.sh reload             the driver from the kernel, and back
#        l2.sh d3hot              the PCI function to D3hot, and back; needs
#                                 setpci
set -eu

dsa=/sys/bus/dsa
param=/sys/module/dmatest/parameters

# The configuration of the virtual device is read-only: its driver enables it
# unasked, and wants no more than type, name and driver of the queue. Before
# 6.12 it does not know the last
prepare() {
	modprobe idxd
	echo kernel > $dsa/devices/wq0.0/type
	echo dmaengine > $dsa/devices/wq0.0/name
	[ ! -e $dsa/devices/wq0.0/driver_name ] ||
		echo dmaengine > $dsa/devices/wq0.0/driver_name
	[ "$(cat $dsa/devices/dsa0/state)" = enabled ] ||
		echo dsa0 > $dsa/drivers/idxd/bind
	echo wq0.0 > $dsa/drivers/dmaengine/bind
	echo "device $(cat $dsa/devices/dsa0/state), queue $(cat $dsa/devices/wq0.0/state)"
	lsmod | grep -q ^dmatest || modprobe dmatest
	echo 60000 > $param/timeout
	echo 2 > $param/threads_per_chan
	echo 1 > $param/max_channels
}

# one ITERATIONS BYTES: one run on two threads; its summaries
one() {
	echo "$2" > $param/test_buf_size
	echo "$1" > $param/iterations
	echo dma0chan0 > $param/channel
	dmesg -c > /dev/null
	echo 1 > $param/run
	cat $param/wait > /dev/null
	dmesg | grep 'dmatest: .*summary' | sed "s/^/$2 bytes: /"
}

# Both drivers let go, as a guest's administrator does it
unbind() {
	rmmod dmatest
	echo wq0.0 > $dsa/drivers/dmaengine/unbind
	echo dsa0 > $dsa/drivers/idxd/unbind
	echo "unbound: device $(cat $dsa/devices/dsa0/state), queue $(cat $dsa/devices/wq0.0/state)"
}

function_address() {
	basename "$(ls -d /sys/bus/pci/drivers/idxd/0000:*)"
}

rebind() {
	address=$(function_address)
	echo "$address" > /sys/bus/pci/drivers/idxd/unbind
	[ ! -e $dsa/devices/dsa0 ]
	echo "$address" > /sys/bus/pci/drivers/idxd/bind
}

d3hot() {
	address=$(function_address)
	setpci -s "$address" CAP_PM+4.b=3
	echo "in D3hot: state $((0x$(setpci -s "$address" CAP_PM+4.b) & 3))"
	setpci -s "$address" CAP_PM+4.b=0
	echo "back: state $((0x$(setpci -s "$address" CAP_PM+4.b) & 3))"
}

reload() {
	rmmod idxd
	[ ! -e /sys/bus/pci/drivers/idxd ]
	modprobe idxd
}

# Vector 0 is for errors, the others complete descriptors
irqs() {
	awk '$NF ~ /^idxd-portal|^dsa0|^idxd/ && $NF !~ /misc/ {
		for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' \
		/proc/interrupts
}

misc() {
	awk '$NF == "idxd-misc" { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i }
		END { print n + 0 }' /proc/interrupts
}

command=$1
shift
case $command in
prepare)
	prepare
	;;
test)
	for part; do
		one "${part%:*}" "${part#*:}"
	done
	;;
irqs | misc)
	"$command"
	;;
unbind | rebind | reload | d3hot)
	"$command"
	;;
endless | forever)
	[ "$command" = endless ] || prepare
	echo 65536 > $param/test_buf_size
	echo 0 > $param/iterations
	echo 1 > $param/noverify
	echo dma0chan0 > $param/channel
	echo 'dmatest is running'
	echo 1 > $param/run
	sleep 1000
	;;
esac
