"""The record of what is proven, and which rounds of a proven section run all the same.

To run every answer of ten sections takes the better part of an hour. So ``revise prove`` notes what
it proved, and the tests run all attempts of a section only while its exercises or its projects are not
what is on record. Of the others they run one round, and each change of the package draws another.
"""

import hashlib
import json
import random
from pathlib import Path

from revise.authoring.section import SectionText
from revise.course import Course
from revise.sandbox import starters

RECORD = "sections/proven.json"
KINDS = {"exercise", "role", "check", "wrong", "right"}
"""The keys of the cells that attempts are made of."""
PACKAGE = Path(__file__).parents[1]
DRAWN = 1


def digest(text: SectionText) -> str:
    """Return what the proof of a section stands for: its exercises' code, and the projects it lays.

    Prose does not count, nor the words of tasks and hints: no attempt runs them. Nor do demos: rounds
    run without them, `revise build` with them, and nbval holds them against what they showed.
    """
    cells = [
        [dict(cell.metadata), cell.source if cell.kind == "code" else ""]
        for cell in text.cells
        if not KINDS.isdisjoint(cell.metadata)
    ]
    content = json.dumps(cells, sort_keys=True, ensure_ascii=False)
    total = hashlib.sha256(content.encode())
    for starter in starters.all_starters():
        if any(f'"{starter.name}"' in source for _metadata, source in cells):
            starters.feed(total, starter)
            for layer in starters.layers(starter):
                if (about := layer / starters.ABOUT).is_file():
                    total.update(about.read_bytes())
    return total.hexdigest()


def is_proven(course: Course, text: SectionText) -> bool:
    """Return whether the section as it stands is the one on record."""
    return _read(course).get(text.path.stem) == digest(text)


def record(course: Course, text: SectionText) -> None:
    """Note that every attempt of the section as it stands has held."""
    noted = _read(course) | {text.path.stem: digest(text)}
    path = course.root / RECORD
    path.write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n")


def drawn(text: SectionText, rounds: int) -> list[int]:
    """Return the numbers (from 0) of the rounds that run of a proven section that has ``rounds``."""
    return sorted(chance(digest(text)).sample(range(rounds), min(DRAWN, rounds)))


def chance(about: str) -> random.Random:
    """Return what draws for the tests: the same package and ``about`` draw the same each time.

    So what failed once can be run again, and another state of the package tries something else.
    """
    state = hashlib.sha256(about.encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            state.update(path.read_bytes())
    return random.Random(state.hexdigest())


def _read(course: Course) -> dict[str, str]:
    path = course.root / RECORD
    return json.loads(path.read_text()) if path.is_file() else {}
