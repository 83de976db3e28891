"""Messages between the kernel, the zygote and its children: JSON with file descriptors."""

import contextlib
import json
import os
import select
import socket
import struct

LENGTH = struct.Struct("!I")
MOST_DESCRIPTORS = 8


def send_message(sock, message, fds=()):
    """Send one message, with the descriptors in ``fds``, over a UNIX stream socket."""
    body = json.dumps(message).encode()
    # The descriptors ride on the length, so the reader gets them with its first read.
    socket.send_fds(sock, [LENGTH.pack(len(body))], fds)
    sock.sendall(body)


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
