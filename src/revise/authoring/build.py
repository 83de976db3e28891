"""Build a section: ``sections/NN.md`` → ``source/NN/NN.ipynb`` and ``notebooks/NN.ipynb``."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode, from_dict

from revise import execution, files
from revise.authoring.bare import bare_notebook
from revise.authoring.editions import instructor_edition, learner_edition
from revise.authoring.handwork import edited, read, seal
from revise.authoring.lint import lint
from revise.authoring.section import SectionText, parse
from revise.course import Section
from revise.errors import EditedByHand, ReferenceFailed, SectionMissing, SectionProblems


def load(section: Section) -> SectionText:
    """Return the parsed text of ``section``, which keeps every rule that can be read off it.

    Raises ``SectionMissing`` when it is not written, ``SectionProblems`` when it breaks a rule.
    """
    if not section.text.is_file():
        raise SectionMissing.at(section.text, f"`revise new {section.name}` lays a skeleton.")
    text = parse(section.text)
    if problems := lint(text, section):
        raise SectionProblems.of(problems)
    return text


def build(section: Section, *, force: bool = False) -> list[Path]:
    """Run the section's reference solutions, write both editions, and return their paths.

    The same text builds the same bytes. With ``force`` an edit made by hand in a built file is
    overwritten. Raises ``EditedByHand`` where it would be lost otherwise, ``ReferenceFailed``
    when a reference solution does not earn its points, and what ``load`` raises.
    """
    bare = bare_notebook(load(section))
    if not force:
        _refuse_to_lose_handwork(section, bare)
    instructor = instructor_edition(_executed(section, bare))
    return [
        _write(section.source, instructor),
        _write(section.notebook, learner_edition(instructor)),
    ]


def stale(section: Section) -> list[str]:
    """Return one line for each built file that is not what the section's text would give.

    Nothing runs: the stored outputs are taken as they are, and nbval compares those.
    """
    bare = bare_notebook(load(section))
    stored = read(section.source)
    if stored is None:
        return [f"{section.source} is not built"]
    outputs = {cell.id: cell for cell in stored.cells if cell.cell_type == "code"}
    for cell in bare.cells:
        if cell.cell_type == "code" and cell.id in outputs:
            cell.outputs = outputs[cell.id].outputs
            cell.execution_count = outputs[cell.id].execution_count
    instructor = instructor_edition(bare)
    wanted = {section.source: instructor, section.notebook: learner_edition(instructor)}
    return [
        f"{path} is not what {section.text.name} says"
        for path, notebook in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != _text(notebook)
    ]


def _executed(section: Section, bare: NotebookNode) -> NotebookNode:
    executed = execution.execute(bare)
    if failures := list(_failures(executed)):
        raise ReferenceFailed.of(section.name, failures)
    return executed


def _failures(executed: NotebookNode) -> Iterator[str]:
    for cell in executed.cells:
        if cell.cell_type != "code":
            continue
        if said := execution.complaint(cell):
            yield f"{cell.id}: {said.strip().splitlines()[0]}"
        elif cell.execution_count is None and cell.source.strip():
            yield f"{cell.id}: the kernel had died before this cell ran"
    for mark in execution.marks(executed):
        if mark.points < mark.of and not mark.words:
            yield f"{mark.cell}: it earned {mark.points:g} of {mark.of:g} points"


def _refuse_to_lose_handwork(section: Section, bare: NotebookNode) -> None:
    editions = {section.source: bare, section.notebook: learner_edition(bare)}
    mends = {
        section.source: f"`revise adopt {section.name}` brings the edit into {section.text.name}; "
        "`revise build --force` throws it away.",
        section.notebook: "Answer in work/ instead (`make lab`); `revise build --force` throws the edit away.",
    }
    for path, fresh in editions.items():
        built = read(path)
        if built is not None and (cells := edited(built, fresh)):
            raise EditedByHand.at(path, f"Cells: {', '.join(map(str, cells))}. {mends[path]}")


def _text(notebook: NotebookNode) -> str:
    return nbformat.writes(seal(from_dict(notebook))) + "\n"


def _write(path: Path, notebook: NotebookNode) -> Path:
    files.replace(path, _text(notebook).encode())
    return path
