"""Which object has which number: the own objects that the other side knows, and those of the other side."""

import builtins
import weakref

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

MOST_KEPT_ERRORS = 1000


class Exports:
    """The own objects that the other side has a stand-in for; they live as long as that."""

    def __init__(self):
        self._objects: dict[int, object] = {}
        self._refs: dict[int, int] = {}
        self._sent: dict[int, int] = {}
        self._next = 1

    def ref(self, value: object) -> int:
        """Return the number of an own object, a new one if it has none."""
        ref = self._refs.get(id(value))
        if ref is None:
            ref, self._next = self._next, self._next + 1
            self._refs[id(value)] = ref
            self._objects[ref] = value
        return ref

    def find(self, ref: int) -> object:
        """Return the own object of that number. Raises KeyError."""
        return self._objects[ref]

    def sent(self, refs: list[int]) -> None:
        """These went out, each once more."""
        for ref in refs:
            self._sent[ref] = self._sent.get(ref, 0) + 1

    def drop(self, ref: int, received: int) -> None:
        """The other side has no stand-in any more for what it received that many times."""
        if ref not in self._sent:
            return
        self._sent[ref] -= received
        if self._sent[ref] <= 0:  # otherwise it is on its way again
            del self._sent[ref]
            del self._refs[id(self._objects.pop(ref))]


class Imports:
    """The stand-ins for the other side's objects: one for each, as long as somebody holds it."""

    def __init__(self):
        self._found: dict[int, list] = {}
        self._kept: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        self.dropped: list[list[int]] = []

    def find(self, ref: int) -> object | None:
        """Return the stand-in for an object that has just been received, None if there is none yet."""
        entry = self._found.get(ref)
        found = entry and entry[0]()
        if found is not None:
            entry[1] += 1
        return found

    def add(self, ref: int, value: object, *, stays: bool = False) -> object:
        """Remember the stand-in for an object. ``stays``: it is an exception, kept for a while."""
        if stays:
            self._numbers[id(value)] = ref
            self._kept[ref] = id(value)
            self._found[ref] = [lambda: value, 1]
            while len(self._kept) > MOST_KEPT_ERRORS:
                self._forget(next(iter(self._kept)))
            return value

        def gone(_reference, entries=self._found, dropped=self.dropped):
            dropped.append([ref, entries.pop(ref)[1]])

        try:
            self._found[ref] = [weakref.ref(value, gone), 1]
        except TypeError:  # a number or tuple with a class of its own
            self._found[ref] = [lambda: value, 1]
        return value

    def ref(self, value: object) -> int | None:
        """Return the number of an exception that was received, None for any other."""
        return self._numbers.get(id(value))

    def take_dropped(self) -> list[list[int]]:
        """Return what to tell the other side, once."""
        taken = []
        while self.dropped:
            taken.append(self.dropped.pop())
        return taken

    def _forget(self, ref):
        del self._numbers[self._kept.pop(ref)]
        self.dropped.append([ref, self._found.pop(ref)[1]])
