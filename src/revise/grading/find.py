"""Find what `revise check` was asked to check: a learner's notebook and its published edition.

A notebook composed of exercises of several sections (an exam, ``today``) has no published edition:
it is composed again from the published sections.
"""

import difflib
import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from revise import answers
from revise.composition import notebook as composition
from revise.course import Course, Section
from revise.errors import (
    NoCourse,
    NoSuchNotebook,
    NotANotebook,
    NotOfTheCourse,
    SectionMissing,
    UnknownSection,
)


@dataclass(frozen=True)
class Target:
    """A learner's notebook, as it was read, and the edition it is held against."""

    path: Path
    notebook: NotebookNode
    name: str
    """The name of its section, or of the composed notebook."""
    edition: NotebookNode


def find(asked: str) -> Target:
    """Return the notebook meant by ``asked``: a section's name (``02``), a composed notebook's (``quiz-7``), or a path.

    Of a section, the learner's copy in ``work/`` is taken, or the published notebook where there is
    none; of an exam, the copy in ``work/``, or the released one. Raises ``UnknownSection``,
    ``NoSuchNotebook``, ``NotANotebook``, ``NotOfTheCourse``, and ``SectionMissing`` when the section is
    not published.
    """
    if asked.endswith(".ipynb") or os.sep in asked or Path(asked).is_file():
        return _target(_existing(Path(asked)))
    course = Course.find()
    try:
        section = course.section(asked)
    except UnknownSection:
        if path := _composed_named(asked, course):
            return _target(path)
        raise
    path = section.work if section.work.is_file() else _published(section)
    return Target(path, read(path), section.name, read(_published(section)))


def _target(path: Path) -> Target:
    notebook = read(path)
    if composition.drawn(notebook):
        course = _course_of(path)
        edition = composition.edition(notebook, course)
        if edition is None:
            raise NotOfTheCourse.at(path, course.root)
        return Target(path, notebook, path.stem, edition)
    section = _section_of(path, notebook)
    return Target(path, notebook, section.name, read(_published(section)))


def _composed_named(name: str, course: Course) -> Path | None:
    places = (course.root / "work", course.root / "release" / name)
    found = (place / f"{name}.ipynb" for place in places)
    return next((path for path in found if path.is_file()), None)


def read(path: Path) -> NotebookNode:
    """Return the notebook at ``path``, in today's format. Raises ``NotANotebook``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older formats have no cell ids; nbgrader's serve
            notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except OSError as error:
        raise NotANotebook.at(path, error.strerror) from None
    except UnicodeDecodeError:
        raise NotANotebook.at(path, "it is not text") from None
    except nbformat.reader.NotJSONError:
        raise NotANotebook.at(path, "it is not JSON") from None
    except Exception as error:  # nbformat raises what its converters happen to meet
        raise NotANotebook.at(path, f"{type(error).__name__} while reading it") from None
    if not isinstance(notebook.get("cells"), list):
        raise NotANotebook.at(path, "it has no cells")
    return notebook


def _existing(path: Path) -> Path:
    if path.is_file():
        return path
    folder = path.parent if path.parent.is_dir() else Path()
    close = difflib.get_close_matches(
        path.name, [one.name for one in folder.glob("*.ipynb")], n=1, cutoff=0.5
    )
    raise NoSuchNotebook.at(path, folder / close[0] if close else None)


def _published(section: Section) -> Path:
    if not section.notebook.is_file():
        raise SectionMissing.at(section.notebook, f"`revise build {section.name}` makes it.")
    return section.notebook


def _section_of(path: Path, notebook: NotebookNode) -> Section:
    """Return the section a notebook was made from: it says so, or its name does, or its cells do."""
    course = _course_of(path)
    says = notebook.metadata.get("revise", {}).get("section")
    for section in course.sections:
        if section.name in (says, path.stem):
            return section
    ids = {cell.get("id") for cell in notebook.cells}
    for section in course.sections:
        if section.notebook.is_file() and ids & set(answers.answer_ids(read(section.notebook))):
            return section
    raise NotOfTheCourse.at(path, course.root)


def _course_of(path: Path) -> Course:
    try:
        return Course.find(path.parent)
    except NoCourse:
        return Course.find()  # a notebook somewhere else: the course is where the command runs
