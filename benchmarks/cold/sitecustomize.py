"""Take the sandbox's warm start away: each command, and each server, in an interpreter of its own.

That is what a notebook does that runs ``python manage.py`` in a subprocess. With this folder on PYTHONPATH
the same submissions show what stock grading takes when the course brings no fork server along.
"""

import sys

if "revise.sandbox.zygote" in sys.orig_argv:
    from revise.sandbox import preload

    preload.load = lambda modules=(): None
elif "ipykernel_launcher" in sys.orig_argv:
    from revise.sandbox.forkserver import ForkServer, OwnForkServer

    ask_the_warm_one = ForkServer.ask

    def ask(self, request, fds):
        """Ask a new interpreter, when a process is asked for."""
        server = OwnForkServer() if request["op"] in ("run", "serve") else self
        return ask_the_warm_one(server, request, fds)

    ForkServer.ask = ask
