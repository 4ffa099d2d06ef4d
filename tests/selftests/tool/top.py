#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# top.py - runs a command on a terminal of 50 columns, presses q after its
# second table, and checks what came: the width of the lines, that the command
# left by itself and that the terminal is as before.
# usage: top.py COMMAND..

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

WIDTH = 50


def main():
    pid, fd = pty.fork()
    if not pid:
        time.sleep(0.3)
        os.execvp(sys.argv[1], sys.argv[1:])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    before = termios.tcgetattr(fd)
    text, end, pressed = b"", time.time() + 20, False
    while time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                part = os.read(fd, 4096)
            except OSError:
                break
            if not part:
                break
            text += part
        if text.count(b"\x1b[H\x1b[J") >= 2 and not pressed:
            after_raw = termios.tcgetattr(fd)
            os.write(fd, b"q")
            pressed = True
    status = os.waitpid(pid, 0)[1]
    text = text.decode()
    assert pressed, f"no second table: {text!r}"
    assert status == 0, f"status {status}"
    assert not after_raw[3] & termios.ECHO, "the terminal echoed"
    assert termios.tcgetattr(fd) == before, "the terminal is not as before"
    assert text.endswith("\x1b[?25h\x1b[?1049l"), f"the screen: {text[-40:]!r}"
    for line in re.sub(r"\x1b\[[?0-9]*[a-zA-Z]", "", text).split("\r\n"):
        assert len(line) <= WIDTH, f"{len(line)} columns: {line!r}"
    assert "SUBFUNCTION" in text and "q leaves" in text, text


main()
