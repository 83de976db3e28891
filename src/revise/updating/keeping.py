"""Put a new copy in the place of an old one, so that at no moment there is less than one."""

import contextlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from revise import files
from revise.errors import CannotUpdate

KEPT = "before-update"
"""The folder in ``work/``; not a hidden one, since JupyterLab shows none of those."""


def replace(copy: Path, old: bytes, new: bytes) -> Path:
    """Write ``new`` to ``copy``, whose content was ``old``; return where that is kept.

    A link stays a link: what it leads to is replaced. Raises ``CannotUpdate`` where something
    cannot be written, or when somebody else saved the copy meanwhile; then it is as it was.
    """
    kept = None
    try:
        kept = _keep(copy, old)
        target = copy.resolve()
        draft = _draft(target, new)
        try:
            if target.read_bytes() != old:
                raise CannotUpdate.saved_meanwhile(copy)
            os.replace(draft, target)
        except BaseException:
            draft.unlink(missing_ok=True)
            kept.unlink(missing_ok=True)
            raise
    except OSError as error:
        if kept is not None:
            with contextlib.suppress(OSError):
                kept.unlink(missing_ok=True)
        raise CannotUpdate.writing(copy, error.strerror or error) from error
    return kept


def _keep(copy: Path, content: bytes) -> Path:
    """Write ``content`` beside the copies, under a name that says when; it overwrites nothing."""
    folder = copy.parent / KEPT
    folder.mkdir(exist_ok=True)
    moment = f"{datetime.now():%Y-%m-%d-%H%M%S}"
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        path = folder / f"{copy.stem}.{moment}{suffix}.ipynb"
        try:
            files.write_new(path, content)
        except FileExistsError:
            number += 1
        else:
            return path


def _draft(target: Path, content: bytes) -> Path:
    """Write ``content`` to a file beside ``target``, with its permissions."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".draft", dir=target.parent)
    draft = Path(name)
    try:
        with open(descriptor, "wb") as file:
            _write(file, content)
        draft.chmod(target.stat().st_mode & 0o7777)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _write(file, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())
