"""How much memory the learner's processes take, told from /proc: a cgroup is not everybody's to make."""

import contextlib
import os

BLOCK = 512
"""What st_blocks counts in."""
PAGE = os.sysconf("SC_PAGE_SIZE")
SHARE_OF_THE_LARGEST = 8
"""When too much is used, whatever uses more than this part of the limit is ended."""


class Memory:
    """Counts what processes use beyond what they share with the warm process they were forked from.

    ``most`` is in bytes. What a fork has copied of the shared pages is not counted; it is bounded
    by the size of the warm process, and the number of processes is limited.
    """

    def __init__(self, most: int):
        self.most = most
        self.shared = _resident(os.getpid())

    def is_exceeded(self) -> bool:
        """Say whether all processes together use more than ``most``."""
        return sum(self._used().values()) > self.most or self._in_files() > self.most

    def largest(self, spared: set[int]) -> list[int]:
        """Return the processes that use much, largest first, without those in ``spared``."""
        used = {pid: size for pid, size in self._used().items() if pid not in spared}
        much = {pid for pid, size in used.items() if size > self.most / SHARE_OF_THE_LARGEST}
        return sorted(much or used, key=lambda pid: -used[pid])

    def _in_files(self) -> int:
        """Return what files without a name, kept in memory, take: no process's memory shows them."""
        sizes = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):  # it has ended
                for entry in os.scandir(f"/proc/{pid}/fd"):
                    if os.readlink(entry.path).startswith("/memfd:"):
                        about = entry.stat()
                        sizes[about.st_ino] = about.st_blocks * BLOCK
        return sum(sizes.values())

    def _used(self) -> dict[int, int]:
        pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
        return {pid: max(0, _resident(pid) - self.shared) for pid in pids}


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0  # it has ended
