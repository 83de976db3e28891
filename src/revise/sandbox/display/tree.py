"""A project's files as a tree, drawn as the command ``tree`` draws it."""

from fnmatch import fnmatch
from pathlib import Path

from .markup import count, visible

# Made by running the project, not written by anyone: they would hide the files to read.
HIDDEN = (".*", "__pycache__", "*.pyc", "*.sqlite3*", "*.log", "*.pid", "*.sock")


class Tree:
    """The files under ``path`` when it is shown; its ``str`` is the tree."""

    def __init__(self, path):
        self.path = Path(path)

    def __str__(self):
        return tree_text(self.path)

    __repr__ = __str__

    def _repr_mimebundle_(self, include=None, exclude=None):
        return tree_bundle(self.path)


def tree_bundle(path):
    """Return the MIME bundle of the tree under ``path``. Raises ``OSError`` when it is no folder."""
    return {"text/plain": tree_text(path)}


def tree_text(path):
    """Return the tree: folders and files by name, and how many of each."""
    folder = Path(path)
    lines, folders = [], 0
    for line, is_folder in branches(folder):
        lines.append(line)
        folders += is_folder
    total = f"{count(folders, 'directory')}, {count(len(lines) - folders, 'file')}"
    return "\n".join([f"{visible(folder.resolve().name)}/", *lines, "", total])


def branches(folder, indent=""):
    """Yield ``(line, is a folder)`` for all that is in ``folder``; links are named, not followed."""
    entries = sorted(
        (each for each in folder.iterdir() if not is_hidden(each.name)), key=lambda each: each.name
    )
    for entry in entries:
        last = entry is entries[-1]
        is_folder = entry.is_dir() and not entry.is_symlink()
        yield (
            f"{indent}{'└── ' if last else '├── '}{visible(entry.name)}{'/' if is_folder else ''}",
            is_folder,
        )
        if is_folder:
            yield from branches(entry, indent + ("    " if last else "│   "))


def is_hidden(name):
    """Say whether a file or folder of this name is left out."""
    return any(fnmatch(name, pattern) for pattern in HIDDEN)
