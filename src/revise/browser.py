"""Which browser drives a page: the system's own, never a download."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def program() -> str | None:
    """Return the browser's program: REVISE_BROWSER, or what the machine has, or None."""
    named = os.environ.get("REVISE_BROWSER")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    installed = (str(path) for path in MACOS if path.exists())
    return next(filter(None, found), None) or next(installed, None)
