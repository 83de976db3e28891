"""The nursery's process: warm, single-threaded, behind the wall. It forks a world for each submission.

Run by `nursery` as ``python -m revise.grading.isolation.inside FD``. It never sees a job: those go
from the grader to the judge of each world, over a socket that is only passed on here.
"""

import gc
import os
import signal
import socket
import sys

from revise.grading.judge import warmth
from revise.sandbox import wire, zygote

from . import namespaces


def main() -> None:
    """Warm up, say so, and fork a world for each request until the grader is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    os.umask(0o022)
    warmth.warm_up()
    # Collected once and frozen, the pages of the modules stay shared with the children.
    gc.collect()
    gc.freeze()
    namespaces.hide_memory()
    wire.send_message(control, {"ready": True})
    zygote.run(control, None, {"world": _world})


def _world(fds: list[int], *, limits: dict) -> int:
    from .world import run

    return run(fds, limits=limits)


if __name__ == "__main__":
    main()
