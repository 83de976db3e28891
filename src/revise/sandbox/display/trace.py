"""A traceback as printed, with the frames of libraries folded: the learner's lines stay.

Besides being long, those frames name the machine (where Python is, where the packages are), and
a published notebook must not.
"""

import os
import re
import sys
from pathlib import Path

from .markup import count

TITLE = "Traceback (most recent call last):"
FRAME = re.compile(r'  File "(?P<file>[^"]+)", line \d+, in ')
LIBRARIES = ("/site-packages/", "/dist-packages/", "/lib/python3", "<frozen ")
PACKAGE = str(Path(__file__).resolve().parents[2])


def is_library(filename):
    """Say whether a file is Python's, a package's or the course's own: not the learner's."""
    if any(mark in filename for mark in LIBRARIES):
        return True
    # The starters lie inside of the package, but what runs is a copy of theirs.
    return filename.startswith((PACKAGE + os.sep, sys.base_prefix + "/lib/"))


def shorten(text, folder=None):
    """Return ``text`` with each run of library frames in one line, and paths relative to ``folder``.

    ``folder`` is the current one unless given. Text without a traceback comes back as it is, but
    for the paths.
    """
    kept, hidden, skipping = [], 0, False
    for line in text.split("\n"):
        if frame := FRAME.match(line):
            skipping = is_library(frame["file"])
            hidden += skipping
        elif not line.startswith(("    ", "  [Previous line repeated")):
            skipping = False
        if skipping:
            continue
        if hidden:
            kept.append(f"  … {count(hidden, 'frame')} of libraries")
            hidden = 0
        kept.append(line)
    return "\n".join(kept).replace(os.path.join(folder or os.getcwd(), ""), "")
