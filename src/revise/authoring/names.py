"""The rules about names: cells of many exercises share one notebook's namespace.

An exercise stands alone only if no other cell puts something else under a name that it lives by.
"""

from collections.abc import Iterator

from revise.authoring.problems import Problem
from revise.authoring.section import SectionText
from revise.course import Section
from revise.namespace import bound, loaded, stored, tree


def setup_names(text: SectionText, section: Section) -> Iterator[Problem]:
    """An exercise whose setup rebinds another's name would judge the other's project."""
    owner: dict[str, str] = {}
    for part in text.parts:
        if part.role != "setup":
            continue
        where = part.exercise.id if part.exercise else "the notebook's setup"
        for name in sorted(bound(part.cell.source)):
            if owner.setdefault(name, where) != where:
                what = f"its setup binds {name!r}, which {owner[name]} binds too"
                yield Problem(text.path, part.cell.line, where, what, "Choose a name of its own.")


def answer_names(text: SectionText, section: Section) -> Iterator[Problem]:
    """A cell elsewhere that binds an answer's name would be judged in the answer's place."""
    owner = {
        name: exercise.id
        for exercise in text.exercises
        for answer in exercise.answers.values()
        for name in bound(answer.source)
    }
    for part in text.parts:
        where = part.exercise.id if part.exercise else "a demo"
        if part.cell.kind != "code":
            continue
        for name in sorted(bound(part.cell.source) & owner.keys()):
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
            for name in stored(tree(check.cell.source))
        }
        for check in exercise.checks:
            if not check.hidden:
                continue
            code = tree(check.cell.source)
            for name in sorted((loaded(code) - stored(code)) & visible):
                what = f"the hidden check {check.behaviour!r} uses {name!r} of a visible check"
                mend = "Bind it in the hidden check, or in the exercise's setup."
                yield Problem(text.path, check.cell.line, exercise.id, what, mend)
