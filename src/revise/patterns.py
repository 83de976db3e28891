"""Take out of an output what differs from run to run: ports, times, tokens, addresses."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from nbval.plugin import get_sanitize_patterns

# One file for both readers: nbval takes its path, `sanitize` its contents.
PATTERNS = Path(str(files("revise") / "patterns.cfg"))


@cache
def patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the patterns in their order, each with its replacement."""
    pairs = get_sanitize_patterns(PATTERNS.read_text(encoding="utf-8"))
    return tuple((re.compile(regex), replace) for regex, replace in pairs)


def sanitize(text: str) -> str:
    """Return ``text`` with everything that differs from run to run replaced by a fixed example.

    Cleaning what is clean changes nothing: ``sanitize(sanitize(text)) == sanitize(text)``.
    """
    for regex, replace in patterns():
        text = regex.sub(replace, text)
    return text
