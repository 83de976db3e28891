"""Which cell of a notebook is which cell of the edition it was made from.

Tools take identity away: nbformat before 4.5 has no cell ids, Colab writes new ones, a converter
may drop the metadata. So a cell is known by, in this order:

1. its cell id;
2. nbgrader's ``grade_id`` in its metadata;
3. its text, when it is exactly that of one cell of the edition;
4. for an answer, its headline: the target of ``%%writefile``, or the first name it defines;
5. for an answer, its place: it stands where the answer stood, between the same two cells.

A later way is asked only about cells that the ways before left over, on both sides, and 3 to 5
only where the answer is unambiguous: one cell here and one there.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable

from nbformat import NotebookNode

FILE = re.compile(r"\s*%%(?:write)?file\s+(\S.*)")
NAME = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


def identify(
    cells: list[NotebookNode], edition: list[NotebookNode], answers: Iterable[str]
) -> list[str | None]:
    """Return for each of ``cells`` the id of the cell of ``edition`` that it is, or None.

    No id is given twice: where cells claim the same, the first has it. ``answers`` are the ids of
    the edition's answer cells.
    """
    matching = _Matching(cells, edition)
    matching.by_claim(lambda cell: cell.get("id"), same_type=False)
    matching.by_claim(grade_id, same_type=True)
    if matching.left_over():
        matching.by_likeness({cell.id for cell in edition}, lambda cell: cell.source.strip())
        matching.by_likeness(set(answers), headline)
        matching.by_place(set(answers))
    return matching.found


def grade_id(cell: NotebookNode) -> str | None:
    """Return nbgrader's id of a cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def headline(cell: NotebookNode) -> str | None:
    """Return what an answer is about: the file it writes, or the first name it defines."""
    if cell.cell_type != "code":
        return None
    if written := FILE.match(cell.source):
        return "file " + " ".join(written[1].split())
    named = NAME.search(cell.source)
    return f"name {named[1] or named[2]}" if named else None


class _Matching:
    def __init__(self, cells: list[NotebookNode], edition: list[NotebookNode]):
        self.cells, self.edition = cells, edition
        self.found: list[str | None] = [None] * len(cells)
        self.missing = {cell.id: cell for cell in edition}

    def left_over(self) -> bool:
        return bool(self.missing) and None in self.found

    def by_claim(self, claim, *, same_type: bool) -> None:
        known = {claim(cell): cell.id for cell in self.edition if claim(cell)}
        for index, cell in self._unknown():
            id = known.get(claim(cell))
            if id in self.missing and not (
                same_type and cell.cell_type != self.missing[id].cell_type
            ):
                self._settle(index, id)

    def by_likeness(self, wanted: set[str], key) -> None:
        there = _grouped((key(cell), cell.id) for cell in self.edition if cell.id in wanted)
        here = _grouped((key(cell), index) for index, cell in self._unknown())
        for likeness, indices in here.items():
            ids = there.get(likeness, [])
            if len(indices) == len(ids) == 1 and ids[0] in self.missing:
                self._settle(indices[0], ids[0])

    def by_place(self, wanted: set[str]) -> None:
        places = {id: index for index, id in enumerate(self.found) if id}
        run: list[str] = []
        before = -1
        for cell in [*self.edition, None]:
            if cell is not None and cell.id in self.missing:
                run.append(cell.id)
                continue
            after = len(self.cells) if cell is None else places[cell.id]
            # A hint or a task that is gone as well leaves the place as clear as before.
            if answers := [id for id in run if id in wanted]:
                self._settle_between(before, after, answers)
            run, before = [], after

    def _settle_between(self, before: int, after: int, answers: list[str]) -> None:
        between = [
            index
            for index, cell in self._unknown()
            # A cell of another edition's does not take the place of a neighbour that is new.
            if before < index < after and _is_code(cell) and self._may_be_ours(cell)
        ]
        if len(answers) == len(between):
            for index, id in zip(between, answers, strict=True):
                self._settle(index, id)

    def _may_be_ours(self, cell: NotebookNode) -> bool:
        return grade_id(cell) in (None, *(one.id for one in self.edition))

    def _unknown(self) -> list[tuple[int, NotebookNode]]:
        return [(index, cell) for index, cell in enumerate(self.cells) if self.found[index] is None]

    def _settle(self, index: int, id: str) -> None:
        self.found[index] = id
        del self.missing[id]


def _grouped(pairs: Iterable[tuple[Hashable, Hashable]]) -> dict[Hashable, list]:
    groups = defaultdict(list)
    for key, value in pairs:
        if key:
            groups[key].append(value)
    return groups


def _is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())
