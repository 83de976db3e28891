"""Update the copies of a course, one by one: what happened to each is told, and none stops the rest."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from revise import desk
from revise.course import Course
from revise.errors import NoNotebooks, ReviseError, SectionMissing
from revise.grading.find import read
from revise.updating import keeping
from revise.updating.laid import digests
from revise.updating.merging import merge


@dataclass(frozen=True)
class Outcome:
    """What happened to one copy."""

    name: str
    said: str
    """In one line."""
    told: list[str] = field(default_factory=list)
    """The conflicts, a sentence each."""
    changed: bool = False
    failed: bool = False


def update(course: Course, sections: Iterable[str] = (), *, dry: bool = False) -> Iterator[Outcome]:
    """Bring the copies of ``sections`` (all by default) up to date; yield what happened to each.

    With ``dry`` nothing is written. Raises ``NoNotebooks``, ``UnknownSection``, and ``SectionMissing`` for a
    section that is not published; what befalls one copy is in its outcome.
    """
    published = sorted((course.root / "notebooks").glob("*.ipynb"))
    if asked := [course.section(name).notebook for name in sections]:
        for path in asked:
            if not path.is_file():
                raise SectionMissing.at(path, f"`revise build {path.stem}` publishes it.")
        published = list(dict.fromkeys(asked))
    if not published:
        raise NoNotebooks.at("notebooks")
    for path in published:
        try:
            yield _update_one(path, course.root / "work" / path.name, dry=dry)
        except ReviseError as error:
            yield Outcome(path.stem, str(error), failed=True)


def _update_one(published: Path, copy: Path, *, dry: bool) -> Outcome:
    if not copy.is_file():
        return Outcome(published.stem, "no copy in work/ yet; `revise lab` lays one")
    stamp = desk.stamp(published.read_bytes())
    edition = read(published)
    old = _bytes(copy)
    notebook = read(copy)
    laid_from = desk.laid_from(copy)
    if laid_from == stamp or (laid_from is None and _is_same_edition(notebook, edition)):
        return Outcome(published.stem, "unchanged")
    merged = merge(notebook, edition)
    said = f"{len(merged.kept)} answer{'s' * (len(merged.kept) != 1)} kept"
    if dry:
        return Outcome(published.stem, f"would be updated, {said}", merged.told, changed=True)
    kept = keeping.replace(copy, old, _text(merged.notebook).encode())
    told = merged.told + desk.remember(copy, stamp) + desk.trust([copy])
    said = f"updated, {said}; the old copy: {kept.parent.name}/{kept.name}"
    return Outcome(published.stem, said, told, changed=True)


def _is_same_edition(copy: NotebookNode, edition: NotebookNode) -> bool:
    """Return whether a copy, by the digests that it carries, is of this very edition."""
    return bool(digests(copy)) and digests(copy) == digests(edition)


def _bytes(copy: Path) -> bytes:
    try:
        return copy.read_bytes()
    except OSError:
        return b""  # `read` says why


def _text(notebook: NotebookNode) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a learner's own cell may have no id that nbformat likes
        return nbformat.writes(notebook) + "\n"
