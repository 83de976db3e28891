"""The spawner of a classroom: a learner's server behind a wall, a teacher's in the course folder.

JupyterHub's SimpleLocalProcessSpawner needs no accounts on the machine, and isolates nobody; this
one starts each learner's server with bubblewrap (revise.hub.wall). A teacher's server is not
wrapped: it grades, and so builds walls itself.
"""

import asyncio
import os
import sys
from pathlib import Path

from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Set, Unicode

from revise.errors import IsolationMissing, ServerNotIsolated
from revise.grading.isolation import bubblewrap, namespaces
from revise.hub import settings, wall

FIRST_USER = 200_000
"""Where root runs the hub, the learner of the hub's number 7 is user 200007 to the machine."""


class ClassroomSpawner(SimpleLocalProcessSpawner):
    """Starts the server of a learner or of a teacher on this machine."""

    course = Unicode(help="The course's folder, with source/ and gradebook.db.").tag(config=True)
    homes = Unicode(help="The folder that holds a home for everybody.").tag(config=True)
    teachers = Set(Unicode(), help="Names of those who teach.").tag(config=True)
    exchange_url = Unicode(help="The address of the exchange.").tag(config=True)

    @property
    def teaches(self) -> bool:
        return self.user.name in self.teachers

    @property
    def home(self) -> Path:
        """The home as the hub sees it."""
        return Path(self.homes) / self.user.name

    @property
    def machine_user(self) -> int:
        """Who the learner is to the machine, where root runs the hub."""
        return FIRST_USER + self.user.orm_user.id

    @property
    def owner(self) -> tuple[int, int]:
        """The user and group of the course's folder: who a teacher is to the machine."""
        about = os.stat(self.course)
        return about.st_uid, about.st_gid

    async def start(self):
        """Start the server. Raises ServerNotIsolated where there is no wall to be had."""
        self.lay_home()
        if self.teaches:
            self.notebook_dir = self.course
            self.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
            # nbgrader's pages grade in this process: whoever owns the course.
            self.args = ["--allow-root"] if os.getuid() == 0 == self.owner[0] else []
        else:
            await self.require_wall()
            self.notebook_dir = wall.HOME
            server = [sys.executable, "-m", "revise.hub.server"]
            self.cmd = wall.command(
                server, home=self.home, course=Path(self.course), user=self.machine_user
            )
            self.args = []
        return await super().start()

    async def require_wall(self) -> None:
        try:
            await asyncio.to_thread(bubblewrap.require)
        except IsolationMissing as error:
            refused = ServerNotIsolated.because(error.reason)
            refused.jupyterhub_message = str(refused)  # what the hub's page shows
            raise refused from None

    def lay_home(self) -> None:
        """Make the home, for its owner alone."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.getuid() == 0:
            user, group = self.owner if self.teaches else (self.machine_user, self.machine_user)
            _give(self.home, user, group)

    def make_preexec_fn(self, name):
        """Return what runs in the new process before the server: it ends with the hub, however that ends."""
        course, owner, teaches = self.course, self.owner, self.teaches

        def preexec():
            os.umask(0o077 if teaches else 0o022)
            if teaches:
                os.chdir(course)  # nbgrader reads the course's settings from where it runs
                if os.getuid() == 0 != owner[0]:
                    os.setgroups([])
                    os.setgid(owner[1])
                    os.setuid(owner[0])
                # After the change of user, which undoes it. A learner's wall does this by itself.
                namespaces.die_with_parent()

        return preexec

    def user_env(self, env):
        """Add where the course and the exchange are, and how JupyterLab looks."""
        env |= {
            "USER": self.user.name,
            "HOME": str(self.home) if self.teaches else wall.HOME,
            "SHELL": "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
            **settings.jupyter(self.teaches),
            "REVISE_COURSE": self.course if self.teaches else wall.COURSE,
            "REVISE_EXCHANGE": self.exchange_url,
        }  # fmt: skip
        return env


def _give(home: Path, user: int, group: int) -> None:
    """Make a home belong to ``user``: once, and following no link in it."""
    if home.stat().st_uid == user:
        return
    for folder, names, files in os.walk(home):
        for name in (*names, *files):
            os.lchown(os.path.join(folder, name), user, group)
    os.chown(home, user, group)
