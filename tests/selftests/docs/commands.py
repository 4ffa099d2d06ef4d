#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the commands that pages show: PAGE, LINE, WHERE, COMMAND, SHOWN, with
tabs; SHOWN is what the page shows as output, its lines divided by "|".

A command is a line of a literal block that starts with "$ " or "# ", with what
follows a backslash. A comment before a block says where its commands are run:

  .. run-on: MACHINE     in this machine of lib.sh (default: dsa)
  .. run-by: FILE TEST   by this test, a function of a test file
  .. not-run: REASON     nowhere, for this reason

Words that look like a command but have no prompt are an error."""

import re
import sys

MARK = re.compile(r'\.\. (run-on|run-by|not-run): (\S.*)')
PROMPT = re.compile(r'[$#] (.*)')
COMMAND = re.compile(r'(sudo |devlink |idxd-sf |modprobe |apt |apt-get |make |'
                     r'systemctl |journalctl |udevadm |qemu-system|podman |'
                     r'virsh |cat /|echo |ls /|tests/)')


def blocks(lines):
    """Literal blocks, as (mark before it, [(line number, text)])."""
    mark, number = None, 0
    while number < len(lines):
        text = lines[number]
        found = MARK.match(text.strip())
        if found:
            mark = (number, found.group(1), found.group(2))
        number += 1
        if not re.search(r'(^|[^:])::$|^\.\. code-block::', text.strip()) \
                or text.lstrip().startswith('.. kernel-doc'):
            continue
        indent = len(text) - len(text.lstrip())
        block = []
        while number < len(lines):
            text = lines[number]
            if text.strip() and len(text) - len(text.lstrip()) <= indent:
                break
            if text.strip():
                block.append((number + 1, text.strip()))
            number += 1
        yield mark, block
        mark = None
    if mark:
        sys.exit(f'line {mark[0] + 1}: no block follows the mark')


def commands(block):
    """Commands of a block, as [line number, command, lines shown below it]."""
    found = []
    rest = iter(block)
    for number, text in rest:
        prompt = PROMPT.fullmatch(text)
        if prompt:
            command = prompt.group(1)
            while command.endswith('\\'):
                command = command[:-1].rstrip() + ' ' + next(rest)[1]
            found.append((number, command, []))
        elif COMMAND.match(text):
            sys.exit(f'line {number}: a command without prompt: {text}')
        elif found:
            found[-1][2].append(' '.join(text.split()))
    return found


def main(pages):
    for page in pages:
        with open(page, encoding='utf-8') as source:
            lines = source.read().split('\n')
        for mark, block in blocks(lines):
            where = f'{mark[1]}: {mark[2]}' if mark else 'run-on: dsa'
            for number, command, shown in commands(block):
                print(page, number, where, command, '|'.join(shown), sep='\t')


if __name__ == '__main__':
    try:
        main(sys.argv[1:])
    except BrokenPipeError:
        sys.exit(1)
