"""The headings of Markdown texts: titles of notebooks and of exercises."""

import re

from nbformat import NotebookNode


def heading(text: str) -> str:
    """Return the first heading of a Markdown text, or nothing."""
    found = re.search(r"^#+ +(.+?)\s*$", text, re.MULTILINE)
    return found[1] if found else ""


def title(edition: NotebookNode | None) -> str:
    """Return the title of a notebook, its first heading; nothing where there is none."""
    cells = edition.cells if edition else ()
    texts = (cell.source for cell in cells if cell.cell_type == "markdown")
    return next(filter(None, map(heading, texts)), "")
