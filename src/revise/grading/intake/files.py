"""Open what a learner sent, whatever it is: nothing here follows a link, waits or fills the memory.

A submission's folder may hold links to other people's files, named pipes that nobody writes to,
devices, sockets, files that may not be read, and a million of anything.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from revise.errors import UnreadableSubmission

MOST_BYTES = 50 * 2**20
"""A notebook with many pictures in its outputs has tens of megabytes; only its answers are kept."""
MOST_ENTRIES = 2_000
DEEPEST = 2
LEFT_OUT = {"sandbox", "feedback", "node_modules", "__pycache__"}
# No link is followed, and opening a pipe returns at once.
CAREFULLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of the regular file at ``path``; raise ``UnreadableSubmission`` otherwise.

    A file of more than ``most`` bytes is not read at all.
    """
    try:
        # Before it is opened: to open a device may already do something.
        _require_file(path.lstat())
        descriptor = os.open(path, CAREFULLY)
        with open(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            _require_file(about)
            if about.st_size > most:
                raise UnreadableSubmission.too_large(about.st_size, most)
            data = file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableSubmission.missing(printable(path.name)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableSubmission.not_readable(reason.lower()) from None
    if len(data) > most:
        raise UnreadableSubmission.too_large(len(data), most)
    return data


def find(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """Return the regular files below ``folder`` whose names end so, in order, the nearest first.

    Looks into two levels of folders and at a bounded number of entries, and follows no link.
    """
    found = [path for path in _files(folder, 0, [MOST_ENTRIES]) if _ends(path, endings)]
    return sorted(found, key=lambda path: (len(path.parts), path.name))


def printable(name: str) -> str:
    """Return a learner's file name as it can be shown in one line, in any encoding."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return shown if len(shown) <= 80 else f"{shown[:79]}…"


def _require_file(about: os.stat_result) -> None:
    kind = stat.S_IFMT(about.st_mode)
    if kind != stat.S_IFREG:
        raise UnreadableSubmission.not_a_file(KINDS.get(kind, "something else"))


def _files(folder: Path, depth: int, left: list[int]) -> Iterator[Path]:
    folders = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                left[0] -= 1
                if left[0] < 0:
                    return
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)
                elif entry.is_dir(follow_symlinks=False) and _worth_a_look(entry.name):
                    folders.append(Path(entry.path))
    except OSError:
        return  # not a folder, or not ours to read: then there is nothing to find
    for inner in folders if depth < DEEPEST else ():
        yield from _files(inner, depth + 1, left)


def _worth_a_look(name: str) -> bool:
    return not name.startswith(".") and name not in LEFT_OUT


def _ends(path: Path, endings: tuple[str, ...]) -> bool:
    return path.name.lower().endswith(endings)
