"""The learner's side of the wire: what the answer defines, asked for by the judge's stand-ins."""

import asyncio
import builtins

from revise.probe import evaluate

from . import exceptions, serving
from .channel import Channel
from .conversation import Conversation
from .describing import name

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))


class Objects(Conversation):
    """Answers for the objects in ``namespace``, and for those that they lead to.

    What a check passes to them is in this process a proxy: it can be called, iterated, awaited, used
    by ``with`` and read by its public names.
    """

    FIRST_LINK = 1

    def __init__(self, channel: Channel, namespace: dict):
        super().__init__(channel)
        self.namespace = namespace
        self.requests = {**serving.REQUESTS, "names": self._names, "run": self._run}
        self._is_open = False
        self._outermost: object = None

    async def answer(self, request: dict) -> None:
        """Do what one request of the judge's asks for, and reply, once.

        Until the reply is out, the code that it runs may call back. Raises ChannelClosed when the
        judge has gone, and ChannelTimeout when the channel has a limit.
        """
        if "cancel" in request:
            return  # it came too late: the reply is out
        self._is_open = True
        if request.get("op") != "await":
            self._outermost = request.get("id")
            self.serve(request)
            return
        self._outermost = None
        with self._watching(asyncio.get_running_loop()):
            self._dispatch(request)
            while self._tasks or self._coming:
                await asyncio.wait([*self._tasks.values(), asyncio.ensure_future(asyncio.sleep(0))])
        self._is_open = False

    def where(self, error: BaseException) -> str:
        """Return the last line of the learner's own code that an exception passed."""
        return exceptions.place(error, self.namespace)

    def _request(self, op, args, kwargs, future=None):
        if not self._is_open:
            raise RuntimeError("the check that gave this object is over")
        return super()._request(op, args, kwargs, future)

    def _reply(self, request, kind, value):
        with self._lock:  # another thread may be in the middle of asking
            if request.get("id") == self._outermost:
                self._is_open = False
            super()._reply(request, kind, value)

    def told(self, error: BaseException) -> tuple[str, object]:
        """Return how an exception is told; one that ends programs only by its name."""
        if issubclass(type(error), Exception):
            return "error", error
        return "exit", f"{name(type(error))}({exceptions.text(error)})"

    def _names(self, names):
        found = []
        for one in names:
            if one in self.namespace:
                found.append((one, self.namespace[one]))
        return tuple(found)

    def _run(self, code, data):
        return evaluate(code, {**self.namespace, **data})
