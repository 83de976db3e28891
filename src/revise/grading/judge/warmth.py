"""What the nursery imports before it forks: what cells of the course use, and nothing that looks at a setting.

A module that reads a setting of Django's when it is imported would keep what it read, and the
learner's own settings would be silently ignored. tests/grading/judge/test_warmth.py holds that.
No thread, event loop or connection is started: none survives a fork.
"""

import functools
import importlib

from revise.sandbox import preload

from .shell import Shell, make_shell

MODULES = (
    "IPython.core.magics",
    "_pytest.assertion.rewrite",
    "bs4",
    "decimal",
    "ipytest",
    "psycopg",
    "pytest",
    "requests",
    "requests_toolbelt.sessions",
    "revise.extension",
    "revise.sandbox.display.failure",
    "revise.sandbox.display.queryset",
    "revise.sandbox.display.response",
    "revise.sandbox.project",
    "revise.sandbox.responses",
    "revise.sandbox.result",
    "sqlite3",
    "sqlparse",
)


def warm_up() -> None:
    """Import everything, and make the shell that both sides of a submission are forked with."""
    preload.load()
    for name in MODULES:
        importlib.import_module(name)
    shell()


@functools.cache
def shell() -> Shell:
    """Return the shell of this process."""
    return make_shell()
