# SPDX-License-Identifier: GPL-2.0-only
"""Sphinx directive ".. kernel-doc:: FILE": the kernel-doc comments of a file.

FILE is relative to the checkout. The comments are translated by the kernel's
own script kernel-doc, taken from $KERNEL_DOC or from the kernel source package
that the tests use. With an empty $KERNEL_DOC they are left out: then no kernel
source is needed."""

import os
import re
import subprocess

import sphinx
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import ViewList
from sphinx.errors import ExtensionError
from sphinx.util.nodes import nested_parse_with_titles

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def find_script():
    """Path of kernel-doc, or an empty string to leave the comments out."""
    path = os.environ.get('KERNEL_DOC')
    if path is None:
        found = subprocess.run(
            ['bash', '-c', '. tests/lib/cache.sh && kernel_scripts'],
            cwd=TOP, capture_output=True, text=True, check=False)
        if found.returncode:
            raise ExtensionError(found.stderr.strip())
        path = os.path.join(found.stdout.strip(), 'kernel-doc')
    return path


def without_doubles(text):
    """A function with the name of a struct: Sphinx has one name space for both
    and would call it a double, so the function gets another one."""
    structs = set(re.findall(r'^\.\. c:struct:: (\w+)', text, re.MULTILINE))
    apart = False
    for line in text.split('\n'):
        function = re.match(r'\.\. c:function:: .*?(\w+) \(', line)
        if line.startswith('.. ') and apart:
            apart = False
            yield from ('.. c:namespace:: NULL', '')
        if function and function.group(1) in structs:
            apart = True
            yield from ('.. c:namespace:: functions', '')
        yield line
    if apart:
        yield from ('', '.. c:namespace:: NULL')


class KernelDoc(Directive):
    """The directive; its argument is the file."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        env = self.state.document.settings.env
        path = os.path.join(TOP, self.arguments[0])
        env.note_dependency(path)
        if not env.config.kernel_doc_script:
            return []
        made = subprocess.run(
            [env.config.kernel_doc_script, '-rst',
             '-sphinx-version', sphinx.__version__, path],
            capture_output=True, text=True, check=False)
        if made.returncode or made.stderr:
            raise self.error(f'kernel-doc {path}: {made.stderr.strip()}')
        lines = ViewList()
        text = made.stdout.expandtabs(8)
        for number, line in enumerate(without_doubles(text)):
            lines.append(line, path, number)
        node = nodes.section()
        nested_parse_with_titles(self.state, lines, node)
        return node.children


def setup(app):
    """Called by Sphinx."""
    app.add_config_value('kernel_doc_script', find_script(), 'env')
    app.add_directive('kernel-doc', KernelDoc)
    return {'version': '1', 'parallel_read_safe': True}
