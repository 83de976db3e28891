"""Whose folder is it? A project is laid only where the sandbox may, and held by one kernel."""

import contextlib
import errno
import fcntl
import os
import re
import shutil
import stat
from pathlib import Path

from ..errors import BadProjectName, DiskFull, FolderNotWritable, NotAText, NotOurFolder

SANDBOX = "sandbox"
MARKER = ".revise"
MARKER_TEXT = (
    "Laid by revise; laid afresh, without asking, when the notebook makes this Project again.\n"
)
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*\Z")
MOST_KERNELS = 1000
MOST_TEXT = 20_000_000  # bytes

_locks = {}  # folder → the open lock file; open as long as this process lives


def claim(name):
    """Return the folder for a project ``name``, under ``./sandbox``, held by this process.

    When another live kernel holds ``sandbox/name`` it is ``name-2``, ``name-3`` and so on. The lock
    disappears with the process. Raises BadProjectName, FolderNotWritable, NotOurFolder.
    """
    if not NAME.match(name):
        raise BadProjectName.named(name)
    with clear_errors(SANDBOX):
        base = Path.cwd() / SANDBOX
        base.mkdir(exist_ok=True)
        for number in range(1, MOST_KERNELS):
            folder = base / (name if number == 1 else f"{name}-{number}")
            if _lock(folder):
                return folder
    raise FolderNotWritable.at(base, f"{MOST_KERNELS} kernels hold a project {name}")


def _lock(folder):
    held = _locks.get(folder)
    if held is not None and held[0] == os.getpid():
        return True
    # Beside the folder, not in it: the folder is deleted when it is laid afresh.
    file = open(folder.with_name(f".{folder.name}.lock"), "a")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    except OSError:
        pass  # a file system without locks: go on without one
    _locks[folder] = (os.getpid(), file)
    return True


def read_text(path):
    """Return what the file at ``path`` says. Raises NotAText, and what open() raises."""
    # Without waiting for the other end of a pipe. A link may lead to a device that never ends.
    with open(path, "rb", opener=lambda *how: os.open(how[0], how[1] | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotAText.at(path, "it is a device or a pipe")
        data = file.read(MOST_TEXT + 1)
    if len(data) > MOST_TEXT:
        raise NotAText.at(path, f"it has more than {MOST_TEXT:,} bytes")
    return data.decode("utf-8").replace("\r\n", "\n")


def empty(folder):
    """Make ``folder`` an empty one that bears the marker; delete only what the sandbox laid."""
    with clear_errors(folder):
        if folder.is_symlink() or folder.exists():
            if folder.is_symlink() or not (folder / MARKER).is_file():
                raise NotOurFolder.at(shown(folder))
            _delete(folder)
        folder.mkdir()
        # First of all: a copy that is cut short can be deleted the next time.
        (folder / MARKER).write_text(MARKER_TEXT)


def _delete(folder):
    """Delete a laid folder; the marker goes last, so that a deletion cut short can go on."""
    for entry in folder.iterdir():
        if entry.name == MARKER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    shutil.rmtree(folder)


@contextlib.contextmanager
def clear_errors(path):
    """Turn the file system's errors at ``path`` into one clear line each."""
    try:
        yield
    except OSError as error:
        number, reason = _reason(error)
        if number in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull.at(shown(path)) from error
        raise FolderNotWritable.at(shown(path), reason) from error


def _reason(error):
    """Return ``(errno, words)``; `shutil.copytree` gathers its errors as texts only."""
    if isinstance(error, shutil.Error):
        text = str(error.args[0][0][2])
        found = re.match(r"\[Errno (\d+)\] ([^:]*)", text)
        return (int(found[1]), found[2].lower()) if found else (None, text)
    return error.errno, (error.strerror or str(error)).lower()


def shown(path):
    """Return ``path`` as a person at the notebook writes it: relative to the current folder."""
    try:
        return os.path.relpath(path)
    except FileNotFoundError:  # the current folder was deleted
        return str(path)
