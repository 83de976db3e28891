"""Bring edits made by hand in a built source notebook back into the section's text."""

from pathlib import Path

from revise.authoring.bare import bare_notebook
from revise.authoring.handwork import edited, read
from revise.authoring.section import Part, SectionText, parse
from revise.course import Section
from revise.errors import CannotAdopt, SectionMissing, SectionProblems


def adopt(section: Section) -> list[str]:
    """Write the edited cells of ``section``'s source notebook into its text; return their ids.

    The source of a code cell, of a hidden check and of plain Markdown is brought back. Raises
    ``CannotAdopt``, and changes nothing, when a cell was added, removed, or is one that the
    builder composes (a task, hints): the author's text is the place for these. Raises
    ``SectionMissing`` when the section is not built, ``EditedByHand`` when that is no notebook.
    """
    built = read(section.source)
    if built is None:
        raise SectionMissing.at(section.source, "There is nothing to adopt.")
    text = parse(section.text)
    bare = bare_notebook(text)
    sources = {cell.id: cell.source for cell in built.cells}
    parts = {cell.id: part for cell, part in zip(bare.cells, text.parts, strict=True)}
    changed = edited(built, bare)
    for cell in changed:
        if cell not in sources or cell not in parts:
            raise CannotAdopt.cell(cell, section.text, "it was added or removed")
        if parts[cell].role in ("task", "hint"):
            raise CannotAdopt.cell(cell, section.text, "the builder composes it")
    before = section.text.read_text(encoding="utf-8")
    lines = before.splitlines()
    # From the end, so that the lines above keep their numbers.
    for cell in sorted(changed, key=lambda cell: -parts[cell].cell.line):
        _replace(lines, parts[cell], _authored(parts[cell], sources[cell]), section.text, cell)
    section.text.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if not _reads_alike(section.text, text):
        section.text.write_text(before, encoding="utf-8")
        raise CannotAdopt.cell(", ".join(changed), section.text, "with it the text has other cells")
    return changed


def _authored(part: Part, source: str) -> list[str]:
    """Return the lines as the author writes them: a hidden check without its delimiters."""
    lines = source.splitlines()
    if part.cell.metadata.get("hidden"):
        begin, end = lines.index("### BEGIN HIDDEN TESTS"), lines.index("### END HIDDEN TESTS")
        lines = lines[begin + 1 : end]
    return lines


def _replace(lines: list[str], part: Part, new: list[str], path: Path, cell: str) -> None:
    start, old = part.cell.line - 1, part.cell.source.splitlines()
    if lines[start : start + len(old)] != old:
        raise CannotAdopt.cell(cell, path, "its lines are not found in the text")
    lines[start : start + len(old)] = new


def _reads_alike(path: Path, before: SectionText) -> bool:
    """Tell whether the text still has the same parts: an edit may hold a fence or a region."""
    try:
        after = parse(path)
    except SectionProblems:
        return False
    return [part.role for part in after.parts] == [part.role for part in before.parts]
