"""Write files so that there is never half of one."""

import contextlib
import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step; its folder is made where there is none.

    An interruption leaves what was there before, whole. Raises OSError when it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def write_new(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, where nothing may be, not even a dangling link.

    Raises FileExistsError when something is, and OSError when it cannot be written: then no half
    file is left, which would be kept for ever.
    """
    with path.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
