# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests with one guest (L2) in the background: its QEMU is asked by QMP, and
# its output waited for. Its process is in $T/pid, its output in $T/guest, its
# log in $T/guest.log, the QMP socket is $T/qmp. Sourced after sf.sh.

# guest_qmp COMMAND [ARGUMENTS]: to the guest's QEMU; prints what it returns
guest_qmp() {
	python3 - "$T/qmp" "$@" << 'END'
import json, socket, sys

sock = socket.socket(socket.AF_UNIX)
sock.settimeout(30)
sock.connect(sys.argv[1])
lines = sock.makefile("rw")
lines.readline()
ask = {"execute": sys.argv[2]}
if len(sys.argv) > 3:
    ask["arguments"] = json.loads(sys.argv[3])
for command in {"execute": "qmp_capabilities"}, ask:
    lines.write(json.dumps(command) + "\n")
    lines.flush()
    while True:
        answer = json.loads(lines.readline())
        if "event" not in answer:
            break
print(json.dumps(answer))
sys.exit("error" in answer)
END
}

guest_gone() {
	! kill -0 "$(cat "$T/pid")" 2> /dev/null
}

reached() {
	grep -q "^$1" "$T/guest" || guest_gone
}

gets_to() {
	wait_for "$2" reached "$1" || true
	grep -q "^$1" "$T/guest" || no_guest "does not get to: $1"
}

# no_guest WHAT
no_guest() {
	cat "$T/guest"
	tail -n 40 "$T/guest.log" || true
	fail "the guest $1"
}
