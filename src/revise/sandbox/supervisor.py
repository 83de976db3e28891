"""One process per served project: it accepts, keeps the worker fresh, and always answers.

It runs no code of the learner's and has one thread. It holds a second descriptor of every
connection until the response starts; so when the worker dies, hangs or cannot load, the client
still gets an answer, which says what happened.
"""

import contextlib
import os
import selectors
import signal
import socket
import time

from . import freshness, processes
from .answers import answer
from .channel import BEGUN, DONE, READ, STARTED, UPGRADED
from .handle import Request, WorkerHandle

QUIET_SECONDS = 60.0  # how long a connection may stay open and send nothing
LINGER_SECONDS = 2.0  # how long a client may go on sending after its answer
RETRY_A_HANG_SECONDS = 30.0  # how long a project that hung while loading is not tried again
MOST_TRIES = 3
PEEK = 4096


def supervise(fds, *, folder, env, settings, timeout, log):
    """Serve the project in ``folder`` until the lifeline closes; return the exit status.

    ``fds``: the listening socket and the lifeline. ``timeout``: seconds a request may take.
    """
    listener, lifeline = fds
    supervisor = Supervisor(socket.socket(fileno=listener), lifeline, timeout, folder)
    supervisor.load_with = {"folder": folder, "env": env, "settings": settings}
    supervisor.log_path = log
    processes.adopt_orphans()
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    try:
        supervisor.run()
    finally:
        supervisor.end()
    return 0


