"""Instant marks: what a check earned, right under it, as soon as it has run.

A person in JupyterLab or VS Code runs a *cell*: the request carries its id. nbclient, nbgrader,
nbval, ``revise check`` and the grading behind the wall run *code*, without one, and there nothing
here says or keeps anything: stored outputs and marks are what they would be without it.

Whatever goes wrong in here costs a line under a cell and nothing else: it is dropped.
"""

import contextlib
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime
from functools import wraps
from weakref import proxy

from revise.progress.attempts import Attempt, record
from revise.progress.checks import Check, Checks, read
from revise.progress.mark import mark_bundle
from revise.progress.notebook import notebook_of, request_metadata
from revise.progress.outcome import CHANGED, Outcome, outcome_of
from revise.sandbox.display import failure as failures


def _dropping_errors(hook):
    """IPython prints what a hook raises into the cell, and switches off a handler of exceptions."""

    @wraps(hook)
    def dropped(*arguments):
        with contextlib.suppress(Exception):
            return hook(*arguments)

    return dropped


class InstantMarks:
    """The marks in one shell, from ``watch`` to ``unwatch``."""

    def __init__(self, shell):
        # The extension keeps this object for as long as the shell lives, and not longer.
        self.shell = proxy(shell)
        self.checks: Checks | None = None
        # Its thread starts with the first cell that a person runs, and the kernel's end waits for it: no
        # attempt is lost. A thread for each piece would cost the cell the time that one takes to start.
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="revise-progress")
        self._check: Check | None = None
        self._failure: failures.Failure | None = None

    def watch(self) -> None:
        """Begin to look at the cells that are run."""
        self.shell.events.register("pre_run_cell", self.before)
        self.shell.events.register("post_run_cell", self.after)

    def unwatch(self) -> None:
        """Stop looking."""
        self.shell.events.unregister("pre_run_cell", self.before)
        self.shell.events.unregister("post_run_cell", self.after)

    def forget(self) -> None:
        """Read the notebook's file anew after this cell: an update may have replaced it."""
        self.checks = None

    def settle(self, seconds: float = 2.0) -> None:
        """Wait until every attempt is kept and the notebook is read, ``seconds`` at most."""
        wait([self._beside.submit(int)], seconds)

    @_dropping_errors
    def before(self, info) -> None:
        """Find out which check is about to run, if any. For IPython's ``pre_run_cell``."""
        if _cell_id(info) is None:
            return  # no person's cell, or code that a cell runs by itself
        self._failure = None
        check = (self.checks or Checks()).find(
            info.cell_id, request_metadata(self.shell), info.raw_cell
        )
        self._check = None if check is None or check.hidden else check

    def show_failure(self, shell, etype, value, tb, tb_offset=None) -> None:
        """Show a failing check by its words only: the rest is folded under its mark.

        The handler that ``set_custom_exc`` asks for; outside of a check it shows all.
        """
        failure = failures.explain(shell, value, tb)
        if failure is None or self._check is None:
            failures.show(shell, etype, value, tb, failure, tb_offset)
            return
        self._failure = failure
        words = replace(failure, compared="", places=())
        failures.show(shell, etype, value, tb, words, tb_offset)

    @_dropping_errors
    def after(self, result) -> None:
        """Show the mark of the check that ran, and keep it. For IPython's ``post_run_cell``."""
        if result is None or _cell_id(result.info) is None:
            return
        if self.checks is None:
            self._read_beside()
        check, self._check = self._check, None
        if check is None:
            return
        outcome = self._outcome(check, result)
        self._show(check, outcome)
        if outcome.counts:
            self._beside.submit(record, _attempt(check, outcome))

    def _outcome(self, check: Check, result) -> Outcome:
        if self.checks and self.checks.is_changed(check, result.info.raw_cell):
            return CHANGED
        return outcome_of(self.shell, result.error_before_exec or result.error_in_exec)

    def _show(self, check: Check, outcome: Outcome) -> None:
        self.shell.display_pub.publish(mark_bundle(check, outcome, self._failure))

    def _read_beside(self) -> None:
        """Read the notebook's checks while the next cells run; until then their metadata must do."""
        path, self.checks = notebook_of(self.shell), Checks()

        def fill():
            self.checks = read(path)

        if path:
            self._beside.submit(fill)


def _cell_id(info) -> str | None:
    return getattr(info, "cell_id", None)  # IPython before 8 has none


def _attempt(check: Check, outcome: Outcome) -> Attempt:
    return Attempt(
        at=datetime.now(UTC),
        exercise=check.exercise,
        behaviour=check.behaviour,
        cell=check.cell,
        passed=outcome.passed,
        points=check.points if outcome.passed else 0.0,
        of=check.points,
    )
