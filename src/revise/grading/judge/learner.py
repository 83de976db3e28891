"""The learner's process: it runs setup cells, answers and the learner's own cells, one at a time.

Everything here can be tampered with by the code that it runs, and nothing here is trusted: the
judge checks whatever comes over the channel.
"""

import asyncio
import os
import random
import socket
import sys

from revise.grading.isolation import namespaces
from revise.sandbox import forkserver

from . import warmth
from .channel import Channel, ChannelClosed
from .objects import Objects
from .outputs import Outputs
from .shell import Shell, run_until_complete


def learn(talk: socket.socket, aside: socket.socket, fork_server: socket.socket) -> None:
    """Serve the judge in this process, which the keeper has forked for it, until the judge is gone."""
    namespaces.hide_memory(False)  # a process like any other: it hides nothing
    forkserver.attach(fork_server)
    _be_fresh()
    shell = warmth.shell()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    run_until_complete(loop, _Learner(shell, Channel(talk), aside).serve())


def _be_fresh() -> None:
    """Share no state with the other forks of the warm process, and have output of one's own."""
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


class _Learner:
    """Takes the judge's requests in turn."""

    def __init__(self, shell: Shell, channel: Channel, aside: socket.socket):
        self.shell, self.channel, self.aside = shell, channel, aside
        self.objects = Objects(channel, shell.user_ns)
        # What an answer forks must not reply in its place.
        os.register_at_fork(after_in_child=channel.close)

    async def serve(self) -> None:
        """Answer until the channel closes."""
        while True:
            await self._asked()
            try:
                request = self.channel.receive()
            except ChannelClosed:
                return
            if request.get("op") == "cell":
                await self._run(request)
            elif request.get("op") == "keep":
                self._keep()
            else:
                await self.objects.answer(request)

    async def _asked(self) -> None:
        """Wait for a request, while a learner's background tasks go on as they do in a kernel."""
        loop = asyncio.get_running_loop()
        asked = loop.create_future()
        loop.add_reader(self.channel, lambda: asked.done() or asked.set_result(None))
        try:
            await asked
        finally:
            loop.remove_reader(self.channel)

    async def _run(self, request: dict) -> None:
        outputs = Outputs(request["most"])
        try:
            await self.shell.run(request["source"], outputs)
        except asyncio.CancelledError:
            outputs.add_error("KeyboardInterrupt", "the cell was interrupted")
        except (
            BaseException
        ) as error:  # a learner's hook in IPython: the cell's error like any other
            outputs.add_error(type(error).__name__, "raised outside of the cell's own code")
        self.channel.send({"outputs": outputs.taken()})

    def _keep(self) -> None:
        """Leave a copy of this process behind, which answers over the socket that the judge passes.

        Hidden checks run when everything else has: the copy has the names as they stood after their
        exercise, whatever later cells do.
        """
        _message, fds, _flags, _address = socket.recv_fds(self.aside, 1, 1)
        left, leaving = os.pipe()
        if os.fork():
            os.close(fds[0])
            os.close(leaving)
            # Until the copy has left this process's group, it ends when this process is ended.
            os.read(left, 1)
            os.close(left)
            self.channel.send({})
            return
        try:
            namespaces.die_with_parent(False)
            os.setsid()
            os.close(left)
            os.close(leaving)
            self.aside.close()
            # This fork is inside of the loop's run, which is its parent's: it has a loop of its own.
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            kept = _Learner(self.shell, Channel(socket.socket(fileno=fds[0])), self.aside)
            run_until_complete(loop, kept.serve())
        finally:
            os._exit(0)
