"""Merge a copy with a newer edition: the course's cells, the learner's answers and notes."""

from dataclasses import dataclass, field

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_markdown_cell

from revise import answers
from revise.answers import OWN, Answers, Extra
from revise.updating.laid import Laid, called

GONE = "**No longer in the course:** `{}`. Your answer is kept here; nothing checks it any more."
COURSES = ("setup", "check")
"""Cells that are always the course's: what a mark stands on."""


@dataclass
class Merged:
    """A copy in its new edition, and what is to be said about it."""

    notebook: NotebookNode
    kept: list[str] = field(default_factory=list)
    """The ids of the answer cells whose answers were kept."""
    told: list[str] = field(default_factory=list)
    """One sentence for each conflict."""


def merge(copy: NotebookNode, edition: NotebookNode) -> Merged:
    """Return ``edition`` with the learner's part of ``copy`` in it; neither is changed.

    The learner's part: answers, cells of their own of any kind, and demos and prose that they
    changed. Where the course changed the same demo or prose, both stand, the course's first.
    """
    return _Merging(copy, edition).merge()


class _Merging:
    def __init__(self, copy: NotebookNode, edition: NotebookNode):
        self.copy, self.edition = copy, edition
        self.laid = Laid(copy, edition)
        self.ids = self.laid.identities(copy, edition)
        self.given = {cell.id: cell for cell in edition.cells}
        self.theirs: dict[str, NotebookNode] = {}
        self.own: list[tuple[str | None, NotebookNode]] = []
        self.told: list[str] = []
        self.kept: list[str] = []

    def merge(self) -> Merged:
        after = None
        for id, cell in zip(self.ids, self.copy.cells, strict=True):
            if id is not None:
                after = id
                self._take(id, cell)
            else:
                self._take_own(after, cell)
        self._tell_of_answers()
        return Merged(self._put(), self.kept, self.told)

    def _take(self, id: str, cell: NotebookNode) -> None:
        """Take the learner's part of a cell that the new edition has."""
        given = self.given[id]
        part = answers.role(given)
        if cell.source == given.source and cell.cell_type == given.cell_type:
            if part and cell.cell_type == "code":
                self.theirs[id] = cell  # with what it showed the learner
        elif self.laid.is_as_laid(cell):
            pass  # the learner left it alone: it is the course's
        elif cell.cell_type != given.cell_type:
            self.own.append((id, cell))
            self.told.append(f"{id} is a {given.cell_type} cell again; yours stands below it")
        elif part == answers.ANSWER:
            self._take_answer(id, cell)
        elif not self.laid.before:
            pass  # nobody knows who changed it; `_tell_of_answers` says so once
        elif part in COURSES:
            self.told.append(f"{id} is the course's again; your change is in the old copy")
        elif not self.laid.changed(cell, id):
            self.theirs[id] = cell
        else:
            self.own.append((id, cell))
            self.told.append(f"{id}: the course changed it too; yours stands below it")

    def _take_answer(self, id: str, cell: NotebookNode) -> None:
        self.theirs[id] = cell
        self.kept.append(id)
        if self.laid.before and self.laid.changed(cell, id):
            self.told.append(f"{id}: its starter changed; your answer is kept, compare notebooks/")

    def _take_own(self, after: str | None, cell: NotebookNode) -> None:
        """Take a cell that the new edition does not have, unless it was the course's alone."""
        if self.laid.is_as_laid(cell) or not (cell.source.strip() or cell.get("attachments")):
            return
        if self._is_own(cell):
            self.own.append((after, cell))
        elif answers.role(cell) == answers.ANSWER:
            gone = answers.exercise(cell) or called(cell)
            self.own += [(after, new_markdown_cell(GONE.format(gone))), (after, cell)]
            self.told.append(f"{gone} is no longer in the course; your answer stands at its place")
        elif answers.role(cell) in COURSES:
            self.told.append(f"{called(cell)} is gone; your change to it is in the old copy")
        else:
            self.own.append((after, cell))
            self.told.append(f"{called(cell)} is gone; yours stands at its place")

    def _is_own(self, cell: NotebookNode) -> bool:
        """Return whether a cell without a place is the learner's, or a copy of one that has a place."""
        if self.laid.before:
            return called(cell) in self.laid.now or called(cell) not in self.laid.before
        return called(cell) in self.laid.now or answers.role(cell) is None

    def _tell_of_answers(self) -> None:
        if not self.laid.before:
            self.told.append(
                "it says no more which edition it is of: text and demos are the course's, yours are "
                "in the old copy"
            )
        present = set(self.ids)
        for id in answers.answer_ids(self.edition):
            if id not in present and id in self.laid.before:
                self.told.append(f"{id} was deleted from your copy; its starter is back")
        answered = {answers.exercise(self.given[id]) for id in self.kept}
        for name in dict.fromkeys(filter(None, map(answers.exercise, self.edition.cells))):
            if name in answered and self._checks_changed(name):
                self.told.append(f"{name}: its checks changed; run them again")

    def _checks_changed(self, exercise: str) -> bool:
        return bool(self.laid.before) and any(
            self.laid.before.get(cell.id) != self.laid.now[cell.id]
            for cell in self.edition.cells
            if answers.exercise(cell) == exercise and answers.role(cell) in COURSES
        )

    def _put(self) -> NotebookNode:
        """Return the merged notebook: ``answers.put`` lays it, and outputs and notes come back."""
        sources = {id: self.theirs[id].source for id in self.kept}
        extras = tuple(Extra(after, cell.source) for after, cell in self.own)
        result = answers.put(Answers(sources, extras), self.edition)
        owned = {f"{OWN}{number}": cell for number, (_, cell) in enumerate(self.own, start=1)}
        result.cells = [
            _owned(owned[cell.id], cell.id) if cell.id in owned else self._course_cell(cell)
            for cell in result.cells
        ]
        return result

    def _course_cell(self, cell: NotebookNode) -> NotebookNode:
        if theirs := self.theirs.get(cell.id):
            cell.source = theirs.source
            for key in ("outputs", "execution_count", "attachments"):
                if key in theirs:
                    cell[key] = theirs[key]
        return cell


def _owned(cell: NotebookNode, id: str) -> NotebookNode:
    """Return a cell of the learner's own: as it is, but that it plays no part in the course."""
    cell = from_dict(cell)
    cell.id = id
    for key in ("revise", "nbgrader", "deletable", "editable"):
        cell.metadata.pop(key, None)
    return cell
