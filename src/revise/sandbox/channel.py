"""What supervisor and worker say to each other: connections one way, news of them the other.

Supervisor to worker: five bytes, an operation and a connection's number, with the connection
itself beside `CONNECT`. Worker to supervisor: one JSON message a line.
"""

import json
import socket
import struct

from .wire import write_line

ORDER = struct.Struct("!cI")
CONNECT, DROP, WHERE = b"c", b"x", b"w"

# News of a connection: some of it was read; its request reached the application; its response
# began or went on; it became a WebSocket, which may last; the application is done with it.
READ, BEGUN, STARTED, UPGRADED, DONE = "read", "begun", "started", "upgraded", "done"


def send_order(channel, operation, number=0, connection=None):
    """Send one order to a worker. Raises OSError when the worker is gone."""
    socket.send_fds(
        channel, [ORDER.pack(operation, number)], [connection.fileno()] if connection else []
    )


def receive_order(channel):
    """Return ``(operation, number, connection or None)``, or None when the supervisor is gone."""
    data, fds, _flags, _address = socket.recv_fds(channel, ORDER.size, 1)
    if len(data) < ORDER.size:
        return None
    operation, number = ORDER.unpack(data)
    return operation, number, socket.socket(fileno=fds[0]) if fds else None


class News:
    """Reads a worker's messages from its channel."""

    def __init__(self, channel):
        self.channel = channel
        self._buffer = b""

    def read(self):
        """Return the messages that have come, without waiting."""
        while True:
            try:
                data = self.channel.recv(65536, socket.MSG_DONTWAIT)
            except (BlockingIOError, ConnectionError):
                break
            if not data:
                break
            self._buffer += data
        *lines, self._buffer = self._buffer.split(b"\n")
        return [json.loads(line) for line in lines]


def tell(channel, **message):
    """Send one message to the supervisor; one that is gone is no error here."""
    write_line(channel.fileno(), message)
