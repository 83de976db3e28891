"""Read a submission: find its notebook, take its answers, say what was out of the ordinary."""

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from revise import answers
from revise.answers import Answers
from revise.errors import UnreadableSubmission
from revise.grading.intake import files, suspicion, timestamps
from revise.grading.intake.parse import LOST, parse
from revise.identity import grade_id

# A browser or a mail program adds an ending of its own.
ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")
MOST_CANDIDATES = 8
# Every later step copies and validates every cell.
MOST_OWN_CELLS = 10_000
MOST_NAMED = 3


@dataclass(frozen=True)
class Taken:
    """What was taken from a submission.

    ``reason`` says why there are no answers, or why they are not from the notebook that was asked
    for; ``notes`` what else the learner should know; both are shown to the learner. ``flags`` are
    the teacher's: ``{"cell": id or None, "reason": words}`` for what looks like tampering.
    """

    answers: Answers = field(default_factory=Answers)
    reason: str = ""
    notes: tuple[str, ...] = ()
    flags: tuple[dict, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A file that may be the notebook: what it holds, or why it holds nothing."""

    path: Path
    taken: Taken
    known: bool = False
    answered: int = 0

    @property
    def name(self) -> str:
        return files.printable(self.path.name)


def read(path: Path, edition: NotebookNode, expected: Collection[str] = ()) -> Taken:
    """Return what can be taken from the submission whose notebook should stand at ``path``.

    ``edition`` is what was handed out. The notebook of the right name is taken when it holds cells
    of the edition; else the other one in the folder that does, and of several the one with most
    answers. ``expected`` are the file names of the assignment's notebooks, if there are more.
    Nothing that a learner sends raises anything; without answers ``reason`` says why.
    """
    right = _candidate(path, edition)
    others = [
        other
        for other in files.find(path.parent, ENDINGS)
        if other != path and (other.parent != path.parent or other.name not in expected)
    ]
    chosen = right if right.known else _instead(right, others, edition)
    ignored = [other for other in others if other != chosen.path and other.parent == path.parent]
    notes = [*chosen.taken.notes, *_about_ignored(chosen, ignored), *timestamps.notes(path.parent)]
    return replace(chosen.taken, notes=tuple(notes), flags=chosen.taken.flags + _links(path))


def _candidate(path: Path, edition: NotebookNode) -> Candidate:
    try:
        notebook = parse(files.read_file(path))
    except UnreadableSubmission as error:
        return Candidate(path, Taken(reason=str(error)))
    except Exception as error:  # the promise of this package, should all the care be in vain
        reason = UnreadableSubmission.not_a_notebook(f"{type(error).__name__} while reading it")
        return Candidate(path, Taken(reason=str(reason)))
    known = {cell.id for cell in edition.cells} | {grade_id(cell) for cell in edition.cells}
    notebook.cells = [cell for cell in notebook.cells if not _is_gone(cell, known)]
    ids = answers.identities(notebook, edition)
    if not any(ids):
        return Candidate(path, Taken(reason=_of_something_else(notebook)))
    given = answers.collect(notebook, ids, edition)
    starters = {cell.id: cell.source for cell in edition.cells}
    answered = [id for id, source in given.cells.items() if source.split() != starters[id].split()]
    taken = Taken(
        replace(given, extras=given.extras[:MOST_OWN_CELLS]),
        notes=tuple(_notes(notebook, ids, edition, given)),
        flags=tuple(suspicion.flags(notebook, ids, edition)),
    )
    return Candidate(path, taken, known=True, answered=len(answered) or bool(given.extras))


def _is_gone(cell: NotebookNode, known: set[str | None]) -> bool:
    """Return whether the cell is an older release's, as it was handed out: nobody's answer or own.

    ``known`` are the ids of the cells that the release has now.
    """
    about = cell.metadata.get("nbgrader", {})
    if cell.get("id") in known or grade_id(cell) in known or not about.get("checksum"):
        return False
    try:
        return about["checksum"] == compute_checksum(cell)
    except (KeyError, TypeError, ValueError):  # metadata of which a part is gone
        return False


def _of_something_else(notebook: NotebookNode) -> str:
    says = notebook.metadata.get("section")
    origin = f" It says that it is {files.printable(says)!r}." if says else ""
    return f"The notebook is not this assignment's: none of its cells is known.{origin}"


def _notes(
    notebook: NotebookNode, ids: list[str | None], edition: NotebookNode, given: Answers
) -> list[str]:
    notes = []
    if edited := suspicion.edited_checks(notebook, ids, edition):
        notes.append(f"Checks were edited; the course's own were used: {_listed(edited)}.")
    if any(LOST in source for source in given.cells.values()):
        notes.append(f"Characters that cannot be read were replaced by {LOST}.")
    if len(given.extras) > MOST_OWN_CELLS:
        notes.append(f"Of your own cells only the first {MOST_OWN_CELLS:,} were run.")
    return notes


def _instead(right: Candidate, others: list[Path], edition: NotebookNode) -> Candidate:
    """Return the candidate to grade in the place of ``right``, which holds no cell of the edition."""
    looked_at = [_candidate(other, edition) for other in others[:MOST_CANDIDATES]]
    known = [candidate for candidate in looked_at if candidate.known]
    reason = right.taken.reason
    if known:
        # max: the first of equals, so the nearest and then by name
        best = max(known, key=lambda candidate: candidate.answered)
        several = "the one with most answers" if len(known) > 1 else "which holds its cells"
        reason += f" {best.name!r} was graded in its place, {several}."
        return replace(best, taken=replace(best.taken, reason=reason))
    if looked_at:
        listed = " ".join(f"{one.name!r}: {one.taken.reason}" for one in looked_at[:MOST_NAMED])
        reason += f" There are other files. {listed}"
    return replace(right, taken=replace(right.taken, reason=reason))


def _about_ignored(chosen: Candidate, ignored: list[Path]) -> list[str]:
    if not chosen.known or not ignored:
        return []
    listed = _listed([repr(files.printable(path.name)) for path in ignored])
    return [f"Only {chosen.name!r} was graded, and not: {listed}."]


def _listed(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _links(path: Path) -> tuple[dict, ...]:
    """Return a flag where the notebook is a link out of the folder: no tool makes one by itself."""
    try:
        target = os.path.join(path.parent, os.readlink(path))
    except OSError:
        return ()  # no link
    if Path(os.path.realpath(target)).is_relative_to(os.path.realpath(path.parent)):
        return ()
    shown = files.printable(target)
    return (suspicion.flag(None, f"the notebook is a link out of its folder, to {shown!r}"),)
