"""What a learner needs of Django's debug page.

With ``DEBUG = True`` Django answers an error with a page of hundreds of lines: a style sheet,
every setting, the machine's paths. None of that belongs in a notebook. Its words stand in a few
elements, and the traceback as plain text in ``#traceback_area``.
"""

import re
from html.parser import HTMLParser

from .markup import visible
from .trace import TITLE, shorten

SECTIONS = ("summary", "template", "template-not-exist", "traceback_area")
# In the page of a 404 or of a CSRF failure these are words; in that of an exception, everything else.
INFO = "info"
MARK = re.compile(r"<code>DEBUG =\s+True</code>")
BLOCKS = ("h1", "p", "li", "pre", "tr", "textarea")
# Other rows of the summary name the machine: its address, its Python, its paths.
ROWS = ("Raised by:",)
MOST_LINES = 16


def is_debug_page(text):
    """Say whether this HTML is one of Django's own error pages for developers."""
    return 'id="summary"' in text and MARK.search(text) is not None


def read_debug_page(text):
    """Return ``(words, traceback)``: what the page says, and the learner's part of the traceback.

    Each may be empty: a 404 has no traceback.
    """
    has_traceback = 'id="traceback_area"' in text
    reader = _Reader(SECTIONS if has_traceback else (*SECTIONS, INFO))
    reader.feed(text)
    words = "\n".join(reader.lines[:MOST_LINES])
    return visible(shorten(words)), visible(shorten(reader.traceback))


class _Reader(HTMLParser):
    """Collects a line for each block inside of the sections, and the traceback."""

    def __init__(self, sections):
        super().__init__(convert_charrefs=True)
        self.sections = sections
        self.lines, self.words, self.traceback = [], [], ""
        self.section, self.depth, self.block = None, 0, None

    def handle_starttag(self, tag, attrs):
        if self.section is None and dict(attrs).get("id") in self.sections:
            self.section, self.depth = tag, 0
        if self.section is None:
            return
        self.depth += tag == self.section
        if tag in BLOCKS and self.block is None:
            self.block, self.words = tag, []

    def handle_data(self, data):
        if self.block:
            self.words.append(data)

    def handle_endtag(self, tag):
        if tag == self.block:
            self._keep("".join(self.words))
            self.block = None
        if tag == self.section:
            self.depth -= 1
            if not self.depth:
                self.section = self.block = None

    def _keep(self, text):
        line = " ".join(text.split())
        if self.block == "textarea":
            # Around it stand the settings, and once more what the words say.
            _, title, after = text.partition(TITLE)
            self.traceback = f"{title}{after.rpartition('Exception Type:')[0]}".rstrip()
        elif line and (self.block != "tr" or line.startswith(ROWS)):
            self.lines.append(f"  {line}" if self.block == "li" else line)
