"""What comes out of a submission's world."""

import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """What came of a job: outputs by cell id, and what a teacher should know."""

    cells: dict[str, list[dict]] = field(default_factory=dict)
    flags: list[dict] = field(default_factory=list)
    reason: str = ""
    """Why not every cell was run, in words; empty when each was."""
    cpu: float = 0.0
    """The CPU seconds that the submission's world took, all its processes together."""

    @classmethod
    def from_bytes(cls, data: bytes) -> "Outcome":
        """Read what ``as_bytes`` wrote."""
        return cls(**json.loads(data))

    def as_bytes(self) -> bytes:
        """Return the outcome as JSON."""
        return json.dumps(vars(self)).encode()
