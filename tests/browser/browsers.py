"""Which browser the tests drive: the system's own, never a download."""

import os

from revise.browser import program

__all__ = ["ADVICE", "flags", "program", "unwanted"]

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


def flags() -> list[str]:
    # Chromium's own sandbox refuses to start for root.
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
