"""The command that starts a learner's server behind a wall: what of the machine it sees.

Grading's wall (revise.grading.isolation.bubblewrap) with what a person at work needs: a home that
lasts, the network (the hub and the learner's own projects are on loopback), terminals. Of the
machine there is Python with this course's packages, read-only. There is no other home, no course
folder with solutions and gradebook, no process of anybody else.

The environment is inherited, not written into the command: it holds a token, and a command can be
read by everyone who may list processes.
"""

import os
import sys
from pathlib import Path

from revise.grading.isolation import bubblewrap
from revise.grading.isolation.bubblewrap import HOME, USER

COURSE = "/srv/course"
"""Where the published course is, read-only; ``work`` in it is the learner's own."""
# What of a course everybody may read: no solutions are in it.
PUBLISHED = ("notebooks", "sections/syllabus.toml", "nbgrader_config.py")
FOLLOW = Path(__file__).with_name("follow.py")
NETWORK = ("/etc/resolv.conf", "/etc/ca-certificates")


def command(program: list[str], *, home: Path, course: Path, user: int) -> list[str]:
    """Return the command that runs ``program`` with nothing but ``home`` to write to.

    ``user`` is the number that the machine sees in place of root, when root runs the hub; inside,
    one is always the same. Raises IsolationMissing where bubblewrap cannot be had.
    """
    bwrap = str(bubblewrap.find_bwrap())
    shown = tuple(Path(path) for path in NETWORK if os.path.exists(path))
    made = [*bubblewrap.visible(shown), f"{HOME}/home", f"{COURSE}/sections/syllabus"]
    base = [*bubblewrap.folders(made), *bubblewrap.read_only(shown)]
    published = [name for name in PUBLISHED if (course / name).exists()]
    world = [
        *base,
        *(o for name in published for o in ("--ro-bind", str(course / name), f"{COURSE}/{name}")),
        *("--bind", str(home), HOME),
    ]
    if os.getuid() != 0:
        return [*_inner(bwrap, world), *program]
    # As in grading: root shows the same files to somebody who is not root, and who builds the wall.
    outer = [bwrap, "--die-with-parent", *world, "--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]  # fmt: skip
    again = [
        *base,
        *(o for name in published for o in ("--ro-bind", f"{COURSE}/{name}", f"{COURSE}/{name}")),
        *("--bind", HOME, HOME),
    ]
    follow = [sys.executable, "-I", "-S", str(FOLLOW), str(user)]
    return [*outer, "--chdir", "/", "--", *follow, *_inner(bwrap, again), *program]


def _inner(bwrap: str, world: list[str]) -> list[str]:
    return [
        # Nobody inside makes a user namespace of their own: in it they would be root to the kernel.
        *(bwrap, "--unshare-user", "--disable-userns"),
        *("--unshare-pid", "--unshare-ipc", "--unshare-uts"),
        *("--uid", str(USER), "--gid", str(USER), "--cap-drop", "ALL"),
        *("--die-with-parent", "--new-session", *world),
        # A link, not a mount: a path in a learner's home is never followed from outside.
        *("--symlink", f"{HOME}/work", f"{COURSE}/work"),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--remount-ro", "/"),
        *("--chdir", HOME, "--"),
    ]
