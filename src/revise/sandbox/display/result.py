"""What a ``manage.py`` command or shell code said, shown as in a terminal."""

from .markup import details, page, pre, visible
from .trace import shorten

SHOWN_LINES = 60


def result_bundle(result):
    """Return the MIME bundle of a result: stdout, stderr, what the last expression shows, exit status.

    ``result`` has ``stdout``, ``stderr``, ``returncode`` and ``display``, the bundle of the last
    expression or None. Its ``stderr`` stays whole; what is shown has the frames of libraries folded.
    """
    stdout, stderr = (
        visible(result.stdout).rstrip("\n"),
        visible(shorten(result.stderr)).rstrip("\n"),
    )
    shown = result.display or {}
    status = f"exit status {result.returncode}" if result.returncode else ""
    lines = [stdout, stderr, shown.get("text/plain", ""), status]
    bundle = {"text/plain": "\n".join(filter(None, lines)) or "(no output)"}
    if stderr or status or "text/html" in shown:
        last = shown.get("text/html") or pre(shown.get("text/plain", ""))
        bundle["text/html"] = page(
            long(stdout), long(stderr, "rv-bad"), last, pre(status, "rv-bad")
        )
    return bundle


def long(text, css=""):
    """Return text as HTML, its beginning folded when it is long: the end says how it went."""
    lines = text.split("\n")
    return details(
        f"{len(lines) - SHOWN_LINES} earlier lines", pre("\n".join(lines[:-SHOWN_LINES]), css)
    ) + pre("\n".join(lines[-SHOWN_LINES:]), css)
