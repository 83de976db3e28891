"""The judge's `Project`: the learner's live project, seen from another process.

A setup cell runs on both sides. On the learner's it lays the project in which the answer is written.
On the judge's it lays a mirror of that, in a folder that only the judge has, so that the judge has the
names that the setup cell makes, untouched by any answer. When a check runs, the same `Project`
stands for the learner's folder; its commands and its server run on the learner's side.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import revise
from revise.grading.isolation.world import MIRROR, WORK
from revise.sandbox import forkserver, programs, project, zygote
from revise.sandbox.folders import SANDBOX
from revise.sandbox.found import FoundProgram

_is_mirroring = False
_learners_fork_server: forkserver.ForkServer | None = None
_own_fork_server: forkserver.ForkServer | None = None


class Project(project.Project):
    """A project that is laid in the mirror and used on the learner's side."""

    @property
    def _folder(self) -> Path:
        return self._mirror if _is_mirroring else Path(WORK) / SANDBOX / self._mirror.name

    @_folder.setter
    def _folder(self, folder: Path) -> None:
        self._mirror = folder

    def _lay_database(self, source: Path) -> None:
        """The mirror has a database of its own only when a setup cell uses it: no check does."""
        self._without_database = source

    def _require_attempt(self) -> None:
        if _is_mirroring and (source := vars(self).pop("_without_database", None)):
            super()._lay_database(source)
        super()._require_attempt()

    @property
    def url(self) -> str:
        """The address of the learner's project, also in a setup cell: there is one server."""
        with learners_side():
            return super().url

    def start(self, *argv, name=None, **options) -> programs.Program:
        """In a setup cell: the learner's program, which runs already. In a check: one of its own."""
        if not _is_mirroring:
            return super().start(*argv, name=name, **options)
        return FoundProgram(
            programs.checked_name(name or Path(argv[0]).name),
            lambda: Path(WORK) / SANDBOX / self._mirror.name,
            lambda: _learners_fork_server,
        )


Project.__name__ = Project.__qualname__ = project.Project.__name__
Project.__module__ = project.Project.__module__


def attach(to_the_learners: socket.socket) -> None:
    """Make every `Project` of this process an attached one; its commands go over ``to_the_learners``."""
    global _learners_fork_server
    revise.Project = project.Project = Project
    _learners_fork_server = forkserver.attach(to_the_learners)


@contextlib.contextmanager
def mirror() -> Iterator[None]:
    """In the block a cell works on the mirror, with the judge's own fork server."""
    global _is_mirroring, _own_fork_server
    if _own_fork_server is None:
        _own_fork_server = _start_own()
    with _changed(True, MIRROR, _own_fork_server):
        yield


@contextlib.contextmanager
def learners_side() -> Iterator[None]:
    """In the block a cell works on the learner's project."""
    with _changed(False, WORK, _learners_fork_server):
        yield


@contextlib.contextmanager
def _changed(mirroring: bool, folder: str, server) -> Iterator[None]:
    global _is_mirroring
    before = _is_mirroring, os.getcwd(), forkserver._current
    _is_mirroring, forkserver._current = mirroring, server
    os.chdir(folder)
    try:
        yield
    finally:
        _is_mirroring, place, forkserver._current = before
        os.chdir(place)


def _start_own() -> forkserver.ForkServer:
    """Fork a fork server from this process, which is warm already."""
    from revise.sandbox import processes

    ours, theirs = socket.socketpair()
    if processes.fork() == 0:
        try:
            ours.close()
            zygote.run(theirs, None)
        finally:
            os._exit(0)
    theirs.close()
    return forkserver.AttachedForkServer(ours)
