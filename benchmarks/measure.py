"""Measure a run of programs: wall time, CPU of every process that they started, memory at its peak."""

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from revise.sandbox import processes

SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Measured:
    """``wall`` and ``cpu`` in seconds, ``memory`` in MiB (proportional set sizes, all processes)."""

    wall: float
    cpu: float
    memory: float


def run(*commands: list[str], cwd: Path, env: dict[str, str] | None = None) -> Measured:
    """Run ``commands`` side by side until all their processes are gone; measure all of them together.

    ``env`` is added to the environment.

    Raises CalledProcessError when one fails. A process that loses its parent becomes this one's
    child, so that what a killed kernel leaves behind is counted too.
    """
    processes.adopt_orphans()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    with _Memory() as memory:
        running = [
            subprocess.Popen(
                command,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for command in commands
        ]
        said = [one.communicate()[0] for one in running]
        wall = time.perf_counter() - started
        _reap_all()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    for one, words in zip(running, said, strict=True):
        if one.returncode:
            raise subprocess.CalledProcessError(one.returncode, one.args, words)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall, cpu, memory.peak)


@contextlib.contextmanager
def waited() -> Iterator[SimpleNamespace]:
    """Measure the CPU of the children that are waited for in the block: ``.cpu``, in seconds."""
    processes.adopt_orphans()
    usage = SimpleNamespace(cpu=0.0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield usage
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    usage.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _reap_all() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


class _Memory:
    """Samples the memory of this process's descendants in a thread."""

    def __enter__(self):
        self.peak, self._over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

    def _sample(self):
        while not self._over.wait(SAMPLE_SECONDS):
            sizes = map(_proportional, processes.descendants(os.getpid()))
            self.peak = max(self.peak, sum(sizes))


def _proportional(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass  # it has ended
    return 0.0
