"""A program that another process started for the same project, as the judge sees it.

A setup cell starts a program on the learner's side. The same setup cell on the judge's side must not
start another: there the name stands for the learner's, found by what is noted in the project's folder.
"""

import json
import signal

from ..errors import SandboxError
from . import folders, hosting, programs


class FoundProgram(programs.Program):
    """``folder()`` and ``fork_server()`` return the learner's, whenever they are asked for."""

    def __init__(self, name, folder, fork_server):
        self.name = name
        self._find_folder, self._find_fork_server = folder, fork_server

    @property
    def folder(self):
        """The project's folder on the learner's side."""
        return self._find_folder()

    @property
    def port(self):
        """The port it was given, or None."""
        return self._noted("port")

    @property
    def pid(self):
        """Its process id, as the learner's side sees it."""
        return self._noted("pid")

    @property
    def alive(self):
        """Whether it runs."""
        return self._signalled(signal.SIGCONT)

    @property
    def returncode(self):
        """Nobody tells its exit status here: None while it runs, else 0."""
        return None if self.alive else 0

    def signal(self, number):
        """Send it a signal."""
        self._signalled(hosting.KILL if number == signal.SIGKILL else number)

    def stop(self):
        """Leave it: it ends with the process that started it."""

    def _signalled(self, number):
        return self._find_fork_server().signal(self._noted("host"), number)

    def _noted(self, what):
        """Return a number that was noted. A learner's code may have written there too."""
        path = programs.address_path(self.folder, self.name)
        try:
            number = json.loads(folders.read_text(path))[what]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            number = ...
        if type(number) not in (int, type(None)):
            raise SandboxError(
                f"{path.name} in {path.parent.name}/ cannot be read: {self.name} was not started."
            )
        return number
