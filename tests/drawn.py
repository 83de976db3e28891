"""In which of two ways the exercises of each section run: behind the wall, or in a plain kernel.

Behind the wall nbgrader's own commands grade the reference (tests/grading/test_sections_chain.py); in
a plain kernel one round of attempts runs (tests/content/test_sections.py). Both for ten sections take
a quarter of an hour, so half of the proven sections run in the one way and half in the other, drawn
anew for each state of the package. REVISE_WHOLE=1 runs both for all.
"""

import functools
import os
from pathlib import Path

from revise.authoring import proofs
from revise.authoring import section as texts
from revise.course import Course, Section

COURSE = Course.find(Path(__file__).parent)
WHOLE = bool(os.environ.get("REVISE_WHOLE"))
# To read a text takes a second, and no test changes one.
parse = functools.cache(texts.parse)


@functools.cache
def proven() -> list[Section]:
    """Return the sections that stand as they are on record as proven."""
    return [one for one in COURSE.written if proofs.is_proven(COURSE, parse(one.text))]


@functools.cache
def walled() -> list[Section]:
    """Return the sections whose reference is graded behind the wall: half of the proven, all others."""
    plain = [] if WHOLE else proofs.chance("plain").sample(proven(), len(proven()) // 2)
    return [one for one in COURSE.written if one not in plain]


def rounds(section: Section, count: int) -> list[int]:
    """Return which of a section's attempts run in a plain kernel: of ``count``, the reference first."""
    if section not in proven():
        return list(range(count))
    if section in walled() and not WHOLE:
        return []
    return [number + 1 for number in proofs.drawn(parse(section.text), count - 1)]


def mistaken() -> list[Section]:
    """Return the sections in which a class's common mistakes are graded behind the wall, too."""
    return proofs.chance("mistakes").sample(walled(), min(2, len(walled())))
