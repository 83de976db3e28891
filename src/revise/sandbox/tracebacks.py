"""Where in the learner's files it happened: from exceptions, tasks and dumps of a hung process."""

import os
import re
import traceback

# faulthandler: `  File "/path/views.py", line 12 in book_list`
DUMPED_FRAME = re.compile(
    r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<name>.*)$', re.MULTILINE
)


def inside(path, folder):
    """Return ``path`` relative to the project in ``folder``, or None when it lies elsewhere."""
    if path.startswith("<"):  # "<shell>", "<frozen importlib._bootstrap>"
        return None
    path = os.path.realpath(path)
    folder = os.path.join(os.path.realpath(folder), "")
    return path[len(folder) :] if path.startswith(folder) else None


def place(exception, folder):
    """Return ``"catalog/views.py line 12"``: the innermost frame in the project, or None."""
    found = None
    if isinstance(exception, SyntaxError) and exception.filename:
        name = inside(exception.filename, folder)
        if name:
            return f"{name} line {exception.lineno}"
    for frame, line in traceback.walk_tb(exception.__traceback__):
        name = inside(frame.f_code.co_filename, folder)
        if name:
            found = f"{name} line {line}"
    return found


def innermost(exception, folder):
    """Return ``(exception, place)``: of a chain, the first one that names a file of the project.

    Django raises its own error from the learner's (a template's, a database's): where the outer
    one has no frame in the project, a cause may.
    """
    seen = exception
    while seen is not None:
        found = place(seen, folder)
        if found:
            return exception, found
        seen = seen.__cause__ or seen.__context__
    return exception, None


def one_line(exception, folder, form="{what}, {where}"):
    """Return ``"NameError: name 'x' is not defined, catalog/views.py line 12"``."""
    exception, where = innermost(exception, folder)
    name = type(exception).__name__
    message = " ".join(_without(folder, _message(exception)).split())
    what = f"{name}: {message}" if message else name
    return form.format(what=what, where=where) if where else what


def _message(exception):
    if isinstance(exception, SyntaxError):
        return exception.msg or ""
    try:
        return str(exception)
    except Exception:  # the learner's own __str__ may raise
        return ""


def _without(folder, text):
    """Return ``text`` with the project's files named from the project on."""
    return text.replace(os.path.join(os.path.realpath(folder), ""), "")


def learner_text(exception, folder):
    """Return the traceback as text, from the first frame in the project on.

    An error with no frame in the project (a bad setting) keeps only its last lines.
    """
    frames = traceback.extract_tb(exception.__traceback__)
    first = next((i for i, frame in enumerate(frames) if _shown(frame, folder)), len(frames))
    kept = [frame for frame in frames[first:] if not _is_importing(frame)]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(kept)] if kept else []
    lines += traceback.format_exception_only(exception)
    return _without(folder, "".join(lines))


def _is_importing(frame):
    """Say whether the frame only carries an import on; a dozen of them hide the learner's two."""
    return frame.filename.startswith("<frozen ") or frame.filename.endswith("importlib/__init__.py")


def _shown(frame, folder):
    return frame.filename == "<shell>" or inside(frame.filename, folder)


def place_in_dump(dump, folder):
    """Return the innermost place in the project in a dump by faulthandler, or None.

    A thread's frames are dumped most recent first, so the first of them is the innermost.
    """
    for frame in DUMPED_FRAME.finditer(dump):
        name = inside(frame["file"], folder)
        if name:
            return f"{name} line {frame['line']}"
        if frame["file"] == "<shell>":
            return f"line {frame['line']} of the code"
    return None


def place_of_task(task, folder):
    """Return where in the project a suspended asyncio task waits, or None."""
    found, awaited = None, task.get_coro()
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None)
        if frame is not None and (name := inside(frame.f_code.co_filename, folder)):
            found = f"{name} line {frame.f_lineno}"
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
    return found
