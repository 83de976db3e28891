"""The rules about names: cells of many exercises share one notebook's namespace.

An exercise stands alone only if no other cell puts something else under a name that it lives by.
"""

import ast
from collections.abc import Iterator

from revise.authoring.problems import Problem
from revise.authoring.section import SectionText
from revise.course import Section


def setup_names(text: SectionText, section: Section) -> Iterator[Problem]:
    """An exercise whose setup rebinds another's name would judge the other's project."""
    owner: dict[str, str] = {}
    for part in text.parts:
        if part.role != "setup":
            continue
        where = part.exercise.id if part.exercise else "the notebook's setup"
        for name in sorted(_bound(part.cell.source)):
            if owner.setdefault(name, where) != where:
                what = f"its setup binds {name!r}, which {owner[name]} binds too"
                yield Problem(text.path, part.cell.line, where, what, "Choose a name of its own.")


def answer_names(text: SectionText, section: Section) -> Iterator[Problem]:
    """A cell elsewhere that binds an answer's name would be judged in the answer's place."""
    owner = {
        name: exercise.id
        for exercise in text.exercises
        for answer in exercise.answers.values()
        for name in _bound(answer.source)
    }
    for part in text.parts:
        where = part.exercise.id if part.exercise else "a demo"
        if part.cell.kind != "code":
            continue
        for name in sorted(_bound(part.cell.source) & owner.keys()):
            if owner[name] != where:
                what = f"it binds {name!r}, which is an answer of {owner[name]}"
                yield Problem(text.path, part.cell.line, where, what, "Choose another name.")


def hidden_names(text: SectionText, section: Section) -> Iterator[Problem]:
    """A hidden check runs after all visible ones, and where they may have failed."""
    for exercise in text.exercises:
        visible = {
            name
            for check in exercise.checks
            if not check.hidden
            for name in _stored(_tree(check.cell.source))
        }
        for check in exercise.checks:
            if not check.hidden:
                continue
            tree = _tree(check.cell.source)
            for name in sorted((_loaded(tree) - _stored(tree)) & visible):
                what = f"the hidden check {check.behaviour!r} uses {name!r} of a visible check"
                mend = "Bind it in the hidden check, or in the exercise's setup."
                yield Problem(text.path, check.cell.line, exercise.id, what, mend)


def _bound(source: str) -> set[str]:
    """Return the names that a cell defines or assigns at its top level; imports are nobody's own."""
    found = set()
    for node in _tree(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _stored(tree: ast.Module) -> set[str]:
    """Return every name that a cell binds, at whatever depth."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def _loaded(tree: ast.Module) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _tree(source: str) -> ast.Module:
    """Return a cell's code; nothing of a file's content, of magics, or of what is no Python."""
    if source.startswith("%%"):
        return ast.Module([], [])
    code = "\n".join(line for line in source.splitlines() if not line.startswith(("%", "!")))
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module([], [])
