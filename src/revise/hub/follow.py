"""Run by root as a script: become somebody else, run a command, and let it end when one's parent has ended.

The kernel's parent-death signal does not do here: the parent is root without a capability, who may
not signal another user's processes. https://man7.org/linux/man-pages/man2/pidfd_open.2.html
"""

import os
import select
import subprocess
import sys


def main(user: int, command: list[str]) -> int:
    """Run ``command`` as the user and group ``user``; return its exit status."""
    parent = os.pidfd_open(os.getppid())
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
    child = subprocess.Popen(command)
    ended = select.poll()
    ended.register(parent, select.POLLIN)
    ended.register(os.pidfd_open(child.pid), select.POLLIN)
    ended.poll()
    child.kill()  # where it has ended by itself, this does nothing
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
