"""Backend Revise: a Jupyter course for people who revise backend development.

A notebook needs two names, and one line that teaches it to show what they give::

    %load_ext revise
    from revise import Project, said
"""

from .probe import probe
from .sandbox.project import Project
from .sandbox.responses import said

__all__ = ["Project", "load_ipython_extension", "probe", "said", "unload_ipython_extension"]


def load_ipython_extension(shell):
    """Set up the notebook: ``%load_ext revise``."""
    from .extension import load_ipython_extension as load

    load(shell)


def unload_ipython_extension(shell):
    """Undo it: ``%unload_ext revise``."""
    from .extension import unload_ipython_extension as unload

    unload(shell)
