"""What a copy in ``work/`` was laid from, read off the copy itself.

A built notebook carries a digest of each of its cells (``metadata.revise.digests``), and a copy keeps
them. They tell an untouched starter from an answer, a demo that the learner changed from one that the
course changed, and a cell that the course took back from one of the learner's own. So neither the old
edition nor git's history is needed.
"""

from collections import Counter

from nbformat import NotebookNode

from revise import answers
from revise.digest import digest
from revise.identity import grade_id


class Laid:
    """The edition that ``copy`` was laid from, as far as its digests tell, beside the new ``edition``."""

    def __init__(self, copy: NotebookNode, edition: NotebookNode):
        self.before = digests(copy)
        self.now = {cell.id: digest(cell.cell_type, cell.source) for cell in edition.cells}
        self.exercises = {cell.id for cell in edition.cells if answers.exercise(cell)}
        self._unique = _by_digest(self.now)
        self._unique_before = _by_digest(self.before)

    def identities(self, copy: NotebookNode, edition: NotebookNode) -> list[str | None]:
        """Return for each cell of ``copy`` the id of the cell of ``edition`` that it is, or None.

        Ids of cells outside exercises count the cells under a heading, and move when one comes in:
        there a text that stands once in both editions says more than the id. A cell of the old
        edition that the new one has not is nobody's, and takes no new neighbour's place.
        """
        renamed = {id: self._new_id(id) for id in self.before}
        names = [called(cell) for cell in copy.cells]
        known = [renamed.get(name, name) for name in names]
        gone = [name in renamed and renamed[name] is None for name in names]
        first: dict[str, int] = {}
        for index, id in enumerate(known):
            first.setdefault(id, index)
        shadows = [
            NotebookNode(cell, id=id if first[id] == index else None)
            for index, (cell, id) in enumerate(zip(copy.cells, known, strict=True))
            if not gone[index]
        ]
        found = iter(answers.identities(NotebookNode(cells=shadows), edition))
        return [None if is_gone else next(found) for is_gone in gone]

    def is_as_laid(self, cell: NotebookNode) -> bool:
        """Return whether ``cell`` of the copy is as the old edition had it."""
        return self.before.get(called(cell)) == digest(cell.cell_type, cell.source)

    def changed(self, cell: NotebookNode, id: str) -> bool:
        """Return whether the course changed ``cell`` since, which is ``id`` now; True when unknown."""
        return self.before.get(called(cell)) != self.now[id]

    def _new_id(self, id: str) -> str | None:
        seen = self.before[id]
        if id not in self.exercises and self._unique_before.get(seen) == id:
            moved = self._unique.get(seen)
            if moved is not None and moved not in self.exercises:
                return moved
        return id if id in self.now else None


def digests(notebook: NotebookNode) -> dict[str, str]:
    """Return the digests that a built notebook carries, by cell id; none where they were lost."""
    found = notebook.metadata.get("revise", {}).get("digests", {})
    return dict(found) if isinstance(found, dict) else {}


def called(cell: NotebookNode) -> str | None:
    """Return the id that a cell of a copy goes by, in formats without cell ids too."""
    return cell.get("id") or grade_id(cell)


def _by_digest(digests: dict[str, str]) -> dict[str, str]:
    """Return the ids by digest, of the digests that stand once."""
    counts = Counter(digests.values())
    return {seen: id for id, seen in digests.items() if counts[seen] == 1}
