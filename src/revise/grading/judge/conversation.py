"""Two processes that ask each other: a request, others in between, one reply.

Both sides work alike. Whoever waits for a reply serves what the other side asks meanwhile, so a
function may call one that it was given, which may call back again. Awaitables do not nest, see
`awaitables`.
"""

import asyncio
import builtins
import contextlib
import threading
import time

from revise.errors import ChannelAbuse, ChannelTimeout, ForgedReply, NotPlain, ReviseError

from . import forwarding, mirrors, serving
from .awaitables import Awaitables, run_elsewhere
from .channel import Channel
from .links import Links
from .packing import Packer
from .tables import Exports, Imports
from .unpacking import Unpacker

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

MOST_NESTED = 50


class Conversation(Awaitables):
    """One side. What differs between judge and learner is in the methods that they override."""

    FIRST_LINK = 0
    requests = serving.REQUESTS

    def __init__(self, channel: Channel):
        super().__init__()
        self.channel = channel
        self.links = Links(self.FIRST_LINK)
        self.exports, self.imports = Exports(), Imports()
        self.classes: dict[int, type] = {}
        self.described: dict[int, None] = {}
        self.handed: set[int] = set()
        self._lock = threading.RLock()
        self._count = 0
        self._nested = 0
        self._limit: float | None = None
        self._pending: dict[int, asyncio.Future | None] = {}
        self._replies: dict[int, dict] = {}

    # What packing asks of a side.

    def ref_of_theirs(self, value: object) -> int | None:
        """Return the number of a stand-in of this conversation, None for anything else."""
        if mirrors.is_mirror(value):
            if forwarding.wire(value) is not self:
                raise NotPlain.value("what stands for an object of a process that has ended")
            return forwarding.number(value)
        return self.imports.ref(value)

    def may_travel(self, value: object) -> bool:
        """Whether the other side may have a stand-in for ``value``."""
        return True

    def is_secret(self, error: BaseException) -> bool:
        """Whether the words of an exception stay on this side."""
        return False

    def where(self, error: BaseException) -> str:
        """Return where an exception was raised, for the other side to show."""
        return ""

    # Asking.

    def call(self, op: str, /, *args, **kwargs) -> object:
        """Ask for something and wait for it. Raises what the other side raised."""
        with self._lock, self._deeper():
            id = self._request(op, args, kwargs)
            while id not in self._replies:
                self._dispatch(self._receive())
            reply = self._replies.pop(id)
        self._trim()
        return self._result(reply)

    def special(self, target: object, name: str, args: tuple = (), kwargs: dict | None = None):
        """Ask for one of Python's operations on ``target``."""
        return self.call("special", target, name, *args, **kwargs or {})

    def attribute(self, target: object, name: str) -> object:
        """Ask for an attribute of ``target``; what Python wants exactly is made here."""
        if name == "__signature__":
            return serving.read_signature(self.call("signature", target))
        if name == "__code__" and type(target).__name__ in ("function", "method"):
            return serving.code(self.call("flags", target))
        return self.call("get", target, name)

    def _request(self, op, args, kwargs, future=None):
        self._count += 1
        id = self._count
        packer = Packer(self)
        message = {"id": id, "op": op, "v": [packer.value(one) for one in args]}
        message["kw"] = [[name, packer.value(one)] for name, one in kwargs.items()]
        self._pending[id] = future
        try:
            self._send(packer, message)
        except (NotPlain, ChannelAbuse):  # nothing was sent
            del self._pending[id]
            raise
        return id

    def _send(self, packer, message):
        packer.finish(message)["drop"] = self.imports.take_dropped()
        self.channel.send(message)
        packer.commit()

    @contextlib.contextmanager
    def _deeper(self):
        if self._nested >= MOST_NESTED:
            raise RecursionError(
                "functions of the check and of the answer call each other too deeply"
            )
        self._nested += 1
        if self._nested == 1 and self.channel.timeout is not None:
            self._limit = time.monotonic() + self.channel.timeout
        try:
            yield
        finally:
            self._nested -= 1
            if self._nested == 0:
                self._limit = None

    def _receive(self):
        if self._limit is None:
            return self.channel.receive()
        left = self._limit - time.monotonic()
        if left <= 0:
            raise ChannelTimeout.in_time()
        return self.channel.receive(left)

    # Being answered, and answering.

    def _dispatch(self, message):
        if "re" in message:
            self._take_reply(message)
        elif "cancel" in message:
            if type(message["cancel"]) is not int:
                raise self.malformed("it cancels what there is not")
            self._cancel(message["cancel"])
        elif type(message.get("id")) is not int:
            raise self.malformed("it is neither a request nor a reply")
        elif message.get("op") == "await" and self._loop is not None:
            self._begin_soon(message)
        else:
            self.serve(message)

    def _take_reply(self, message):
        id = message["re"]
        if type(id) is not int or id not in self._pending:
            raise self.malformed("nobody asked")
        future = self._pending.pop(id)
        # Unpacked in the order of arrival, since changes of lists and dicts come along.
        message["result"] = self._unpack_reply(message)
        if future is None:
            self._replies[id] = message
        else:
            self._settle(future, message)

    def _unpack_reply(self, message):
        kind = next((one for one in ("ok", "error", "exit") if one in message), None)
        if kind is None:
            raise self.malformed("it holds nothing")
        if kind == "exit":
            return self.exited(message["exit"])
        (value,) = self.unpack(message, [message[kind]])
        if kind == "error" and not issubclass(type(value), Exception):
            raise self.malformed("it raises what cannot be raised")
        return value

    def unpack(self, message: dict, codes: list) -> list:
        """Return the values of a message. Raises what `malformed` makes for a message that has none."""
        self.links.is_paused = True  # half filled containers are no change
        try:
            values = Unpacker(self, message).values(codes)
            for ref, received in message.get("drop", ()):
                self.exports.drop(ref, received)
        except Exception as error:
            raise self.malformed(f"{type(error).__name__}: {error}") from None
        finally:
            self.links.is_paused = False
        return values

    def told(self, error: BaseException) -> tuple[str, object]:
        """Return how the other side is told of an exception: the kind of reply, and what it holds."""
        return "error", error

    def malformed(self, why: str) -> Exception:
        """Return the error for a message that no honest program sends."""
        return ForgedReply.because(why[:200])

    def exited(self, what: object) -> Exception:
        """Return the error for code that raised what ends a program."""
        return SystemExit(str(what))

    def _result(self, message):
        if "ok" in message:
            return message["result"]
        raise message["result"]

    def serve(self, request: dict) -> None:
        """Do what a request asks for, and reply, once."""
        self._reply(request, *self._outcome(lambda: self._perform(request)))
        self._trim()

    def _trim(self):
        """Let containers go that nobody looks at any more, once nothing is under way."""
        if self._nested == 0:
            self.links.trim()

    def _perform(self, request):
        op, codes, named = request.get("op"), request.get("v"), request.get("kw", [])
        if type(codes) is not list or type(named) is not list or not codes:
            raise self.malformed("it asks for nothing")
        names = [name for name, _code in named]
        values = self.unpack(request, [*codes, *(code for _name, code in named)])
        args = values[: len(codes)]
        kwargs = dict(zip(names, values[len(codes) :], strict=True))
        if op == "await":
            self.allow(op, codes[0], args)
            return run_elsewhere(args[0])
        if op not in self.requests:
            raise self.malformed("it asks for what there is not")
        self.allow(op, codes[0], args)
        with self._deeper():
            return self.requests[op](*args, **kwargs)

    def allow(self, op: str, target: object, args: list) -> None:
        """Raise an error where the other side may not ask that; ``target`` is what it asks, as sent."""

    def _outcome(self, work):
        """Return what to reply: the kind of reply, and what it holds."""
        try:
            return "ok", work()
        except BaseException as error:
            return self.told(error)

    def _reply(self, request, kind, value):
        packer = Packer(self)
        try:
            message = {"re": request["id"], kind: value if kind == "exit" else packer.value(value)}
            self._send(packer, message)
        except Exception as error:  # a value that cannot travel
            packer = Packer(self)
            self._send(packer, {"re": request["id"], "error": packer.value(_plainly(error))})


def _plainly(error):
    """Return an exception that travels whatever becomes of ``error``."""
    if isinstance(error, NotPlain):
        return TypeError(str(error))
    return RuntimeError(str(error) if isinstance(error, ReviseError) else type(error).__name__)
