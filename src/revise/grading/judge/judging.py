"""The judge: it takes one submission's job, has its cells run, and runs the checks itself.

It alone has the checks. What the learner's side gives is data, never code; and hidden checks come
last, so that nothing which is shown to a learner can have seen one at work.
"""

import asyncio
import contextlib
import os
import random
import resource
import signal
import socket
import time
from collections.abc import Iterator

from revise import probe
from revise.errors import ChannelAbuse, ChannelClosed, ChannelTimeout, ForgedReply, ReviseError
from revise.grading.isolation.limits import Limits
from revise.sandbox import wire

from . import attached, warmth
from .learners_side import LearnersSide
from .outputs import Outputs
from .shell import run_until_complete
from .stand_ins import StandIns

MEMORY = 3 * 1024**3
"""The judge's own address space: an answer of gigabytes fails the check that asked for it."""
PATIENCE_SECONDS = 5.0
"""A check has a little longer than a cell of the learner's, which it may be waiting for."""


class CheckTimeout(BaseException):
    """A check took too long. Not an Exception: no library that the check calls may swallow it."""


def judge(job: socket.socket, keeper: socket.socket, limits: Limits) -> None:
    """Run the job that comes over ``job`` and send what comes of each cell, then ``{"done": …}``."""
    _be_fresh()
    cells = wire.receive_message(job)[0]["cells"]
    judging = Judging(cells, keeper, limits, lambda message: wire.send_message(job, message))
    try:
        judging.run()
    except Exception as error:
        import traceback

        traceback.print_exc()  # to the nursery's log
        judging.reason = judging.reason or f"the judge failed: {type(error).__name__}"
    judging.tell({"done": True, "flags": judging.flags, "reason": judging.reason})


def _be_fresh() -> None:
    random.seed()
    os.environ["NETRC"] = os.devnull  # the home folder is the learner's to write
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Judging:
    """One submission's way through its cells."""

    def __init__(self, cells: list[dict], keeper: socket.socket, limits: Limits, tell):
        self.cells, self.limits, self.tell = cells, limits, tell
        self.flags: list[dict] = []
        self.reason = ""
        self.deadline = time.monotonic() + limits.notebook_seconds
        self.learner = LearnersSide(keeper, limits, self._flag)
        self.shell = warmth.shell()
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.output_left = limits.notebook_output
        self.cell: dict = {}
        self.exercise: str | None = None
        self.ended: dict[str | None, str] = {}
        """By exercise, how its answer ended the learner's process."""
        self.hidden: list[tuple[dict, dict, StandIns | None]] = []

    def run(self) -> None:
        """Run every cell: the visible ones in their order, then the hidden checks."""
        self.learner.start()
        attached.attach(self.learner.fork_server)
        for cell in self.cells:
            if self._is_over():
                return
            self._step(cell, self._run_cell)
        for cell, names, stand_ins in self.hidden:
            if self._is_over():
                return
            self.shell.user_ns.clear()
            self.shell.user_ns.update(names)
            self._step(cell, lambda kept=stand_ins: self._check(kept))

    def _step(self, cell: dict, work) -> None:
        """Do what a cell asks for. Where the learner's side breaks over it, that is the cell's error."""
        self.cell = cell
        try:
            work()
        except (ChannelAbuse, ChannelClosed, ChannelTimeout, ForgedReply, OSError) as error:
            words = f"the learner's process could not be asked: {type(error).__name__}"
            if isinstance(error, ChannelAbuse | ForgedReply):
                self._flag(words)
            self.learner.end(words)
            self._refuse(words)

    def _run_cell(self) -> None:
        exercise = self.cell["exercise"]
        if exercise and exercise in self.ended:
            self._refuse(self.ended[exercise])
        elif self.cell["part"] == "check":
            self._defer() if self.cell["hidden"] else self._check(self.learner.stand_ins)
        else:
            self._run_on_the_learners_side()

    def _is_over(self) -> bool:
        if time.monotonic() < self.deadline:
            return False
        self.reason = f"the notebook took longer than {self.limits.notebook_seconds:g} seconds"
        return True

    def _run_on_the_learners_side(self) -> None:
        if self.cell["exercise"] != self.exercise:
            self.exercise = self.cell["exercise"]
            self.learner.refresh()
        if not self.learner.runs:
            self.learner.start()
        part, source, exercise = self.cell["part"], self.cell["source"], self.cell["exercise"]
        if not self.learner.runs:
            self._refuse("the learner's process does not start")
            return
        outputs, ended = self.learner.run(source)
        if ended:
            self.ended[exercise] = ended
        elif exercise is None and part != "demo":
            self.learner.repeat(source)
        self._tell(outputs)
        if part == "setup":
            with attached.mirror():
                outputs = self._run_here(source)
            if words := _error_in(outputs):
                self.reason = f"the setup cell {self.cell['id']} failed in the judge: {words}"

    def _defer(self) -> None:
        """Keep what a hidden check needs: the judge's names, and the learner's process as it is now."""
        kept = None
        if (self.cell["names"] or self.cell["probes"]) and self.learner.runs:
            try:
                kept = self.learner.keep()
            except (ReviseError, OSError):
                # It cannot even be forked: the next exercise begins in a fresh one.
                self.learner.end("it could not be copied")
        self.hidden.append((self.cell, dict(self.shell.user_ns), kept))

    def _check(self, stand_ins: StandIns | None) -> None:
        names = {}
        probe.run = _nobody if stand_ins is None else stand_ins.run
        if stand_ins is not None and self.cell["names"]:
            names = stand_ins.names(self.cell["names"])
        self.shell.user_ns.update(names)
        with attached.learners_side():
            outputs = self._run_here(self.cell["source"])
        for name in names:
            self.shell.user_ns.pop(name, None)
        if stand_ins is not None:
            for words in stand_ins.flags:
                self._flag(words)
            stand_ins.flags.clear()
        self.learner.resynchronise()
        self._tell(outputs)

    def _run_here(self, source: str) -> list[dict]:
        outputs = Outputs(self.limits.output)
        try:
            with _time_limit(self.limits.cell_seconds + PATIENCE_SECONDS):
                run_until_complete(self.loop, self.shell.run(source, outputs))
        except CheckTimeout as late:
            outputs.add_error("CellTimeoutError", str(late))
        except Exception as error:  # raised while the check's own error was being told
            outputs.add_error(type(error).__name__, "the error of the check cannot be shown")
        return outputs.taken()

    def _refuse(self, words: str) -> None:
        outputs = Outputs()
        outputs.add_error("ProcessEnded", words)
        self._tell(outputs.taken())

    def _tell(self, outputs: list[dict]) -> None:
        self.output_left -= len(str(outputs))
        if self.output_left < 0 and not _error_in(outputs):
            outputs = []
        self.tell({"cell": self.cell["id"], "outputs": outputs})

    def _flag(self, words: str) -> None:
        self.flags.append({"cell": self.cell.get("id"), "reason": words})


def _nobody(_code: str, _data: dict) -> object:
    raise ChannelClosed.by_peer()


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def over(_number, _frame):
        raise CheckTimeout(f"the check did not end within {seconds:g} seconds")

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _error_in(outputs: list[dict]) -> str:
    for output in outputs:
        if output["output_type"] == "error":
            return f"{output['ename']}: {output['evalue']}"
    return ""
