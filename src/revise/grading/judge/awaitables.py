"""What is awaited on the other side: a task of its event loop, whose reply comes when it comes.

Many may be under way at once, so fetching all at once is told from fetching one after the other.
"""

import asyncio
import builtins
import contextlib
import select
import threading

from revise.errors import ChannelTimeout

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

LAST_WORDS_SECONDS = 2.0
"""How long an awaitable that was cancelled has to say so."""


class Awaitables:
    """The part of a `Conversation` that waits without holding up its event loop."""

    def __init__(self):
        self._tasks: dict[int, asyncio.Task] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watchers = 0
        self._coming = 0

    async def awaiting(self, target: object) -> object:
        """Have the other side await ``target``, and return what it gives."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._lock:
            id = self._request("await", (target,), {}, future)
        with self._watching(loop):
            try:
                await asyncio.wait({future}, timeout=self.channel.timeout)
            except asyncio.CancelledError:
                self.channel.send({"cancel": id})
                await asyncio.wait({future}, timeout=LAST_WORDS_SECONDS)
                raise
        if not future.done():
            raise ChannelTimeout.in_time()
        return self._result(future.result())

    @contextlib.contextmanager
    def _watching(self, loop):
        """In the block the event loop takes what comes from the other side."""
        self._watchers += 1
        self._loop = loop
        loop.add_reader(self.channel.fileno(), self._pump)
        try:
            yield
        finally:
            self._watchers -= 1
            if not self._watchers:
                loop.remove_reader(self.channel.fileno())
                self._loop = None

    def _pump(self):
        with self._lock:
            # Another thread that waited for its own reply may have taken what was there.
            while _is_readable(self.channel):
                try:
                    self._dispatch(self._receive())
                except Exception as error:
                    self._fail(error)
                    return

    def _fail(self, error):
        if self._loop is not None:
            self._loop.remove_reader(self.channel.fileno())
        for id, future in list(self._pending.items()):
            if future is not None and not future.done():
                del self._pending[id]
                future.set_exception(error)

    def _begin_soon(self, request):
        self._coming += 1
        if asyncio._get_running_loop() is self._loop:
            self._begin(request)
        else:  # another thread took it
            self._loop.call_soon_threadsafe(self._begin, request)

    def _begin(self, request):
        self._coming -= 1
        task = asyncio.ensure_future(self.serve_awaitable(request))
        self._tasks[request["id"]] = task
        task.add_done_callback(lambda task: self._finished(request["id"], task))

    def _finished(self, id, task):
        self._tasks.pop(id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)  # it could not be replied to: nobody is to wait for it

    def _cancel(self, id):
        if task := self._tasks.get(id):
            task.get_loop().call_soon_threadsafe(task.cancel)

    def _settle(self, future, message):
        """Give a reply to who waits for it, in whichever thread that is."""
        if not future.get_loop().is_closed():
            future.get_loop().call_soon_threadsafe(_settle, future, message)

    async def serve_awaitable(self, request: dict) -> None:
        """Await what a request asks for, and reply."""
        try:
            (target,) = self.unpack(request, request["v"])
            self.allow("await", request["v"][0], [target])
            value = "ok", await target
        except asyncio.CancelledError:
            value = "error", TimeoutError("cancelled")
        except BaseException as error:
            value = self.told(error)
        with self._lock:
            self._reply(request, *value)


def _is_readable(channel):
    poll = select.poll()
    poll.register(channel.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _settle(future, message):
    if not future.done():
        future.set_result(message)


def run_elsewhere(awaitable):
    """Await in a thread's own event loop: this thread is busy with a conversation."""
    outcome = []

    async def work():
        return await awaitable

    def run():
        try:
            outcome.append((asyncio.run(work()), None))
        except BaseException as error:
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    value, error = outcome[0]
    if error is not None:
        raise error
    return value
