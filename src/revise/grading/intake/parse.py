"""Make a sound notebook out of the bytes of any: only what answers are taken from is kept.

nbformat's own reader raises whatever its converters happen to meet, and lets through what breaks
every later step. So each cell is made anew from its type, its text and the few words of metadata
that say which cell it is. Outputs are left behind.
"""

import json
import math
from collections.abc import Iterator

from nbformat import NotebookNode

from revise.errors import UnreadableSubmission

# Objects and lists of one file; each takes memory, and even a long notebook has a tenth of this.
MOST_CONTAINERS = 2_000_000
# The metadata that says which cell it is and what was changed about it; see ``suspicion``.
KEPT = {
    "nbgrader": ("grade_id", "grade", "locked", "solution", "task", "points", "checksum"),
    "revise": ("exercise", "role", "behaviour", "hidden"),
}
LOST = "\N{REPLACEMENT CHARACTER}"


def parse(data: bytes) -> NotebookNode:
    """Return the notebook in ``data``, of any version of the format, in a sound shape.

    Its cells have ``cell_type``, ``source``, ``metadata`` with plain values only, and ``id`` where
    there was one; the notebook's metadata has ``section`` where it says so. Raises
    ``UnreadableSubmission`` where there is no notebook.
    """
    content = _json(_text(data))
    if not isinstance(content, dict):
        raise UnreadableSubmission.not_a_notebook("it is JSON of something else")
    cells = [cell for cell in map(_cell, _cells(content)) if cell is not None]
    if not cells:
        raise UnreadableSubmission.not_a_notebook("it has no cells")
    notebook = NotebookNode(cells=cells, metadata=NotebookNode())
    says = _dict(_dict(content.get("metadata")).get("revise")).get("section")
    if isinstance(says, str):
        notebook.metadata["section"] = clean(says)
    return notebook


def clean(text: str) -> str:
    """Return ``text`` as it can be stored and run: in Unicode, without NULs, its lines ended by LF.

    Half a character (a lone surrogate) can neither be written to a file nor be compiled.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n").replace("\0", LOST)


def _text(data: bytes) -> str:
    if data.count(b"[") + data.count(b"{") > MOST_CONTAINERS:
        raise UnreadableSubmission.not_a_notebook("it has too many parts")
    try:
        # UTF-8, UTF-16 or UTF-32, with a byte order mark or without
        text = data.decode(json.detect_encoding(data), "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # an editor on Windows saved it
    # A crashed machine leaves files that end in zeros.
    text = text.lstrip("\ufeff").rstrip("\0 \t\r\n")
    if not text:
        raise UnreadableSubmission.not_a_notebook("it is empty")
    return text


def _json(text: str) -> object:
    try:
        # Any number as a float: Python refuses to read a whole number of 5,000 digits.
        return json.loads(text, strict=False, parse_int=float)
    except RecursionError:
        raise UnreadableSubmission.not_a_notebook("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise UnreadableSubmission.not_a_notebook(_why(text, error)) from None


def _why(text: str, error: json.JSONDecodeError) -> str:
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        return "it is a web page. Save the notebook itself (.ipynb) and submit it"
    cut = error.pos >= len(text) or error.msg.startswith("Unterminated string")
    if cut and start.startswith("{"):
        return f"it was cut off (line {error.lineno}). Save it again and submit it"
    return f"it is not JSON (line {error.lineno})"


def _cells(content: dict) -> Iterator[object]:
    """Yield the cells of today's format, or those of the worksheets of nbformat 3 and older."""
    worksheets = content.get("worksheets")
    for holder in [content, *(worksheets if isinstance(worksheets, list) else ())]:
        cells = _dict(holder).get("cells")
        yield from cells if isinstance(cells, list) else ()


def _cell(raw: object) -> NotebookNode | None:
    raw = _dict(raw)
    # ``input`` in nbformat 2 and 3, ``code`` in 1
    source = next((raw[key] for key in ("source", "input", "code", "text") if key in raw), None)
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        return None  # a cell without a text is no answer
    kind = raw.get("cell_type", "code")
    cell = NotebookNode(
        cell_type=kind if kind in ("code", "markdown", "raw") else "markdown",
        metadata=_metadata(raw),
        source=clean(source),
    )
    if isinstance(raw.get("id"), str):
        cell["id"] = raw["id"]
    return cell


def _metadata(raw: dict) -> NotebookNode:
    metadata = _dict(raw.get("metadata"))
    kept = NotebookNode()
    for group, keys in KEPT.items():
        given = _dict(metadata.get(group))
        values = {key: given[key] for key in keys if _is_plain(given.get(key))}
        if values:
            kept[group] = NotebookNode(values)
    tags = metadata.get("tags")
    if isinstance(tags, list):
        kept["tags"] = [tag for tag in tags if isinstance(tag, str)]
    return kept


def _is_plain(value: object) -> bool:
    return isinstance(value, str | bool) or (isinstance(value, float) and math.isfinite(value))


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}
