"""Look into the graded notebooks: what failing checks said, what was not attempted, flags.

A class is thousands of notebooks of hundreds of cells, so they are read as JSON, and only the outputs of graded
cells become more. What stands in them was in part written by learners: nothing about it is taken for
granted but that it is JSON.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode, from_dict
from nbformat.v4.rwbase import rejoin_lines

from revise import answers
from revise.grading.feedback.course_cells import HIDDEN_TESTS
from revise.grading.reporting.marks import Assignment
from revise.grading.reporting.place import Place
from revise.grading.said import said_by
from revise.patterns import sanitize

MOST_BYTES = 50_000_000
LONGEST_WORDS = 600


@dataclass(frozen=True)
class Words:
    """What a failing check said."""

    text: str
    hidden: bool
    """Whether the check is a hidden one: learners never read this."""


@dataclass(frozen=True)
class Remark:
    """Something about a submission that is worth a teacher's look."""

    learner: str
    assignment: str
    kind: str
    text: str
    cell: str = ""


@dataclass
class Seen:
    """What was found in the graded notebooks of a class; exercises by assignment, notebook and id."""

    read: int = 0
    absent: int = 0
    """Notebooks of which only the gradebook knows."""
    unreadable: int = 0
    words: dict[tuple, Counter[Words]] = field(default_factory=lambda: defaultdict(Counter))
    """To how many learners each exercise's failing checks said what."""
    blank: Counter[tuple] = field(default_factory=Counter)
    """How many learners did not attempt an exercise."""
    remarks: list[Remark] = field(default_factory=list)


def look(
    place: Place, assignments: tuple[Assignment, ...], told: Callable[[], None] = lambda: None
) -> Seen:
    """Return what the graded notebooks of ``assignments`` say; ``told`` is called after each.

    What an exercise that was not attempted said is not counted: it says that it was not attempted.
    """
    seen = Seen()
    for assignment in assignments:
        notebooks = {exercise.notebook for exercise in assignment.exercises}
        starters = {
            name: _starters(edition)
            for name, edition in place.editions(assignment.name, notebooks).items()
        }
        for learner in assignment.marks:
            for name in sorted(notebooks) if place.course else ():
                path = place.graded_notebook(learner, assignment.name, name)
                if notebook := _read(path, seen):
                    _take(notebook, starters.get(name, {}), (assignment.name, name), learner, seen)
                told()
    return seen


def _read(path: Path, seen: Seen) -> dict | None:
    """Return a notebook as plain data, and count it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError
        notebook = json.loads(path.read_bytes())
        cells = [cell for cell in notebook["cells"] if isinstance(cell["metadata"], dict)]
    except FileNotFoundError:
        seen.absent += 1
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        seen.unreadable += 1
    else:
        seen.read += 1
        return {"cells": cells, "metadata": notebook.get("metadata")}
    return None


def _take(notebook: dict, starters: dict, where: tuple[str, str], learner: str, seen: Seen) -> None:
    cells = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    blank = _blank(cells, starters)
    seen.blank.update((*where, id) for id in blank)
    # A dict for its order: words that are as frequent stand as the checks do, in each run.
    said: dict[tuple, dict[Words, None]] = defaultdict(dict)
    for cell in cells:
        grade_id = _nbgrader(cell).get("grade_id")
        if not _nbgrader(cell).get("grade") or not isinstance(grade_id, str):
            continue
        id = _revise(cell).get("exercise") or grade_id.partition("--")[0]
        if isinstance(id, str) and id not in blank and (text := _words(cell)):
            hidden = _revise(cell).get("hidden") or HIDDEN_TESTS in _source(cell)
            said[(*where, id)][Words(text, bool(hidden))] = None
    for exercise, words in said.items():
        seen.words[exercise].update(words.keys())
    seen.remarks += _remarks(notebook["metadata"], learner, where[0])


def _blank(cells: list[dict], starters: dict[str, tuple[str, list[str]]]) -> set[str]:
    """Return the exercises whose answer cells all read as they were handed out.

    None where the learner added cells, as when it is graded (``judge.job.not_attempted``): one of these may
    hold what the answer cell should.
    """
    if any(str(cell.get("id")).startswith(answers.OWN) for cell in cells):
        return set()
    known, touched = set(), set()
    for cell in cells:
        if given := starters.get(_nbgrader(cell).get("grade_id")):
            exercise, starter = given
            known.add(exercise)
            if _source(cell).split() != starter:
                touched.add(exercise)
    return known - touched


def _starters(edition: NotebookNode) -> dict[str, tuple[str, list[str]]]:
    """Return the exercise and the words of each answer cell that was handed out, by its grade id."""
    return {
        cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): (
            answers.exercise(cell),
            cell.source.split(),
        )
        for cell in edition.cells
        if answers.role(cell) == answers.ANSWER
    }


def _words(cell: dict) -> str:
    """Return what a graded cell said when it failed; ports and times made equal, so that it can be counted."""
    outputs = cell.get("outputs")
    if not isinstance(outputs, list) or not any(map(_failed, outputs)):
        return ""
    try:
        bare = from_dict({"cells": [{"cell_type": "code", "source": "", "outputs": outputs}]})
        text = sanitize(said_by(rejoin_lines(bare).cells[0]).words)
    except (AttributeError, KeyError, TypeError):  # an output of no known form
        return ""
    return text if len(text) <= LONGEST_WORDS else f"{text[:LONGEST_WORDS]} …"


def _failed(output: object) -> bool:
    kind = output.get("output_type") if isinstance(output, dict) else None
    return kind == "error" or (kind == "stream" and output.get("name") == "stderr")


def _remarks(metadata: object, learner: str, assignment: str) -> list[Remark]:
    """Return what the intake wrote down: flags of tampering, and why something has no mark."""
    about = metadata.get("revise") if isinstance(metadata, dict) else None
    if not isinstance(about, dict):
        return []
    flags = about.get("flags")
    flags = [flag for flag in flags if isinstance(flag, dict)] if isinstance(flags, list) else []
    remarks = [
        Remark(learner, assignment, "flag", str(flag.get("reason")), str(flag.get("cell") or ""))
        for flag in flags
    ]
    if reason := about.get("reason"):
        remarks.append(Remark(learner, assignment, "submission", str(reason)))
    return remarks


def _nbgrader(cell: dict) -> dict:
    about = cell["metadata"].get("nbgrader")
    return about if isinstance(about, dict) else {}


def _revise(cell: dict) -> dict:
    about = cell["metadata"].get("revise")
    return about if isinstance(about, dict) else {}


def _source(cell: dict) -> str:
    source = cell.get("source")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)
