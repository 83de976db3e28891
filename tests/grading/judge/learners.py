"""A learner's process for tests: it runs one text as an answer, then serves the judge as in grading."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import traceback
from collections.abc import Iterator

from revise.errors import ChannelClosed
from revise.grading.judge.channel import Channel
from revise.grading.judge.objects import Objects
from revise.grading.judge.stand_ins import StandIns


class Learner:
    """The judge's end of a process in which an answer has run; its names are attributes."""

    def __init__(self, stand_ins: StandIns, names: dict):
        self.stand_ins, self.names = stand_ins, names

    def __getattr__(self, name):
        return self.names[name]


@contextlib.contextmanager
def learner(answer: str, *, timeout: float = 20) -> Iterator[Learner]:
    """Run ``answer`` in a process of its own; give what it defines, as a check has it."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        _serve(theirs, answer)
    theirs.close()
    try:
        stand_ins = StandIns(Channel(ours, timeout=timeout))
        words = sorted(set(re.findall(r"[^\W\d]\w*", answer)))  # what it defines is among them
        yield Learner(stand_ins, stand_ins.names(words))
    finally:
        ours.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _serve(sock, answer):
    namespace = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        exec(compile(answer, "<answer>", "exec"), namespace)
        asyncio.run(_answer_all(Channel(sock), namespace))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


async def _answer_all(channel, namespace):
    objects = Objects(channel, namespace)
    with contextlib.suppress(ChannelClosed):
        while True:
            await objects.answer(channel.receive())


@contextlib.contextmanager
def forger(*replies: dict) -> Iterator[StandIns]:
    """Give stand-ins whose other side sends these messages, whatever it is asked."""
    ours, theirs = socket.socketpair()
    liar = Channel(theirs)
    for reply in replies:
        liar.send(reply)
    try:
        yield StandIns(Channel(ours, timeout=2))
    finally:
        ours.close()
        theirs.close()
