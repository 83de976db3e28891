"""Which files make a project what it is, and how to tell that one of them was saved."""

import os
import re
import sys
from fnmatch import translate
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader

# What a running project writes by itself: no reason to load it again.
WRITTEN_WHILE_RUNNING = (
    *("*.sqlite3*", "*.log", "*.pid", "*.sock", "*.pyc"),
    *("celerybeat-schedule*", ".coverage*"),
)
# One pattern: every file is held against it with every request.
_WRITTEN = re.compile("|".join(map(translate, WRITTEN_WHILE_RUNNING)))
FOLDERS_LEFT_OUT = ("__pycache__", "media", "staticfiles", "node_modules")


def project_files(folder):
    """Yield an ``os.DirEntry`` for each file of the project: what a person wrote there."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in FOLDERS_LEFT_OUT:
                    yield from project_files(entry.path)
            elif not _WRITTEN.match(entry.name):
                yield entry


def stamp(folder):
    """Return a value that changes when a file of the project is saved, made or removed.

    Nanoseconds, inode and size: two saves within a second, of the same size, are told apart.
    Raises FileNotFoundError when the folder is gone.
    """
    found = []
    for entry in project_files(folder):
        try:
            status = entry.stat()
        except FileNotFoundError:
            continue  # removed since it was listed, or a link to nowhere
        found.append(
            (entry.path, status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        )
    return tuple(found)


class SourceOnlyLoader(SourceFileLoader):
    """Compiles the source each time: byte code is dated to the whole second.

    A learner's terminal writes ``.pyc`` files into the project; after two saves of the same size
    within a second they hold the first.
    """

    def path_stats(self, path):
        raise OSError("no byte code for a sandbox project")


def import_from_source(folder):
    """From now on, import what is in ``folder`` from its source only (in this process)."""
    finder_for = FileFinder.path_hook((SourceOnlyLoader, SOURCE_SUFFIXES))
    inside = os.path.join(folder, "")

    def hook(path):
        if path != folder and not path.startswith(inside):
            raise ImportError("not the project's")
        return finder_for(path)

    sys.path_hooks.insert(0, hook)
    # Not the other finders: they would list every package again.
    sys.path_importer_cache.pop(folder, None)
