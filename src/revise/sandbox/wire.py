"""Messages between the kernel, the zygote and its children: JSON with file descriptors."""

import contextlib
import json
import os
import select
import socket
import struct

LENGTH = struct.Struct("!I")
DESCRIPTOR = struct.Struct("@i")
MOST_DESCRIPTORS = 8
READ = 65536  # bytes
MOST_BYTES = 64 * 1024 * 1024  # of one message that `Incoming` takes


def send_message(sock, message, fds=()):
    """Send one message, with the descriptors in ``fds``, over a UNIX stream socket."""
    body = json.dumps(message).encode()
    data = LENGTH.pack(len(body)) + body
    # The descriptors ride on the first byte, so the reader gets them with its first read.
    sent = socket.send_fds(sock, [data], fds)
    if sent < len(data):
        sock.sendall(data[sent:])


def receive_message(sock):
    """Return ``(message, fds)``, or ``(None, [])`` at the end of the stream."""
    head, fds, _flags, _address = socket.recv_fds(sock, LENGTH.size, MOST_DESCRIPTORS)
    if len(head) < LENGTH.size:
        return None, []
    (length,) = LENGTH.unpack(head)
    body = bytearray()
    while len(body) < length:
        part = sock.recv(length - len(body))
        if not part:
            return None, []
        body += part
    return json.loads(body), fds


class Incoming:
    """Takes messages from a socket that anybody may write to: it never waits, and trusts nothing.

    A peer that sends half a message, or none, holds up nobody.
    """

    def __init__(self, sock):
        self.sock = sock
        self._buffer = bytearray()
        self._fds = []

    def fileno(self):
        """Return the descriptor to wait on, for poll."""
        return self.sock.fileno()

    def receive(self):
        """Return ``(message, fds)``, or None while it has not come whole.

        Raises EOFError at the end of the stream, ValueError for what is no message. Call it when
        the socket can be read.
        """
        while (missing := self._missing()) > 0:
            try:
                data = self._read(min(missing, READ))
            except BlockingIOError:
                return None
            except ConnectionError:
                raise EOFError from None
            if not data:
                raise EOFError
            if len(self._fds) > MOST_DESCRIPTORS:
                raise ValueError("too many descriptors")
            self._buffer += data
        return self._take()

    def _read(self, size):
        # Not socket.recv_fds: until Python 3.12 it forgets its flags, and waits.
        room = socket.CMSG_SPACE(MOST_DESCRIPTORS * DESCRIPTOR.size)
        data, ancillary, _flags, _address = self.sock.recvmsg(size, room, socket.MSG_DONTWAIT)
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                whole = len(content) - len(content) % DESCRIPTOR.size
                self._fds += [fd for (fd,) in DESCRIPTOR.iter_unpack(content[:whole])]
        return data

    def _missing(self):
        """Return how many bytes the message in hand still lacks."""
        if len(self._buffer) < LENGTH.size:
            return LENGTH.size - len(self._buffer)
        (length,) = LENGTH.unpack_from(self._buffer)
        if length > MOST_BYTES:
            raise ValueError("too long a message")
        return LENGTH.size + length - len(self._buffer)

    def _take(self):
        body, fds = bytes(self._buffer[LENGTH.size :]), self._fds
        try:
            message = json.loads(body)
        except RecursionError:
            raise ValueError("too deep a message") from None
        if not isinstance(message, dict):
            raise ValueError("not an object")
        self._buffer, self._fds = bytearray(), []
        return message, fds

    def close(self):
        """Close the socket, and what came over it and was not taken."""
        close_all(self._fds)
        self._fds = []
        self.sock.close()


def tell(fd, message):
    """Send one JSON line over the socket ``fd``, never waiting; one that is full or gone gets none.

    What is no socket gets none either: a pipe could not be written without the risk of waiting.
    """
    data = json.dumps(message).encode() + b"\n"
    with contextlib.suppress(OSError):
        sock = socket.socket(fileno=fd)
        try:
            sock.send(data, socket.MSG_DONTWAIT)
        finally:
            sock.detach()


def write_line(fd, message):
    """Write one JSON line to ``fd``; a reader that has gone is no error."""
    data = json.dumps(message).encode() + b"\n"
    try:
        while data:
            data = data[os.write(fd, data) :]
    except OSError:
        pass


def ready(sources, seconds):
    """Return which of ``sources`` (anything with a descriptor) can be read, within ``seconds``.

    Unlike ``select.select`` it takes descriptors above 1023, which a long-lived kernel has.
    """
    poll = select.poll()
    by_descriptor = {}
    for source in sources:
        fd = source if isinstance(source, int) else source.fileno()
        by_descriptor[fd] = source
        poll.register(fd, select.POLLIN)
    return [by_descriptor[fd] for fd, _event in poll.poll(max(0, seconds) * 1000)]


def close_all(fds):
    """Close every descriptor in ``fds``, closed ones too."""
    for fd in fds:
        with contextlib.suppress(OSError):
            os.close(fd)
