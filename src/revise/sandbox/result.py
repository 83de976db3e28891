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


@dataclass(frozen=True, repr=False)
class SqlResult(Result):
    """What SQL gave: ``rows`` as lists, ``columns`` their names, ``tag`` as ``INSERT 0 1``.

    Dates and decimals are texts, as in a shell's value. It shows itself as a table; after an error
    ``error`` is one line, and ``rows`` is empty.
    """

    rows: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    tag: str | None = None

    @classmethod
    def of(cls, result):
        """Return the result of a command that ran SQL, with its rows taken apart."""
        told = result.value if isinstance(result.value, dict) else {}
        known = {name: told[name] for name in ("rows", "columns", "tag") if name in told}
        return cls(**{**vars(result), "value": known.get("rows")}, **known)
