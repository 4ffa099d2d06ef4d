#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the commands that pages show: PAGE, LINE, WHERE, COMMAND, SHOWN, with
tabs; SHOWN is what the page shows as output, its lines divided by "|".

A command is a line of a literal block that starts with "$ " or "# ", with what
follows a backslash. A comment before a block says where its commands are run:

  .. run-on: MACHINE     on this machine of lib.sh (default: dsa)
  .. run-by: FILE TEST   by this test, a function of a test file that has them
  .. run-by: FILE        by this test file: it is what its RUN line says
  .. not-run: REASON     nowhere, for this reason, which the page's text has

Before the first block, "page-run-by: FILE TEST" is for all that have no mark of
their own. Pages in Markdown have blocks that are indented by four blanks, and
marks as "<!-- run-on: MACHINE -->".

Words that look like a command but have no prompt are an error."""

import re
import sys

MARK = re.compile(r'(?:\.\.|<!--) (run-on|run-by|not-run|page-run-by): '
                  r'(\S.*?)(?: -->)?')
PROMPT = re.compile(r'[$#] (.*)')
COMMAND = re.compile(r'(sudo |devlink |idxd-sf |modprobe |apt |apt-get |make |'
                     r'systemctl |journalctl |udevadm |qemu-system|podman |'
                     r'virsh |cat /|echo |ls /|tests/|[A-Z]+=\S+ make )')


def is_block(lines, number, markdown):
    """Whether a literal block begins behind this line"""
    text = lines[number].strip()
    if markdown:
        return not text and number + 1 < len(lines) and \
            lines[number + 1].startswith('    ')
    return re.search(r'(^|[^:])::$|^\.\. code-block::', text) and \
        not text.startswith('.. kernel-doc')


def blocks(lines, markdown):
    """Literal blocks, as (mark before it, [(line number, text)])."""
    mark, number = None, 0
    while number < len(lines):
        text = lines[number]
        found = MARK.fullmatch(text.strip())
        if found:
            mark = (number, found.group(1), found.group(2))
        begins = is_block(lines, number, markdown)
        number += 1
        if mark and mark[1] == 'page-run-by':
            yield mark, []
            mark = None
        if not begins:
            continue
        indent = 3 if markdown else len(text) - len(text.lstrip())
        block = []
        while number < len(lines):
            text = lines[number]
            if text.strip() and len(text) - len(text.lstrip()) <= indent:
                break
            if text.strip():
                block.append((number + 1, text.strip()))
            number += 1
        # The blank line at its end may be the one before the next one
        if markdown and not lines[number - 1].strip():
            number -= 1
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
        elif found:
            found[-1][2].append(' '.join(text.split()))
        elif COMMAND.match(text):
            sys.exit(f'line {number}: a command without prompt: {text}')
    return found


def main(pages):
    for page in pages:
        with open(page, encoding='utf-8') as source:
            lines = source.read().split('\n')
        default = 'run-on: dsa'
        for mark, block in blocks(lines, page.endswith('.md')):
            where = f'{mark[1]}: {mark[2]}' if mark else default
            if mark and mark[1] == 'page-run-by':
                default = where
            for number, command, shown in commands(block):
                print(page, number, where, command, '|'.join(shown), sep='\t')


if __name__ == '__main__':
    try:
        main(sys.argv[1:])
    except BrokenPipeError:
        sys.exit(1)
