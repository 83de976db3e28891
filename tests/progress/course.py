"""A course of one published section: two exercises, three concepts, and one that nothing grades."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from revise.course import Course
from revise.digest import digest

SYLLABUS = """
[[section]]
id = "tiny"
notebook = "01_tiny"
title = "Tiny"
topics = [
  { id = "numbers", title = "Numbers & sums", concepts = ["double", "half", "zero"] },
  { id = "words", title = "Words", concepts = ["greeting"] },
]

[[section]]
id = "later"
notebook = "02_later"
title = "Later"
topics = [{ id = "one", title = "One", concepts = ["two"] }]
"""
OF_TWO = 'got = double(2)\nassert got == 4, f"double(2) returned {got}, expected 4. Look at it."'
OF_THREE = "assert double(3) == 6"
GREETS = "assert greet() == 'Hello'"
HIDDEN = "# A hidden check: when this is graded, it tries your answer with other inputs."
STUB = 'def double(number):\n    raise NotImplementedError("YOUR CODE HERE")'


def check(exercise, behaviour, source, points, *concepts, hidden=False):
    """A check cell as ``revise build`` makes it."""
    id = f"{exercise}--{behaviour}"
    revise = {"role": "check", "exercise": exercise, "behaviour": behaviour}
    revise |= {"concepts": list(concepts)} | ({"hidden": True} if hidden else {})
    graded = {"grade_id": id, "grade": True, "locked": True, "solution": False, "task": False}
    graded |= {"points": points, "schema_version": 3}
    return new_code_cell(source, id=id, metadata={"revise": revise, "nbgrader": graded})


def notebook():
    """The learner's edition of the section."""
    double, half = "tiny.numbers.double", "tiny.numbers.half"
    cells = [
        new_markdown_cell("# Tiny", id="start-1"),
        new_code_cell("%load_ext revise", id="start-2", metadata={"revise": {"role": "setup"}}),
        new_code_cell(
            STUB,
            id="tiny-double--answer",
            metadata={"revise": {"exercise": "tiny-double", "role": "answer"}},
        ),
        check("tiny-double", "of-two", OF_TWO, 3, double, half),
        check("tiny-double", "of-three", OF_THREE, 1, double, half),
        check("tiny-double", "of-others", HIDDEN, 5, double, half, hidden=True),
        check("tiny-greet", "greets", GREETS, 2, double, "tiny.words.greeting"),
    ]
    digests = {cell.id: digest(cell.cell_type, cell.source) for cell in cells}
    return new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "revise": {"section": "01_tiny", "digests": digests},
        },
    )


def lay(root: Path) -> Course:
    """Lay the course in ``root``."""
    (root / "sections").mkdir(parents=True)
    (root / "sections" / "syllabus.toml").write_text(SYLLABUS)
    (root / "notebooks").mkdir()
    nbformat.write(notebook(), root / "notebooks" / "01_tiny.ipynb")
    return Course(root)
