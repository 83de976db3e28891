"""A bubblewrap as it is on a machine without user namespaces."""

from pathlib import Path


def forbidden_bwrap(folder: Path) -> None:
    """Lay a ``bwrap`` in ``folder`` that says what the real one says where it may make no namespace."""
    bwrap = folder / "bwrap"
    bwrap.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    bwrap.chmod(0o755)
