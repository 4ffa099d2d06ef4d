#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# top.py - runs a command on a terminal of 50 columns and 8 rows, as a shell
# with job control would, and checks what came: the size of the tables, that
# the terminal is as before when it has ended and while it is stopped.
# usage: top.py quit|stop COMMAND..         q is pressed after two tables
#        top.py break SHELL-LINE COMMAND..  the line is run after two tables,
#                                           and has the command fail

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

WIDTH, HEIGHT = 50, 8
CLEAR, LEAVE = "\x1b[H\x1b[J", "\x1b[?25h\x1b[?1049l"
STOPPED, ENDED = "<stopped>", "<ended %d>"


def shell(command):
    """In the foreground of the terminal, and again when it was stopped"""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    time.sleep(0.3)
    pid = os.fork()
    if not pid:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(command[0], command)
    while True:
        status = os.waitpid(pid, os.WUNTRACED)[1]
        os.tcsetpgrp(0, os.getpgrp())
        if not os.WIFSTOPPED(status):
            break
        os.write(1, STOPPED.encode())
        # Until the other side has looked at the terminal
        os.read(0, 1)
        os.tcsetpgrp(0, pid)
        os.kill(pid, signal.SIGCONT)
    os.write(1, (ENDED % os.waitstatus_to_exitcode(status)).encode())
    # The terminal goes with its last user
    os.read(0, 1)
    os._exit(0)


class Terminal:
    def __init__(self, command):
        pid, self.fd = pty.fork()
        if not pid:
            shell(command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        self.before = termios.tcgetattr(self.fd)
        self.text = ""

    def read_until(self, what):
        end = time.time() + 20
        while not what(self.text):
            assert time.time() < end, f"{self.text!r}"
            if select.select([self.fd], [], [], 0.1)[0]:
                self.text += os.read(self.fd, 4096).decode()

    def press(self, key):
        os.write(self.fd, key)

    def is_as_before(self):
        return termios.tcgetattr(self.fd) == self.before

    def echoes(self):
        return termios.tcgetattr(self.fd)[3] & termios.ECHO


def tables(nr):
    return lambda text: text.count(CLEAR) >= nr


def check_tables(text):
    for table in text.split(CLEAR)[1:]:
        table = table.split("\x1b")[0].split("<")[0]
        lines = table.split("\r\n")
        assert len(lines) <= HEIGHT, f"{len(lines)} rows: {table!r}"
        for line in lines:
            assert len(line) <= WIDTH, f"{len(line)} columns: {line!r}"
        assert "SUBFUNCTION" in table and "q leaves" in table, table
    more = re.search(r"and (\d+) more", text)
    rows = len(re.findall(r"^0000:", text.split(CLEAR)[1], re.M))
    assert more and rows + int(more.group(1)) == 8, text


def main(mode, command):
    line = command.pop(0) if mode == "break" else None
    term = Terminal(command)
    term.read_until(tables(2))
    assert not term.echoes(), "the terminal echoes"
    if mode == "stop":
        term.press(b"\x1a")
        term.read_until(lambda text: text.endswith(STOPPED))
        assert term.is_as_before(), "stopped, the terminal is not as before"
        assert term.text.endswith(LEAVE + STOPPED), f"{term.text[-40:]!r}"
        seen = term.text.count(CLEAR)
        term.press(b"\n")
        term.read_until(tables(seen + 2))
        assert not term.echoes(), "continued, the terminal echoes"
    if line:
        subprocess.run(line, shell=True, check=True)
    else:
        term.press(b"q")
    term.read_until(lambda text: re.search("<ended", text))
    assert term.is_as_before(), "the terminal is not as before"
    shown, said = term.text.rsplit(LEAVE, 1)
    check_tables(shown)
    if line:
        assert "Not a directory" in said, f"not seen: {term.text!r}"
        assert ENDED % 1 in said, said
    else:
        assert said == ENDED % 0, f"{said!r}"
    term.press(b"\n")


main(sys.argv[1], sys.argv[2:])
