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

from . import processes
from .answers import answer
from .crew import Crew
from .handle import Request

QUIET_SECONDS = 60.0  # how long a connection may stay open and send nothing
LINGER_SECONDS = 2.0  # how long a client may go on sending after its answer
PEEK = 4096  # bytes


def supervise(fds, *, folder, env, settings, timeout, log):
    """Serve the project in ``folder`` until the lifeline closes; return the exit status.

    ``fds``: the listening socket and the lifeline. ``timeout``: seconds a request may take.
    """
    listener, lifeline = fds
    processes.adopt_orphans()
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    load_with = {"folder": folder, "env": env, "settings": settings}
    supervisor = Supervisor(socket.socket(fileno=listener), lifeline, timeout, log, load_with)
    try:
        supervisor.run()
    finally:
        supervisor.crew.end()
    return 0


class Supervisor:
    """The loop: connections in, answers out, time limits."""

    def __init__(self, listener, lifeline, timeout, log, load_with):
        self.listener, self.lifeline, self.timeout, self.log = listener, lifeline, timeout, log
        self.selector = selectors.DefaultSelector()
        self.crew = Crew(self, load_with)
        self.quiet = {}  # connection without a byte yet → when it is dropped
        self.lingering = {}  # answered connection → when it is dropped
        self.numbers = iter(range(1, 2**32))
        self.over = False

    def run(self):
        """Serve until the lifeline closes."""
        self.listener.setblocking(False)
        self.wakeup, self.wakeup_write = socket.socketpair()
        self.wakeup.setblocking(False)
        self.wakeup_write.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup_write.fileno(), warn_on_full_buffer=False)
        self.watch(self.listener, self.accept)
        self.watch(self.lifeline, self.finish)
        self.watch(self.wakeup, self.child_ended)
        with contextlib.suppress(OSError):
            self.crew.fresh_worker()  # it loads while the notebook goes on
        while not self.over:
            for key, _ in self.selector.select(self.next_deadline()):
                key.data(key.fileobj)
            self.expire()

    def watch(self, source, call):
        """Call ``call(source)`` whenever ``source`` can be read."""
        self.selector.register(source, selectors.EVENT_READ, call)

    def finish(self, _lifeline):
        """The kernel closed the lifeline, or died."""
        self.over = True

    def child_ended(self, wakeup):
        """A signal came: look which processes have ended."""
        with contextlib.suppress(BlockingIOError):
            while wakeup.recv(4096):
                pass
        self.crew.reap()

    def close_in_child(self):
        """In a new worker: close what belongs to the supervisor."""
        for key in list(self.selector.get_map().values()):
            if key.fileobj == self.lifeline:
                os.close(self.lifeline)
            else:
                key.fileobj.close()
        self.wakeup_write.close()
        self.selector.close()

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
            self.watch(connection, self.first_bytes)

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
        deadline = time.monotonic() + self.timeout
        self.crew.dispatch(Request(next(self.numbers), connection, head, deadline))

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
        self.watch(connection, self.linger)
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

    # Time

    def next_deadline(self):
        """Return the seconds until something is due, or None."""
        times = [*self.quiet.values(), *self.lingering.values(), *self.crew.deadlines()]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def expire(self):
        """Deal with what is overdue."""
        now = time.monotonic()
        for table in (self.quiet, self.lingering):
            for connection in [c for c, due in table.items() if due <= now]:
                self.drop(connection, table)
        self.crew.expire()

    def note(self, line):
        """Write a line to the project's log."""
        with contextlib.suppress(OSError), open(self.log, "a", encoding="utf-8") as log:
            log.write(f"sandbox: {line}\n")
