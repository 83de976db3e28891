"""A job: the cells of one submission in the order in which they run, each with its part.

Made by the grader from a notebook that nbgrader has sanitised (the instructor's cells, the learner's
answers); the outcome goes back into the same notebook.
"""

import ast
import builtins
import functools
import json
from collections import defaultdict

from nbformat import NotebookNode, from_dict
from nbgrader import utils

from revise import answers
from revise.grading.isolation.limits import Limits
from revise.grading.isolation.outcome import Outcome

NOT_ATTEMPTED = "not attempted: this exercise is as it was handed out. Write your answer there."
NEVER_RAN = "the check did not run: {}."


def job_of(
    notebook: NotebookNode, release: NotebookNode | None = None, limits: Limits | None = None
) -> bytes:
    """Return the job that runs ``notebook``.

    ``release`` is the edition that was handed out: what still reads as it did there was not attempted.
    Without it every exercise is run.
    """
    blank = not_attempted(notebook, release)
    own = any(is_own(cell) for cell in notebook.cells)
    names, probing = _names_of_checks(notebook), _probing_names(notebook)
    cells = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or answers.exercise(cell) in blank:
            continue
        part = _part(cell)
        if part == "demo" and not own:
            continue  # nothing that is marked depends on a demo, unless a learner's own cell does
        about = {"id": cell.id, "source": cell.source, "part": part, **_about(cell)}
        if part == "check":
            about["names"] = names[cell.id]
            helpers = probing[answers.exercise(cell)] | probing[None]
            about["probes"] = bool(_names(cell.source, ast.Load) & helpers)
        cells.append(about)
    job = {"cells": cells, "limits": (limits or Limits()).as_dict()}
    return json.dumps(job).encode()


def fill(notebook: NotebookNode, outcome: Outcome, release: NotebookNode | None = None) -> None:
    """Put the outputs of ``outcome`` into ``notebook``; a graded cell that has none earns nothing.

    nbgrader gives full marks to a graded cell without outputs. So one that did not run gets an
    error that says so.
    """
    blank = not_attempted(notebook, release)
    number = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        outputs = outcome.cells.get(cell.id)
        if outputs is None and utils.is_grade(cell):
            words = NEVER_RAN.format(outcome.reason or "the notebook was not run to its end")
            words = NOT_ATTEMPTED if answers.exercise(cell) in blank else words
            name = "NotAttempted" if answers.exercise(cell) in blank else "NotRun"
            outputs = [_error(name, words)]
        if outputs is not None:
            number += 1
            cell.execution_count = number
            cell.outputs = [from_dict(output) for output in outputs]
    _tell(notebook, outcome)


def _tell(notebook: NotebookNode, outcome: Outcome) -> None:
    about = notebook.metadata.setdefault("revise", {})
    about["flags"] = [*about.get("flags", []), *outcome.flags]
    if outcome.reason and not about.get("reason"):
        about["reason"] = outcome.reason


def not_attempted(notebook: NotebookNode, release: NotebookNode | None) -> set[str]:
    """Return the exercises whose answer cells all read as in ``release``; none with cells of one's own.

    The course's tests hold that such an exercise earns nothing. A learner's own cell may hold what
    the answer cell should.
    """
    if release is None or any(is_own(cell) for cell in notebook.cells):
        return set()
    starters = {cell.id: cell.source.strip() for cell in release.cells}
    touched, known = set(), set()
    for cell in notebook.cells:
        if answers.role(cell) == answers.ANSWER:
            known.add(answers.exercise(cell))
            if cell.source.strip() != starters.get(cell.id):
                touched.add(answers.exercise(cell))
    return known - touched


def is_own(cell: NotebookNode) -> bool:
    """Say whether a cell is one that the learner added."""
    return cell.id.startswith(answers.OWN)


def _part(cell: NotebookNode) -> str:
    role = answers.role(cell)
    if role == "check" or utils.is_grade(cell):
        return "check"
    if role == answers.ANSWER or is_own(cell):
        return "answer"
    return "setup" if role == "setup" else "demo"


def _about(cell: NotebookNode) -> dict:
    about = cell.metadata.get("revise", {})
    return {"exercise": answers.exercise(cell), "hidden": bool(about.get("hidden"))}


def _names_of_checks(notebook: NotebookNode) -> dict[str, list[str]]:
    """Return by check cell the names that it takes from the learner's code.

    Those it uses, without what the setup cells and the checks themselves define: such a name is
    the judge's own, whatever the learner's code has put in its place.
    """
    used, given, owner = {}, defaultdict(set), {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        part, exercise = _part(cell), answers.exercise(cell)
        if part in ("check", "setup"):
            given[exercise] |= _names(cell.source, ast.Store)
        if part == "check":
            used[cell.id], owner[cell.id] = _names(cell.source, ast.Load), exercise
    everywhere = given[None] | set(dir(builtins))
    return {id: sorted(names - given[owner[id]] - everywhere) for id, names in used.items()}


def _probing_names(notebook: NotebookNode) -> dict[str | None, set[str]]:
    """Return by exercise the names by which a check may probe: ``probe``, and its setup's helpers that do."""
    probing: dict[str | None, set[str]] = defaultdict(lambda: {"probe"})
    for cell in notebook.cells:
        is_setup = cell.cell_type == "code" and _part(cell) == "setup"
        if is_setup and "probe" in _names(cell.source, ast.Load):
            probing[answers.exercise(cell)] |= _names(cell.source, ast.Store)
    return probing


@functools.lru_cache(maxsize=4096)  # a class has the same checks and setup cells
def _names(source: str, context: type) -> frozenset[str]:
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return frozenset()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            found.add(node.id)
        elif context is ast.Store:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.add((node.asname or node.name).partition(".")[0])
    return frozenset(found)


def _error(name: str, words: str) -> dict:
    return {
        "output_type": "error",
        "ename": name,
        "evalue": words,
        "traceback": [f"{name}: {words}"],
    }
