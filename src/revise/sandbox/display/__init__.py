"""How the sandbox shows itself in a notebook: every object as a MIME bundle.

A bundle is a dict of ``text/plain`` (always, and complete: a terminal, nbval and GitHub show
nothing else) and, where it helps, ``text/html``. Everything that came out of a learner's project
is escaped; the order of lines is the order of the data, so the same run gives the same bundle.

The names below are imported when they are first used: a fork that shows one QuerySet does not
pay for the rest, and none of them imports Django or requests before it has an object of theirs.
"""

from importlib import import_module

HOME = {
    "Frame": "frames",
    "Log": "log",
    "Tree": "tree",
    "frame": "frames",
    "frame_bundle": "frames",
    "log_bundle": "log",
    "queryset_bundle": "queryset",
    "response_bundle": "response",
    "result_bundle": "result",
    "rows_bundle": "rows",
    "shorten": "trace",
    "tree_bundle": "tree",
}
__all__ = sorted(HOME)


def __getattr__(name):
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOME[name]}"), name)
