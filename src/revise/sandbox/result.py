"""What a command gave: exit status, output, and for a shell the value of its last expression."""

from dataclasses import dataclass, field


@dataclass(frozen=True, repr=False)
class Result:
    """The end of one command. It shows itself as a terminal does.

    >>> library.manage("check")
    System check identified no issues (0 silenced).
    """

    returncode: int
    stdout: str
    stderr: str
    value: object = None
    error: str | None = None
    display: dict = field(default_factory=dict)
    cpu: float = 0.0  # seconds, with the processes it waited for

    def __repr__(self):
        return self._repr_mimebundle_()["text/plain"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        from .display import result_bundle

        return result_bundle(self)
