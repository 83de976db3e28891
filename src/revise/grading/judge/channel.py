"""Messages between judge and learner: JSON objects, each after its length, over one stream socket.

Whatever bytes come from the other side, the only errors are those named here. A message is measured
before it is read and again before it is parsed, so that it can fill neither the memory nor the stack.
"""

import json
import socket
import struct
import threading
import time

from revise.errors import ChannelAbuse, ChannelClosed, ChannelTimeout

LENGTH = struct.Struct("!I")
MIB = 1024 * 1024
MOST_PARTS = (
    4_000_000  # commas and brackets: a few bytes of JSON each, up to 60 once they are parsed
)
PIECE = MIB


class Channel:
    """One end of the wire.

    ``timeout`` is the number of seconds that one `receive` may take, None for no limit. Raises
    `ChannelClosed` when the other side has gone, `ChannelTimeout` when it is too slow.
    """

    def __init__(self, sock: socket.socket, most: int = 64 * MIB, timeout: float | None = None):
        self._sock = sock
        self._most = most
        self._writing = threading.Lock()
        self.timeout = timeout

    def fileno(self) -> int:
        return self._sock.fileno()

    def close(self) -> None:
        self._sock.close()

    def send(self, message: dict, timeout: float | None = None) -> None:
        """Send one message. Raises ChannelAbuse, with nothing sent, when it is larger than allowed."""
        body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii")
        if len(body) > self._most:
            raise ChannelAbuse.too_large(len(body), self._most)
        limit = _until(self.timeout if timeout is None else timeout)
        with self._writing:
            self._write(LENGTH.pack(len(body)) + body, limit)

    def receive(self, timeout: float | None = None) -> dict:
        """Return the next message; ``timeout`` takes the channel's place for this one.

        Raises ChannelAbuse for anything that is no JSON object of a sane size and depth.
        """
        limit = _until(self.timeout if timeout is None else timeout)
        (length,) = LENGTH.unpack(self._read(LENGTH.size, limit))
        if length > self._most:
            raise ChannelAbuse.too_large(length, self._most)
        return _parse(self._read(length, limit))

    def _write(self, data: bytes, limit: float | None) -> None:
        view = memoryview(data)
        while view:
            self._sock.settimeout(_left(limit))
            try:
                view = view[self._sock.send(view[:PIECE]) :]
            except TimeoutError:
                raise ChannelTimeout.in_time() from None
            except OSError:
                raise ChannelClosed.by_peer() from None

    def _read(self, length: int, limit: float | None) -> bytes:
        data = bytearray()
        while len(data) < length:
            self._sock.settimeout(_left(limit))
            try:
                piece = self._sock.recv(min(PIECE, length - len(data)))
            except TimeoutError:
                raise ChannelTimeout.in_time() from None
            except OSError:
                raise ChannelClosed.by_peer() from None
            if not piece:
                raise ChannelClosed.by_peer()
            data += piece
        return bytes(data)


def _parse(body: bytes) -> dict:
    if sum(body.count(mark) for mark in (b",", b"[", b"{")) > MOST_PARTS:
        raise ChannelAbuse.malformed("it has too many parts")
    try:
        message = json.loads(body)
    # A number of very many digits is a ValueError, as bad JSON and bad UTF-8 are.
    except (ValueError, RecursionError, MemoryError) as error:
        raise ChannelAbuse.malformed(type(error).__name__) from None
    if type(message) is not dict:
        raise ChannelAbuse.malformed("it is no object")
    return message


def _until(seconds: float | None) -> float | None:
    return None if seconds is None else time.monotonic() + seconds


def _left(limit: float | None) -> float | None:
    if limit is None:
        return None
    left = limit - time.monotonic()
    if left <= 0:
        raise ChannelTimeout.in_time()
    return left