class Supervisor:
    """The loop: connections, workers, time limits."""

    def __init__(self, listener, lifeline, timeout, folder):
        self.listener, self.lifeline, self.timeout, self.folder = (
            listener,
            lifeline,
            timeout,
            folder,
        )
        self.selector = selectors.DefaultSelector()
        self.worker = None
        self.retired = []  # workers that finish what they have, and get nothing new
        self.quiet = {}  # connection without a byte yet → when it is dropped
        self.lingering = {}  # answered connection → when it is dropped
        self.hung = (
            None,
            0.0,
            None,
        )  # a stamp that hung while loading, until when it counts, its answer
        self.numbers = iter(range(1, 2**32))
        self.over = False

    def run(self):
        """Serve until the lifeline closes."""
        self.listener.setblocking(False)
        wakeup, self.wakeup_write = socket.socketpair()
        wakeup.setblocking(False)
        self.wakeup_write.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup_write.fileno(), warn_on_full_buffer=False)
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self.selector.register(self.lifeline, selectors.EVENT_READ, self.finish)
        self.selector.register(wakeup, selectors.EVENT_READ, self.reap)
        with contextlib.suppress(OSError):
            self.fresh_worker()  # it loads while the notebook goes on
        while not self.over:
            for key, _ in self.selector.select(self.next_deadline()):
                key.data(key.fileobj)
            self.expire()

    def finish(self, _lifeline):
        """The kernel closed the lifeline, or died."""
        self.over = True

    def end(self):
        """Kill every worker, and what the learner's code started (Linux)."""
        for worker in self.workers():
            processes.kill_group(worker.pid)
        processes.sweep()

    def workers(self):
        """Return the workers that still run."""
        return [*([self.worker] if self.worker else []), *self.retired]

    # Connections

    def accept(self, listener):
        """Take what waits; a connection is passed on when it sends something."""
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            connection.setblocking(False)
            self.quiet[connection] = time.monotonic() + QUIET_SECONDS
            self.selector.register(connection, selectors.EVENT_READ, self.first_bytes)

    def first_bytes(self, connection):
        """Give a connection that sent something to a worker that has the newest code."""
        self.selector.unregister(connection)
        del self.quiet[connection]
        try:
            head = connection.recv(PEEK, socket.MSG_PEEK)
        except OSError:
            head = b""
        if not head:
            connection.close()
            return
        self.dispatch(
            Request(next(self.numbers), connection, head, time.monotonic() + self.timeout)
        )

    def dispatch(self, request):
        """Pass a request to the fresh worker, or say why there is none."""
        request.tries += 1
        try:
            worker = self.fresh_worker()
        except FileNotFoundError:
            self.reply(request, 500, f"{self.folder} is gone.\n", "the project's folder is gone")
            return
        except OSError as error:
            self.reply(
                request,
                500,
                f"No process could be started: {error}\n",
                f"the sandbox failed: {error}",
            )
            return
        if worker is None:
            self.reply(request, 504, *self.hung[2])
            return
        worker.requests[request.number] = request
        if worker.ready:
            self.hand_over(worker, request)

    def hand_over(self, worker, request):
        """Send the connection itself; a dead worker is noticed when it is reaped."""
        with contextlib.suppress(OSError):
            worker.connect(request)

    def reply(self, request, status, text, exception):
        """Answer in the worker's stead, and let the client finish sending."""
        connection = request.connection
        if connection is None:
            return
        self.note(f"{request.line} {status} ({exception})")
        with contextlib.suppress(OSError):
            connection.send(answer(status, text, exception=exception, body=request.wants_body))
            # With unread bytes left, closing would reset the connection and lose the answer.
            connection.shutdown(socket.SHUT_WR)
        self.lingering[connection] = time.monotonic() + LINGER_SECONDS
        self.selector.register(connection, selectors.EVENT_READ, self.linger)
        request.connection = None

    def linger(self, connection):
        """Throw away what the client still sends."""
        try:
            if connection.recv(65536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.drop(connection, self.lingering)

    def drop(self, connection, table):
        """Close a connection that is in ``table``."""
        del table[connection]
        self.selector.unregister(connection)
        connection.close()

    # Workers

    def fresh_worker(self):
        """Return a worker with the newest code (None: this code hung), fork one when files changed."""
        stamp = freshness.stamp(self.folder)
        if self.hung[0] == stamp and time.monotonic() < self.hung[1]:
            return None
        if self.worker and (self.worker.stamp != stamp or self.worker.failed):
            self.retire(self.worker)
        if self.worker is None:
            self.worker = self.start_worker(stamp)
        return self.worker

    def start_worker(self, stamp):
        """Fork a worker that loads the files as they are now."""
        worker = WorkerHandle.start(stamp, self.log_path, self.load_with, self.close_in_child)
        self.selector.register(worker.channel, selectors.EVENT_READ, lambda _: self.hear(worker))
        return worker

    def close_in_child(self):
        """In a new worker: close what belongs to the supervisor."""
        for key in list(self.selector.get_map().values()):
            if key.fileobj is self.lifeline:
                os.close(self.lifeline)
            else:
                key.fileobj.close()
        self.wakeup_write.close()
        self.selector.close()
        for worker in self.workers():
            worker.close()

    def hear(self, worker):
        """Take in a worker's news."""
        for message in worker.messages():
            if "ready" in message:
                worker.ready = True
                for request in worker.requests.values():
                    # Loading is not the view's time.
                    request.deadline = time.monotonic() + self.timeout
                    self.hand_over(worker, request)
            elif "failed" in message:
                worker.failed = (message["failed"], message["exception"])
                self.fail(worker)
            elif "number" in message:
                self.news_of(worker, message["number"], message["news"])
        if worker in self.retired and not worker.requests:
            processes.kill_group(worker.pid)

    def news_of(self, worker, number, news):
        """A request went on: forget it, or give it more time."""
        request = worker.requests.get(number)
        if request is None:
            return
        if news == READ:
            request.read = True
        if news == BEGUN:
            request.begun = True
        if news in (STARTED, UPGRADED, DONE):
            request.close()
        if news == STARTED:
            request.deadline = time.monotonic() + self.timeout
        if news in (UPGRADED, DONE):
            del worker.requests[number]

    def fail(self, worker):
        """Answer what waits for a project that cannot be loaded."""
        for request in worker.take_requests():
            self.reply(request, 500, *worker.failed)

    def retire(self, worker):
        """Give a worker nothing new; kill it when it has nothing left."""
        if worker is self.worker:
            self.worker = None
        if worker not in self.retired:
            self.retired.append(worker)
        if not worker.requests:
            processes.kill_group(worker.pid)

    def reap(self, wakeup):
        """Look which processes have ended."""
        with contextlib.suppress(BlockingIOError):
            while wakeup.recv(4096):
                pass
        for pid, status, _usage in processes.reap():
            for worker in self.workers():
                if worker.pid == pid:
                    self.bury(worker, status)

    def bury(self, worker, status):
        """A worker has ended: answer its requests, or give those it had not begun to the next one."""
        self.hear(worker)
        processes.kill_group(worker.pid)
        requests = worker.take_requests()
        self.selector.unregister(worker.channel)
        worker.close()
        if worker is self.worker:
            self.worker = None
        else:
            self.retired.remove(worker)
        said = worker.killed_because or f"the server process {processes.ending(status)}"
        for request in requests:
            if not worker.ready:
                self.reply(
                    request,
                    502,
                    f"While the project was loaded, {said}.\n",
                    f"{said} while it was loaded",
                )
            elif request.read or request.tries >= MOST_TRIES:
                self.reply(request, 502, f"While it answered {request.line}, {said}.\n", said)
            else:
                request.deadline = time.monotonic() + self.timeout
                self.dispatch(request)

    # Time

    def next_deadline(self):
        """Return the seconds until something is due, or None."""
        times = [*self.quiet.values(), *self.lingering.values()]
        times += [
            request.deadline for worker in self.workers() for request in worker.requests.values()
        ]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def expire(self):
        """Deal with what is overdue."""
        now = time.monotonic()
        for table in (self.quiet, self.lingering):
            for connection in [c for c, due in table.items() if due <= now]:
                self.drop(connection, table)
        for worker in self.workers():
            for request in [r for r in worker.requests.values() if r.deadline <= now]:
                if request.number in worker.requests:
                    self.overdue(worker, request)

    def overdue(self, worker, request):
        """A request took too long: find out where it is, answer, and end what hangs."""
        responsive, place = worker.where()
        self.hear(worker)
        if request.deadline > time.monotonic() or worker.requests.pop(request.number, None) is None:
            return  # the news came just now
        if not worker.ready:
            self.give_up_loading(worker, request, place)
        elif responsive and not request.begun:
            said = f"half a request within {self.timeout:g} s"
            self.reply(request, 408, "The request did not arrive in full.\n", said)
            worker.drop(request)
        elif responsive and request.connection is None:
            self.note(
                f"{request.line}: nothing more came for {self.timeout:g} s, cut off{_at(place)}"
            )
            worker.drop(request)
        else:
            said = f"no answer within {self.timeout:g} s{_at(place)}"
            self.reply(request, 504, f"{request.line}: {said}\n", said)
            self.retire(worker)
            if not responsive:
                worker.killed_because = f"the server was restarted: {request.line} hung"
                processes.kill_group(worker.pid)

    def give_up_loading(self, worker, request, place):
        """The project hangs while it is imported: no use in trying again until it is mended."""
        said = f"the project was not loaded within {self.timeout:g} s{_at(place)}"
        self.hung = (worker.stamp, time.monotonic() + RETRY_A_HANG_SECONDS, (f"{said}\n", said))
        for waiting in [request, *worker.take_requests()]:
            self.reply(waiting, 504, *self.hung[2])
        self.retire(worker)

    def note(self, line):
        """Write a line to the project's log."""
        with contextlib.suppress(OSError), open(self.log_path, "a", encoding="utf-8") as log:
            log.write(f"sandbox: {line}\n")


def _at(place):
    return f", {place}" if place else ""
