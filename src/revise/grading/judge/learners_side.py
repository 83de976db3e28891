"""The learner's side, seen from the judge: cells run there, and what becomes of it when it fails."""

import socket

from revise.grading.isolation.limits import Limits
from revise.sandbox import wire

from .channel import Channel, ChannelAbuse, ChannelClosed, ChannelTimeout
from .outputs import checked
from .stand_ins import StandIns

INTERRUPT_SECONDS = 3.0
"""What a cell has to end in when it is interrupted: a ``finally`` may have something to close."""


class LearnersSide:
    """One learner's process at a time, started again when it has ended.

    ``flag`` is called with the words of what a teacher should know.
    """

    def __init__(self, keeper: socket.socket, limits: Limits, flag):
        self.keeper, self.limits, self.flag = keeper, limits, flag
        self.fork_server: socket.socket | None = None
        self.channel: Channel | None = None
        self.stand_ins: StandIns | None = None
        self._to_repeat: list[str] = []

    @property
    def runs(self) -> bool:
        """Whether there is a process to talk to."""
        return self.channel is not None

    def start(self) -> None:
        """Start a process in which the cells that ``repeat`` named have run."""
        wire.send_message(self.keeper, {"op": "start"})
        _answer, fds = wire.receive_message(self.keeper)
        talk, self.aside, ours = (socket.socket(fileno=fd) for fd in fds)
        self._talk_over(Channel(talk))
        if self.fork_server is None:
            self.fork_server = ours
        else:
            ours.close()
        for source in self._to_repeat:
            self.run(source)
            if not self.runs:
                return  # it ended at once: the same would happen again

    def repeat(self, source: str) -> None:
        """Run a cell again whenever a fresh process is started."""
        self._to_repeat.append(source)

    def refresh(self) -> None:
        """Begin an exercise: in a fresh process, where those before have used up what a process may have."""
        if self.runs:
            wire.send_message(self.keeper, {"op": "worn"})
            if wire.receive_message(self.keeper)[0]["worn"]:
                self.end("it used up its descriptors or processes")

    def run(self, source: str) -> tuple[list[dict], str]:
        """Run a cell; return its outputs, and how the process ended over it, empty if it did not."""
        try:
            reply = self._ask({"op": "cell", "source": source, "most": self.limits.output})
            return checked(reply.get("outputs"), 2 * self.limits.output), ""
        except _TookTooLong as late:
            seconds = f"{self.limits.cell_seconds:g} seconds"
            if late.outputs is not None:
                words = f"the cell did not end within {seconds}"
                return [*late.outputs, _error("CellTimeoutError", words)], ""
            return self._ended(f"it did not end within {seconds}, nor when interrupted")
        except ChannelAbuse as abuse:
            self.flag(f"the learner's process broke the protocol: {abuse}")
            return self._ended("it wrote what no cell writes")
        except (ChannelClosed, OSError):
            return self._ended("")

    def keep(self) -> StandIns:
        """Return stand-ins for a copy of the process as it is now. Raises ChannelClosed."""
        ours, theirs = socket.socketpair()
        self.channel.send({"op": "keep"})
        socket.send_fds(self.aside, [b"."], [theirs.fileno()])
        theirs.close()
        self.channel.receive()
        return self._stand_ins(Channel(ours))

    def resynchronise(self) -> None:
        """After a check that was cut short: end the process if it still works on what was asked."""
        if self.runs and self.stand_ins.is_busy:
            self.end("a check was cut short")

    def end(self, why: str) -> None:
        """End the process, if there is one; the next cell starts a fresh one."""
        if self.runs:
            self._ended(why)

    def _ask(self, request: dict) -> dict:
        self.channel.timeout = self.limits.cell_seconds
        self.channel.send(request)
        try:
            return self.channel.receive()
        except ChannelTimeout:
            raise self._interrupted() from None

    def _interrupted(self) -> "_TookTooLong":
        wire.send_message(self.keeper, {"op": "interrupt"})
        self.channel.timeout = INTERRUPT_SECONDS
        try:
            outputs = self.channel.receive().get("outputs")
            return _TookTooLong(checked(outputs, 2 * self.limits.output))
        except (ChannelTimeout, ChannelClosed):
            return _TookTooLong(None)

    def _ended(self, why: str) -> tuple[list[dict], str]:
        """End the process, and say why."""
        wire.send_message(self.keeper, {"op": "ended"})
        how = (wire.receive_message(self.keeper)[0] or {}).get("how") or why
        wire.send_message(self.keeper, {"op": "end"})
        self.channel.close()
        self.aside.close()
        self.channel = self.stand_ins = None
        words = f"the cell ended its process: {how or why or 'it is gone'}"
        return [_error("ProcessEnded", words)], words

    def _talk_over(self, channel: Channel) -> None:
        self.channel = channel
        self.stand_ins = self._stand_ins(channel)

    def _stand_ins(self, channel: Channel) -> StandIns:
        channel.timeout = self.limits.cell_seconds
        return StandIns(channel)


class _TookTooLong(Exception):
    """A cell was interrupted; ``outputs`` is what it then said, or None when it did not end."""

    def __init__(self, outputs: list[dict] | None):
        self.outputs = outputs


def _error(name: str, words: str) -> dict:
    return {
        "output_type": "error",
        "ename": name,
        "evalue": words,
        "traceback": [f"{name}: {words}"],
    }
