"""Read a section's text: jupytext Markdown, as cells that know their line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import jupytext

from revise.authoring.problems import Problem
from revise.errors import SectionProblems


@dataclass(frozen=True)
class Cell:
    """One cell of a section's text and the line (from 1) on which its content starts."""

    kind: str
    """``markdown`` or ``code``."""
    source: str
    metadata: Mapping[str, object]
    line: int


def read(path: Path) -> list[Cell]:
    """Return the cells of the section text at ``path``.

    Raises ``SectionProblems`` when the file is not readable text or not a jupytext notebook.
    """
    try:
        text = path.read_text(encoding="utf-8")
        notebook = jupytext.reads(text, fmt="md")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise SectionProblems.of(
            [Problem(path, 1, None, f"cannot be read: {error}", "Write it as UTF-8 Markdown.")]
        ) from error
    if problem := _unclosed(path, text):
        raise SectionProblems.of([problem])
    lines = text.splitlines()
    cells: list[Cell] = []
    position = 0
    for cell in notebook.cells:
        position = _locate(cell.source, lines, position)
        # jupytext remembers blank lines here, for writing the text back.
        metadata = {key: value for key, value in cell.metadata.items() if "lines_to" not in key}
        cells.append(Cell(cell.cell_type, cell.source, metadata, position + 1))
        position += len(cell.source.splitlines())
    return cells


def _locate(source: str, lines: list[str], start: int) -> int:
    """Return the index of the line at or after ``start`` on which ``source`` begins.

    jupytext tells no line numbers. Cells keep their order, so the first line of each is
    searched from where the one before ended; a ``%%bash`` line that jupytext made of a fence's
    language stands nowhere in the text, so the line after it is looked for too.
    """
    wanted = [line for line in source.splitlines() if line.strip()][:2]
    for candidate in wanted:
        for index in range(start, len(lines)):
            if lines[index] == candidate:
                return index
    return min(start, max(len(lines) - 1, 0))


def _unclosed(path: Path, text: str) -> Problem | None:
    """Return a problem for a region or code fence that is opened and never closed."""
    region = fence = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("```"):
            ticks = len(line) - len(line.lstrip("`"))
            if fence is None:
                fence = (number, ticks)
            elif ticks >= fence[1] and not line.strip("`").strip():
                fence = None
        elif fence is None and line.startswith("<!-- #region"):
            if region:
                break
            region = number
        elif fence is None and line.startswith("<!-- #endregion"):
            region = None
    if region:
        mend = "End it with <!-- #endregion --> before the next one."
        return Problem(path, region, None, "a region is opened here and not closed", mend)
    if fence:
        mend = "End it with a line of the same number of backticks."
        return Problem(path, fence[0], None, "a code fence is opened here and not closed", mend)
    return None
