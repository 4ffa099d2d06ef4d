# SPDX-License-Identifier: GPL-2.0-only
"""How Sphinx makes HTML and manual pages of this directory ("make docs",
"make man"). Pages that are not written yet are left out, nothing else is."""

import os
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, 'sphinx'))


def version_of_packages():
    """The one version there is, as the packages have it."""
    for path in ('../devlink_tool/debian/changelog', '../debian/changelog'):
        path = os.path.join(here, path)
        if os.path.exists(path):
            with open(path, encoding='utf-8') as changelog:
                return re.match(r'[^(]*\(([^)]*)\)', changelog.read()).group(1)
    return ''


project = 'idxd-sf'
author = 'The idxd-sf authors'
copyright = '2026, ' + author
version = release = version_of_packages()

extensions = ['kerneldoc', 'sphinx.ext.graphviz']
graphviz_output_format = 'svg'
exclude_patterns = ['sphinx']
# C identifiers and commands are shown as they are
smartquotes = False
highlight_language = 'none'

html_theme = 'alabaster'
html_theme_options = {
    'description': 'Subfunctions of Intel DSA',
    'fixed_sidebar': True,
    'page_width': '62em',
}
html_show_sourcelink = False
html_copy_source = False

# source, name, description, section
man_pages = [
    (source, name, description, [author], section)
    for source, name, description, section in (
        ('idxd-sf', 'idxd-sf',
         'make, keep and use subfunctions of Intel DSA', 8),
        ('devlink', 'idxd-devlink',
         'administer Intel DSA devices and subfunctions with devlink', 7),
        ('troubleshooting', 'idxd-troubleshooting',
         'what to do when a subfunction does not work', 7),
    )
    if os.path.exists(os.path.join(here, source + '.rst'))
]
man_make_section_directory = False

# What kernel-doc leaves in declarations
c_id_attributes = ['__user', '__iomem', '__printf', '__must_check']
