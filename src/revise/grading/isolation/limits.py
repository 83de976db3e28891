"""What a submission may use, and how each process of a learner's is held to it."""

import resource
from dataclasses import asdict, dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The limits of one submission. Seconds are wall time; sizes are bytes."""

    cell_seconds: float = 60.0
    """A cell that takes longer is interrupted; one that ignores that is ended, with its process."""
    notebook_seconds: float = 1200.0
    memory: int = 3072 * MIB
    """Of all the learner's processes together, beyond what they share with the warm nursery."""
    process_memory: int = 4096 * MIB
    """The address space of one process."""
    processes: int = 512
    """Processes and threads of the learner's."""
    files: int = 1024 * MIB
    """All that lies in the work folder, and as much again in /tmp and /dev/shm together."""
    file_size: int = 512 * MIB
    descriptors: int = 1024
    output: int = 1 * MIB
    """What is kept of one cell's output; the rest is cut, and the cut is told."""
    notebook_output: int = 16 * MIB

    def as_dict(self) -> dict:
        """Return the limits as plain data, for a job."""
        return asdict(self)


def hold(limits: Limits) -> None:
    """Hold this process, and all that it starts, to ``limits``. Root inside cannot raise them again."""
    for what, most in (
        (resource.RLIMIT_AS, limits.process_memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 1 * MIB),
        (resource.RLIMIT_MSGQUEUE, 1 * MIB),
    ):
        _soft, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
