"""A course of two built sections, in plain Python: what each exercise does to others is in its name."""

import shutil
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from revise.authoring.editions import instructor_edition, learner_edition
from revise.course import Course
from revise.execution import NOTEBOOK_METADATA
from tests.grading.tiny import cell, empty_course, graded, write

SYLLABUS = """
[[section]]
id = "first"
notebook = "01_first"
title = "First"
topics = [{ id = "sums", title = "Sums", concepts = ["double", "add", "root"] }]

[[section]]
id = "second"
notebook = "02_second"
title = "Second"
topics = [{ id = "words", title = "Words", concepts = ["shout", "double", "alone", "join"] }]

[[section]]
id = "third"
notebook = "03_third"
title = "Third"
topics = [{ id = "later", title = "Later", concepts = ["unwritten"] }]
"""


def exercise(id: str, points: int, concept: str, *, setup: str = "", answer: str, check: str, hidden: str):  # fmt: skip
    """Return the cells of an exercise: ``points`` for its visible check, one more for its hidden one."""
    return [
        cell(id, "task", f"### Do {id}\n\nDo it."),
        *([cell(id, "setup", setup)] if setup else []),
        cell(id, "answer", answer),
        cell(id, "check", check, behaviour="seen", points=points, concepts=[concept]),
        cell(id, "check", hidden, behaviour="fresh", points=1, concepts=[concept], hidden=True),
        cell(id, "hint", "<details><summary>Hint 1</summary>\n\nThink.\n\n</details>"),
    ]


def function(name: str, parameters: str, result: str) -> str:
    return f"def {name}({parameters}):\n    ### BEGIN SOLUTION\n    return {result}\n    ### END SOLUTION"


def section(name: str, setup: str, *exercises: list):
    about = {"revise": {"role": "setup"}, "nbgrader": graded("before-you-start-2")}
    start = [
        new_markdown_cell("## Before you start", id="before-you-start-1"),
        new_code_cell(setup, id="before-you-start-2", metadata=about),
        new_code_cell("print('a demo')", id="a-demo-1"),
    ]
    return new_notebook(
        metadata=NOTEBOOK_METADATA | {"revise": {"section": name}}, cells=sum(exercises, start)
    )


FIRST = section(
    "01_first",
    "import math\n\nunit = 1\n\n\ndef whole(number):\n    return math.floor(number)",
    exercise(
        "first-sums-double", 2, "first.sums.double", answer=function("double", "number", "number * 2"),
        check="assert double(2) == 4, f'double(2) returned {double(2)}'",
        hidden="assert double(40) == 80, 'hidden words'",
    ),
    exercise(
        "first-sums-add", 3, "first.sums.add", setup="start = 10",
        answer=function("add", "number", "start + number"),
        check="assert add(unit) == 11, f'add(1) returned {add(unit)}'",
        hidden="assert add(5) == 15, 'hidden words'",
    ),
    exercise(
        "first-sums-root", 4, "first.sums.root", answer=function("root", "number", "math.sqrt(number)"),
        check="assert whole(root(9)) == 3, f'root(9) returned {root(9)}'",
        hidden="assert whole(root(16)) == 4, 'hidden words'",
    ),
)  # fmt: skip
SECOND = section(
    "02_second",
    "import math\n\nunit = 'word'",
    exercise(
        "second-words-shout", 2, "second.words.shout", answer=function("shout", "word", "word.upper()"),
        check="assert shout(unit) == 'WORD', f'shout returned {shout(unit)}'",
        hidden="assert shout('a') == 'A', 'hidden words'",
    ),
    exercise(
        "second-words-double", 2, "second.words.double", answer=function("double", "word", "word + word"),
        check="assert double('a') == 'aa', f'double returned {double(2)}'",
        hidden="assert double('b') == 'bb', 'hidden words'",
    ),
    exercise(
        "second-words-join", 4, "second.words.join", answer=function("join", "words", "' '.join(words)"),
        check="assert join(['a', 'b']) == 'a b', f'join returned {join([])}'",
        hidden="assert join(['c']) == 'c', 'hidden words'",
    ),
    exercise(  # no reading of its text shows what is wrong with it
        "second-words-alone", 9, "second.words.alone", answer=function("alone", "", "'whole' not in globals()"),
        check="assert alone(), 'another section is here'", hidden="assert alone(), 'hidden words'",
    ),
)  # fmt: skip


@pytest.fixture(scope="session")
def built_pair(tmp_path_factory) -> Path:
    """The course as it is built: read only, copy it."""
    course = empty_course(tmp_path_factory.mktemp("pair") / "course", SYLLABUS)
    for name, bare in {"01_first": FIRST, "02_second": SECOND}.items():
        instructor = instructor_edition(bare)
        write(instructor, course / "source" / name / f"{name}.ipynb")
        write(learner_edition(instructor), course / "notebooks" / f"{name}.ipynb")
    return course


@pytest.fixture
def pair(built_pair, tmp_path) -> Course:
    """A copy of the course of one's own."""
    return Course(Path(shutil.copytree(built_pair, tmp_path / "course")))
