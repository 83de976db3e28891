"""A log: its text, of which a notebook shows the end."""

from collections import UserString

from .markup import count, visible
from .trace import shorten

SHOWN_LINES = 40


# Not a str: IPython prints every str as Python source, quotes and all.
class Log(UserString):
    """The text of a log. Works as a string; shows its last lines."""

    def __repr__(self):
        return log_bundle(self.data)["text/plain"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        return log_bundle(self.data)


def log_bundle(text):
    """Return the MIME bundle of a log: its last 40 lines, and how many stand before them.

    In tracebacks the frames of libraries are folded first, or they would be all that is shown.
    """
    lines = visible(shorten(text)).rstrip("\n").split("\n")
    earlier, shown = lines[:-SHOWN_LINES], lines[-SHOWN_LINES:]
    if earlier:
        shown.insert(0, f"… {count(len(earlier), 'earlier line')}: print() shows the whole log")
    return {"text/plain": "\n".join(shown) if str(text).strip() else "(the log is empty)"}
