"""What a hostile submission is: what it answers, what it is after, what may come of it."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat import NotebookNode

FUNCTION, CLASS, DECORATOR = "trial-function", "trial-class", "trial-decorator"
PREDICTION, PAGE, MODULE = "trial-prediction", "trial-page", "trial-module"
POINTS = {FUNCTION: 4.0, CLASS: 3.0, DECORATOR: 3.0, PREDICTION: 1.0, PAGE: 4.0, MODULE: 4.0}
"""Every exercise of course.md, and its points."""
PLAIN = (FUNCTION, CLASS, DECORATOR, PREDICTION)
"""The exercises that need no project, and so take no time."""
START, END = "a-course-to-be-attacked-2", "trial-module--hint"
"""The cells that a learner's own cell may stand after: the setup, and the last of all."""

# What own cells that try something share. `held` and `ESCAPED` are read by the tests.
ATTEMPT = """
import os, sys, socket, signal, ctypes, time, subprocess

def attempt(what, action):
    try:
        got = action()
    except BaseException as error:
        print("held:", what, type(error).__name__, getattr(error, "errno", ""))
    else:
        print("ESCAPED:", what, repr(got)[:200])

libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
"""


@dataclass(frozen=True)
class Attack:
    """One submission, and what must hold when it is graded.

    In its code ``@NAME@`` and the like stand for what ``traps.Traps.words`` gives.
    """

    name: str
    after: str
    """What it tries to get, in words."""
    answers: dict[str, str] = field(default_factory=dict)
    """Code of answer cells, by exercise; the others stay as they were handed out."""
    own: tuple[tuple[str, str], ...] = ()
    """The learner's own cells: the id of the cell that each stands after, and its code."""
    right: tuple[str, ...] = ()
    """Exercises that hold the reference solution, and must earn every point of it."""
    at_most: dict[str, float] = field(default_factory=dict)
    """What an attacked exercise may earn; 0 where nothing is said."""
    shows: str = ""
    """Words that some output must hold: they tell that the attack really ran."""
    flag: bool | None = None
    """Whether the teacher must be told; None where either is well."""
    change: Callable[[NotebookNode], None] | None = None
    """What is done to the file itself."""

    def __str__(self) -> str:
        return self.name


def code(text: str) -> str:
    """Return code as it stands in a cell."""
    return textwrap.dedent(text).strip()


def trying(text: str) -> str:
    """Return code of an own cell that may call ``attempt``."""
    return f"{code(ATTEMPT)}\n\n{code(text)}"


def ending(name: str, text: str, **more) -> Attack:
    """Return an attack by the answer of the first exercise, which must not cost the second one."""
    return Attack(
        name,
        "the time, memory or life of the grader",
        answers={FUNCTION: code(text)},
        right=(CLASS,),
        **more,
    )
