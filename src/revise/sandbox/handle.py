"""What the supervisor knows of a worker and of a request."""

import contextlib
import os
import signal
import socket
import tempfile
import time

from . import processes, tracebacks
from .channel import CONNECT, DROP, WHERE, News, send_order
from .wire import ready

FOR_AN_ANSWER_SECONDS = 0.3


class Request:
    """A connection on which a client asked for something, until its response starts."""

    def __init__(self, number, connection, head, deadline):
        self.number = number
        self.connection = connection
        self.deadline = deadline  # time.monotonic()
        self.read = False  # a worker has taken bytes from the connection
        self.begun = False  # the application was called
        self.tries = 0
        words = head.partition(b"\r\n")[0].decode("latin-1").split(" ")
        self.line = " ".join(words[:2])
        self.wants_body = words[0] != "HEAD"

    def close(self):
        """Let go of the connection: from here on the worker alone answers."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class WorkerHandle:
    """One worker process, seen from the supervisor."""

    def __init__(self, pid, channel, stacks, stamp, folder):
        self.pid, self.channel, self.stacks, self.stamp, self.folder = (
            pid,
            channel,
            stacks,
            stamp,
            folder,
        )
        self.news = News(channel)
        self.requests = {}
        self.ready = False
        self.failed = None  # (text, one line) of why it could not load
        self.unread = []
        self.killed_because = None  # why the supervisor killed it, if it did for a hang

    @classmethod
    def start(cls, stamp, log_path, load_with, close_in_child):
        """Fork a worker. Raises OSError when no process, or no log, can be had."""
        log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        stacks = tempfile.TemporaryFile()  # noqa: SIM115
        ours, theirs = socket.socketpair()
        try:
            pid = processes.fork()
        except OSError:
            ours.close()
            theirs.close()
            os.close(log)
            raise
        if pid == 0:
            status = 1
            try:
                ours.close()
                close_in_child()
                from .worker import work

                status = work(theirs, log=log, stacks=stacks, **load_with)
            finally:
                processes.leave(status)
        os.close(log)
        theirs.close()
        return cls(pid, ours, stacks, stamp, load_with["folder"])

    def connect(self, request):
        """Hand the request's connection over; a worker that died is noticed when it is reaped."""
        with contextlib.suppress(OSError):
            send_order(self.channel, CONNECT, request.number, request.connection)

    def drop(self, request):
        """Have the worker close its side of a connection."""
        with contextlib.suppress(OSError):
            send_order(self.channel, DROP, request.number)

    def overdue(self):
        """Return the requests that are over their time."""
        now = time.monotonic()
        return [request for request in self.requests.values() if request.deadline <= now]

    def take_requests(self):
        """Return the open requests, and forget them."""
        requests = list(self.requests.values())
        self.requests = {}
        return requests

    def where(self):
        """Return ``(responsive, place)``: whether its event loop runs, and where the learner's code is.

        A thread that hangs is found in the dump that SIGUSR1 asks for, a task that waits is told by
        the event loop.
        """
        offset = os.fstat(self.stacks.fileno()).st_size
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGUSR1)
            send_order(self.channel, WHERE)
        places = self._told_places(time.monotonic() + FOR_AN_ANSWER_SECONDS)
        size = os.fstat(self.stacks.fileno()).st_size
        dump = os.pread(self.stacks.fileno(), size - offset, offset).decode(errors="replace")
        place = tracebacks.place_in_dump(dump, self.folder)
        return places is not None, place or next(iter(places or []), None)

    def _told_places(self, deadline):
        while (left := deadline - time.monotonic()) > 0:
            if ready([self.channel], left):
                messages = self.news.read()
                self.unread += [message for message in messages if "where" not in message]
                for message in messages:
                    if "where" in message:
                        return message["where"]
                if not messages:  # it has died
                    break
        return None

    def messages(self):
        """Return the news that came since the last time."""
        messages, self.unread = [*self.unread, *self.news.read()], []
        return messages

    def close(self):
        """Let go of the descriptors, in a fork also of the connections."""
        for request in self.take_requests():
            request.close()
        self.channel.close()
        self.stacks.close()
