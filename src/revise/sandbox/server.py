"""A project's server, seen from the kernel: started, watched, stopped."""

import errno
import os
import socket

from ..errors import PortInUse, SandboxError
from .forkserver import fork_server

HOST = "127.0.0.1"
STOP_SECONDS = 5.0


class Server:
    """The supervisor of one project; it ends when the lifeline that this object holds closes."""

    def __init__(self, request, port):
        """Start serving; ``port`` 0 takes a free one. Raises PortInUse or SandboxError."""
        self.owner = os.getpid()
        with _listen(port) as listener:
            self.port = listener.getsockname()[1]
            theirs, self.lifeline = os.pipe()
            try:
                self.child = fork_server().ask(
                    {"op": "serve", **request}, [os.dup(listener.fileno()), theirs]
                )
            except BaseException:
                os.close(self.lifeline)
                raise

    @property
    def alive(self):
        """Whether the supervisor still runs."""
        return self.owner == os.getpid() and not self.child.poll()

    def stop(self):
        """End the supervisor and its workers; wait until they are gone."""
        if self.lifeline is None or self.owner != os.getpid():
            return
        os.close(self.lifeline)
        self.lifeline = None
        if not self.child.wait(STOP_SECONDS):
            self.child.kill()
        self.child.close()


def _listen(port):
    """Return a listening socket. Bound in the kernel, so that a taken port is told there."""
    listener = socket.socket()
    try:
        # A port that this kernel has just left may be taken again at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse.number(port) from None
        raise SandboxError(f"cannot listen on port {port}: {error.strerror}") from None
    return listener
