"""Which browser the tests drive: the system's own, never a download."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
ADVICE = (
    "the browser tests need Chromium or Chrome, and none was found: install it (Debian: apt install "
    "chromium), name its program in REVISE_BROWSER, or leave these tests out with REVISE_BROWSER=none"
)
# The tests stay on this machine: whatever a browser asks of others by itself is switched off.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def unwanted() -> bool:
    """Whether the person who runs the tests left the browser out."""
    return os.environ.get("REVISE_BROWSER") == "none"


def program() -> str | None:
    """Return the browser's program: REVISE_BROWSER, or what the machine has, or None."""
    named = os.environ.get("REVISE_BROWSER")
    if named:
        return shutil.which(named)
    found = (shutil.which(name) for name in NAMES)
    installed = (str(path) for path in MACOS if path.exists())
    return next(filter(None, found), None) or next(installed, None)


def flags() -> list[str]:
    # Chromium's own sandbox refuses to start for root.
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
