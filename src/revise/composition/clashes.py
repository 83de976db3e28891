"""Which exercises cannot share a notebook: the sections were proven alone, not side by side.

In a composed notebook every section's setup cell runs, and each cell may be run again at any time.
Two exercises of one section share a notebook already, and `revise prove` has shown that they can.
"""

import ast
from collections.abc import Iterable
from functools import cache

from nbformat import NotebookNode

from revise import answers
from revise.composition.exercises import Exercise
from revise.namespace import bound, loaded, tree


@cache
def clash(one: Exercise, other: Exercise) -> str | None:
    """Return why the two cannot share a notebook, in words that follow both ids, or None.

    They cannot when a cell of one binds a name that the other lives by, or lays a project in the
    folder that the other works in. What only a run could show is left to a run.
    """
    if one.section == other.section:
        return None
    for first, second in ((one, other), (other, one)):
        if names := _overwritten(first, second):
            return f"both bind {', '.join(sorted(names))}"
        if names := _another_meaning(first, second):
            return f"their sections' setup cells mean another {', '.join(sorted(names))}"
        if folders := _folders(first) & (_folders(second) | _folders_at_start(second)):
            return f"both lay the project {', '.join(sorted(folders))}"
    return None


def clashing(exercise: Exercise, chosen: Iterable[Exercise]) -> Exercise | None:
    """Return the first of ``chosen`` that ``exercise`` cannot share a notebook with, or None."""
    return next((one for one in chosen if clash(exercise, one)), None)


def _overwritten(one: Exercise, other: Exercise) -> set[str]:
    """Return the names that ``one`` lives by and that a cell of ``other`` binds."""
    own = _bound(one, "setup") | _bound(one, "answer")
    needed = _meanings(one).keys() & _loaded(one)
    theirs = _bound(other, "setup") | _bound(other, "answer") | _bound(other, "check")
    # What a setup cell of the notebook binds is the grader's own, whatever an answer puts there.
    hidden = _bound(one, "answer") & _meanings(other).keys()
    return (own | needed) & theirs | hidden


def _another_meaning(one: Exercise, other: Exercise) -> set[str]:
    """Return the names of its section's setup that ``one`` uses and the other section's rebinds."""
    here, there = _meanings(one), _meanings(other)
    return {name for name in here.keys() & there & _loaded(one) if here[name] != there[name]}


@cache
def _bound(exercise: Exercise, role: str) -> frozenset[str]:
    cells = (cell for cell in _code(exercise) if answers.role(cell) == role)
    return frozenset(name for cell in cells for name in bound(cell.source))


@cache
def _loaded(exercise: Exercise) -> frozenset[str]:
    return frozenset(name for cell in _code(exercise) for name in loaded(tree(cell.source)))


@cache
def _folders(exercise: Exercise) -> frozenset[str]:
    """Return the folders of the projects that an exercise works on: its own, its section's if used."""
    own = {name for cell in _code(exercise) for name in _laid(tree(cell.source))}
    at_start = (node for cell in exercise.start for node in tree(cell.source).body)
    used = {
        name
        for node in at_start
        if isinstance(node, ast.Assign)
        and any(isinstance(one, ast.Name) and one.id in _loaded(exercise) for one in node.targets)
        for name in _laid(node)
    }
    return frozenset(own | used)


@cache
def _folders_at_start(exercise: Exercise) -> frozenset[str]:
    return frozenset(name for cell in exercise.start for name in _laid(tree(cell.source)))


@cache
def _meanings(exercise: Exercise) -> dict[str, str]:
    """Return by name what its section's setup cells bind: the statement, or the import."""
    found: dict[str, str] = {}
    for node in (node for cell in exercise.start for node in tree(cell.source).body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            for one in node.names:
                name = (one.asname or one.name).partition(".")[0]
                found[name] = f"{module}:{one.name}"
        else:
            found |= dict.fromkeys(bound(ast.unparse(node)), ast.dump(node))
    return found


def _laid(code: ast.AST) -> set[str]:
    """Return the folders that ``Project(starter, name)`` lays in ``code``, where they are plain text."""
    calls = (
        node
        for node in ast.walk(code)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Project"
    )
    return {name for call in calls if (name := _folder(call))}


def _folder(call: ast.Call) -> str | None:
    named = [word.value for word in call.keywords if word.arg == "name"]
    folder = (named or call.args[1:2] or call.args[:1] or [None])[0]
    return folder.value if isinstance(folder, ast.Constant) else None


def _code(exercise: Exercise) -> list[NotebookNode]:
    return [cell for cell in exercise.cells if cell.cell_type == "code"]
