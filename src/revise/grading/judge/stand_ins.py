"""The judge's side of the wire: stand-ins for what the answer defines.

What an object of the learner's says of itself is believed where that is what a check asks about: what
it returns, how it compares with others of its kind, what it contains. It is not believed where any
answer would do: it never equals plain data, is neither less nor more than plain data, and cannot turn
a difference from a number into a number. An instance of a subclass of a builtin brings the builtin's
content along, and that is compared here.
"""

import types

from revise import plain
from revise.errors import AnswerExited, ChannelAbuse, ChannelTimeout, ForgedReply
from revise.probe import awaits

from . import describing, forwarding, mirrors
from .channel import Channel
from .conversation import Conversation

MOST_STEPS = 100_000
BY_VALUE = frozenset(
    ["__name__", "__qualname__", "__doc__", "__module__", "__annotations__", "__wrapped__"]
)
# Public names that lead from a generator, a coroutine or a traceback into the process.
INNER = ("gi_", "cr_", "ag_", "tb_", "f_", "co_")
INNER_TYPES = (
    *(types.ModuleType, types.FrameType, types.CodeType, types.CellType, types.TracebackType),
    *(types.MappingProxyType, types.GetSetDescriptorType, types.MemberDescriptorType),
)
OPERATIONS = describing.SPECIAL - describing.DESCRIPTORS
QUANTITIES = (int, float, complex, bool, *describing.CARRIED[7:])


class StandIns(Conversation):
    """Stand-ins for the objects of one process of the learner's.

    ``flags`` takes words for the teacher: what no honest program sends.
    """

    def __init__(self, channel: Channel):
        super().__init__(channel)
        self.flags: list[str] = []
        self._broken: Exception | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the process still works on what was asked, or cannot be talked to any more."""
        return bool(self._pending) or self._broken is not None

    def names(self, names: list[str]) -> dict[str, object]:
        """Return those of ``names`` that the answer has defined: plain data, or stand-ins."""
        return dict(self.call("names", list(names)))

    def run(self, code: str, data: dict) -> object:
        """Do what `revise.probe.probe` does, in the learner's process."""
        if awaits(code):
            return self._run_awaiting(code, data)
        return plain.copy(self.call("run", code, plain.copy(data)))

    async def _run_awaiting(self, code, data):
        return plain.copy(await self.call("run", code, plain.copy(data)))

    def special(self, target: object, name: str, args: tuple = (), kwargs: dict | None = None):
        """Ask for one of Python's operations; what must not be left to the learner is done here."""
        other = args[0] if args else None
        if name in describing.COMPARISONS and not self._is_theirs(other):
            return self._compare(target, name, other)
        if name == "__next__":
            _count_step(target)
        answer = super().special(target, name, args, kwargs)
        wanted = describing.EXACTLY.get(name)
        if wanted is not None and type(answer) is not wanted:
            raise self.malformed(f"{name} gave no {wanted.__name__}")
        if name in describing.OPERATORS and not self._is_theirs(other):
            return self._calculated(target, name, args, answer)
        return answer

    def _is_theirs(self, value):
        return mirrors.is_mirror(value) and forwarding.wire(value) is self

    def _calculated(self, target, name, args, answer):
        """Return what an operation with the check's own data gave: a number only if it is known here."""
        if type(answer) not in QUANTITIES or type(args[0]) not in QUANTITIES:
            return answer
        if base := describing.carried(type(target)):
            return getattr(base, name)(target, *args)
        raise TypeError(
            f"a {type(target).__name__} and a {type(args[0]).__name__} gave a "
            f"{type(answer).__name__}: return plain data where a number is asked for"
        )

    def _compare(self, target, name, other):
        if isinstance(target, describing.SHELLS):
            content = self.call("content", target)
            return getattr(type(content), name)(content, other)
        if name in ("__eq__", "__ne__") and _is_plain(other):
            return name == "__ne__"
        return NotImplemented

    # What the learner's side may do with objects of the judge's.

    def may_travel(self, value: object) -> bool:
        """Refuse what leads into this process: modules, frames, and the judge's own machinery."""
        module = str(type(value).__module__)
        return not isinstance(value, INNER_TYPES) and not module.startswith(
            ("revise.grading", "IPython", "ipykernel", "socket", "_pytest")
        )

    def is_secret(self, error: BaseException) -> bool:
        """The words of a failing assert say what a check expects."""
        return isinstance(error, AssertionError)

    def allow(self, op: str, target: object, args: list) -> None:
        """Let a learner call, iterate, await and read public names, and nothing else."""
        match target:
            case ["yours", int(ref)]:
                pass
            case _:
                raise self.malformed("it asks for what is not the check's")
        if isinstance(args[0], type) and ref not in self.handed:
            raise AttributeError("the check gave an object of this class, not the class")
        if op in ("await", "signature", "flags", "content"):
            return
        name = args[1] if len(args) > 1 else None
        if op == "get" and len(args) == 2 and _is_public(name):
            return
        if op == "special" and type(name) is str and name in OPERATIONS:
            return
        raise AttributeError(f"an object of the check can be called and read, not {op} {name!r}")

    # What may go wrong.

    def call(self, op: str, /, *args, **kwargs) -> object:
        """Ask for something and wait for it. Raises what the learner's code raised, as an Exception."""
        if self._broken is not None:
            raise type(self._broken)(str(self._broken))
        return super().call(op, *args, **kwargs)

    def malformed(self, why: str) -> Exception:
        """Return a ForgedReply; nothing more is asked of this process, and the teacher is told."""
        self._broken = ForgedReply.because(why[:200])
        self.flags.append(str(self._broken))
        return self._broken

    def exited(self, what: object) -> Exception:
        """Return an ordinary error for code that raised what ends a program."""
        if type(what) is not str:
            return self.malformed("it ends without a word")
        return AnswerExited.by(what[:200])

    def told(self, error: BaseException) -> tuple[str, object]:
        """Return how an exception of the check is told; one that ends the check is none of theirs."""
        if isinstance(error, ForgedReply) or not isinstance(error, Exception):
            raise error
        return "error", error

    def _receive(self):
        try:
            return super()._receive()
        except ChannelAbuse as abuse:
            self.flags.append(str(abuse))
            self._broken = abuse
            raise


def _is_plain(value):
    return plain.is_atom(value) or plain.is_plain_type(type(value))


def _is_public(name):
    if type(name) is not str or name in BY_VALUE:
        return type(name) is str
    return not name.startswith(("_", *INNER))


def _count_step(iterator):
    held = object.__getattribute__(iterator, "__dict__")
    held["_steps"] = held.get("_steps", 0) + 1
    if held["_steps"] > MOST_STEPS:
        raise ChannelTimeout.endless(MOST_STEPS)
