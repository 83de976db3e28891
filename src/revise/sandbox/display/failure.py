"""A failing check in a notebook: its words first, then what was compared, then where.

IPython's own traceback of a failing check is dozens of lines, the words at their very end. An
assert of the notebook's, an error of the course's own and an answer that is not written yet are
each shown in a few lines. Any other exception is the learner's to read: it keeps its traceback.
The cell fails all the same: nbgrader, nbval and nbconvert see an ``error`` output.
"""

import ast
import linecache
import os
import textwrap
import traceback
from dataclasses import dataclass

from revise.errors import NotAttempted, ReviseError, SandboxError

from .markup import visible
from .trace import is_library

SHOWN = (AssertionError, NotImplementedError, ReviseError)
# What nbgrader puts in the place of a solution (ClearSolutions.code_stub).
STUB = "YOUR CODE HERE"
WRONG, BLANK = "✗", "○"
# No colour: JupyterLab shows an error on red, where red and yellow letters are hard to read.
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
# JupyterLab and nbgrader's pages break long lines of an error in the middle of a word, or never.
WIDTH = 76


@dataclass(frozen=True)
class Failure:
    """The words, what pytest's introspection adds, the places that led there; and a sign."""

    words: str
    compared: str = ""
    places: tuple = ()
    sign: str = WRONG


def show(shell, etype, value, tb, failure, tb_offset=None):
    """Show an exception as ``failure`` says it, or by its whole traceback when that is None.

    IPython ignores what a handler returns, so it shows by itself, through the hook that IPython
    has for exceptions that render themselves: so the output is an ordinary error output.
    """
    if failure is None:
        shell.showtraceback((etype, value, tb), tb_offset=tb_offset)
        return
    lines = render(failure, coloured=shell.colors.lower() != "nocolor")
    value._render_traceback_ = lambda: lines
    try:
        shell.showtraceback((etype, value, tb))
    finally:
        # The exception lives on (`sys.last_value`, a pickle): leave it as it was raised.
        del value._render_traceback_


def explain(shell, value, tb):
    """Return the `Failure`, or None when the exception deserves its whole traceback."""
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(tb)
        if not frame.f_globals.get("__name__", "").startswith(("revise.", "IPython."))
    ]
    own = [(frame, line) for frame, line in frames if is_own(shell, frame)]
    places = tuple(place(shell, frame, line) for frame, line in own)
    if isinstance(value, ReviseError):
        return explain_error(value, places)
    if not own or own[-1] != frames[-1]:
        return None  # a library's assert, reached through the learner's code
    if isinstance(value, AssertionError):
        return explain_assertion(value, own[-1], places)
    return explain_stub(value, own[-1][0], places)


def explain_error(value, places):
    """Return the `Failure` of one of the course's own errors."""
    words = visible(value)
    if isinstance(value, NotAttempted):
        return Failure(words, places=places, sign=BLANK)
    if isinstance(value, SandboxError):
        words = f"the sandbox failed, not your answer: {words}"
    return Failure(words, places=places)


def explain_assertion(value, innermost, places):
    """Return the `Failure` of an assert; one without words is its own words."""
    # pytest appends its introspection to the author's words, on lines of their own.
    words, mark, compared = f"\n{visible(value)}".rpartition("\nassert ")
    compared = f"assert {compared}" if mark else ""
    words = words.strip("\n") if mark else visible(value)
    if not words:
        words, _, compared = (compared or asserted(*innermost)).partition("\n")
    return Failure(words, compared, places)


def explain_stub(value, frame, places):
    """Return the `Failure` of an answer that is still nbgrader's stub, else None."""
    if STUB not in str(value):
        return None
    name = frame.f_code.co_name
    what = "this cell" if name.startswith("<") else f"{name}()"
    words = (
        f"not attempted: {what} still says {STUB}. Write your answer there, and run its cell again."
    )
    return Failure(words, places=places, sign=BLANK)


def is_own(shell, frame):
    """Say whether a frame runs the notebook's code or a learner's file."""
    filename = frame.f_code.co_filename
    return bool(shell.compile.format_code_name(filename)) or not (
        filename.startswith("<") or is_library(filename)
    )


def place(shell, frame, line):
    """Return ``In[3], line 2:  assert …``, or the file in the place of the cell's name."""
    filename = frame.f_code.co_filename
    named = shell.compile.format_code_name(filename)
    where = named[1] if named else os.path.relpath(filename)
    source = asserted(frame, line) or linecache.getline(filename, line).strip()
    return f"{where}, line {line}:  {visible(source)}"


def asserted(frame, line):
    """Return the assert statement at ``line`` without its words, or ``""`` when there is none."""
    source = "".join(linecache.getlines(frame.f_code.co_filename))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.lineno <= line <= node.end_lineno:
            return f"assert {ast.get_source_segment(source, node.test)}"
    return ""


def render(failure, coloured=True):
    """Return the blocks of the error output, each of one or more lines."""
    head, _, more = failure.words.partition("\n")
    indented = "\n".join(f"    {line}" for line in failure.compared.split("\n"))
    blocks = [
        styled(wrapped(f"{failure.sign} {head}"), BOLD if coloured else ""),
        more,
        failure.compared and f"\n{indented}",
        failure.places and "\n" + styled("\n".join(failure.places), DIM if coloured else ""),
    ]
    return [block for block in blocks if block]


def wrapped(text):
    """Return one line as lines of ``WIDTH``, broken between words."""
    return "\n".join(
        textwrap.wrap(
            text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )
    )


def styled(text, style):
    """Return ``text`` in an ANSI style, set again on each line: some readers reset it there."""
    return "\n".join(f"{style}{line}{PLAIN}" for line in text.split("\n")) if style else text
