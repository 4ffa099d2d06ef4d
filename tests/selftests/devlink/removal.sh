#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A device that is unbound while a user has a subfunction open: devlink goes on
# answering, and refuses whatever would change something.
# RUN: vm --append iomem=relaxed
# TIMEOUT: 120

# shellcheck source=tests/selftests/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/selftests/sf.sh
. "$TOP/tests/selftests/sf.sh"

setup_file() {
	load
	sf_new 7
	sf_add 8
	sf-copy -t 200 hold 7 > "$T/hold" 2>&1 &
	echo $! > "$T/pid"
	wait_for 30 grep -q '^holding' "$T/hold"
	echo "$PF" > /sys/bus/pci/drivers/idxd/unbind &
	wait_for 10 leaving
}

leaving() {
	grep -q 'inactive opstate attached' <<< "$(devlink port show)"
}

t_ports_are_shown() {
	expect_match 'open' 'state inactive opstate attached' \
		"$(devlink port show "$(port_of 7)")"
	expect_match 'closed' 'state inactive opstate detached' \
		"$(devlink port show "$(port_of 8)")"
}

t_refused_new_port() {
	refused 'Device is being removed' sf_add 9
}

t_refused_state() {
	refused 'Device is being removed' sf_state 7 active
	refused 'Device is being removed' sf_state 7 inactive
	refused 'Device is being removed' sf_state 8 active
}

t_refused_attributes() {
	refused 'Device is being removed' \
		devlink_new port function set "$(port_of 8)" max_io_eqs 2
	refused 'Device is being removed' \
		devlink_new port function rate set "$(port_of 8)" tx_priority 3
}

t_refused_del() {
	refused 'Device is being removed' devlink port del "$(port_of 7)"
	refused 'Device is being removed' devlink port del "$(port_of 8)"
}

t_it_goes_when_the_user_does() {
	kill "$(cat "$T/pid")"
	wait_for 10 test ! -e "/sys/bus/pci/devices/$PF/driver"
	expect_eq 'instances' '' "$(devlink dev show)"
}

run_tests "$@"
