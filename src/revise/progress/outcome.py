"""What came of a check that ran in the notebook, in favour of the learner.

Only an answer that was really tried can fail. A blank one, a failing sandbox, an interrupted cell,
and a check that was run before the cells it needs are no attempts: they say what to do, and count
for nothing.
"""

from dataclasses import dataclass, replace
from traceback import walk_tb

from revise.errors import NotAttempted, SandboxError
from revise.sandbox.display.failure import BLANK, STUB, WRONG, is_own

RIGHT = "✓"


@dataclass(frozen=True)
class Outcome:
    """A sign, whether it counts as an attempt, and why it does not where the error does not say so."""

    sign: str
    counts: bool = True
    why: str = ""

    @property
    def passed(self) -> bool:
        return self.sign == RIGHT


PASSED, FAILED, UNCOUNTED = Outcome(RIGHT), Outcome(WRONG), Outcome(BLANK, counts=False)
CHANGED = replace(
    UNCOUNTED, why="this check was changed. Undo that, or copy its text from notebooks/."
)


def outcome_of(shell, error: BaseException | None) -> Outcome:
    """Return what the end of a check means: ``error`` is what it raised, or None."""
    if error is None:
        return PASSED
    if isinstance(error, NotAttempted | SandboxError) or not isinstance(error, Exception):
        return UNCOUNTED
    if isinstance(error, NotImplementedError) and STUB in str(error):
        return UNCOUNTED
    if isinstance(error, NameError) and error.name and is_missing(shell, error):
        why = f"{error.name} is not defined. Run the exercise's cells above, then this one."
        return replace(UNCOUNTED, why=why)
    return FAILED


def is_missing(shell, error: NameError) -> bool:
    """Say whether the check itself asked for the name: not a function or file of the learner's."""
    own = [frame for frame, _ in walk_tb(error.__traceback__) if is_own(shell, frame)]
    return bool(own) and own[0].f_code.co_filename == own[-1].f_code.co_filename
