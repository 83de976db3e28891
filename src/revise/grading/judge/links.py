"""Lists, dicts and sets that both processes hold: a change on one side is seen on the other.

Each such container has a number on both sides. With every message goes what has changed since the
last one, so that "your function changed its argument" can be told, and "in place" be asked for. What
nobody on this side holds any more is let go, and the oldest when there are many: from then on the two
are copies like any others.
"""

import builtins
import collections
from collections.abc import Iterator
from operator import is_
from sys import getrefcount

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

MOST_LINKS = 200
MOST_ITEMS = 20_000
UNHELD = 3  # references to a container: its entry here, a loop's name, and the question itself
KINDS = {
    one.__name__: one
    for one in (
        *(list, dict, set, bytearray, collections.deque, collections.Counter),
        *(collections.OrderedDict, collections.defaultdict),
    )
}
LINKED = frozenset(map(id, KINDS.values()))


class Links:
    """The linked containers of one side. ``first`` is 0 or 1: each side numbers its own."""

    def __init__(self, first: int):
        self._next = first
        self.is_paused = False
        self._known: dict[int, tuple[object, list]] = {}
        self._numbers: dict[int, int] = {}

    def number(self, container: object) -> int:
        """Return the number of a container, a new one if it has none."""
        number = self._numbers.get(id(container))
        if number is None:
            number, self._next = self._next, self._next + 2
        return number

    def find(self, number: int) -> object | None:
        """Return the container of that number, or None when it is not known (any more)."""
        return self._known.get(number, (None,))[0]

    def agree(self, number: int, container: object) -> None:
        """Both sides have what ``container`` holds now."""
        self._known.pop(number, None)  # the youngest stands last
        self._known[number] = container, flat(container)
        self._numbers[id(container)] = number

    def is_changed(self, number: int) -> bool:
        """Whether a container holds something else than both sides agreed on, or is new."""
        if number not in self._known:
            return True
        container, agreed = self._known[number]
        now = flat(container)
        return len(now) != len(agreed) or not all(map(is_, now, agreed))

    def changed(self) -> Iterator[object]:
        """Yield every container that has changed."""
        for number in [] if self.is_paused else list(self._known):
            if self.is_changed(number):
                yield self._known[number][0]

    def trim(self) -> None:
        """Let go what nobody else holds, and the oldest when there are too many."""
        items = 0
        for number, (container, agreed) in list(self._known.items()):
            if getrefcount(container) <= UNHELD:
                self._forget(number)
            else:
                items += len(agreed)
        while self._known and (len(self._known) > MOST_LINKS or items > MOST_ITEMS):
            items -= len(self._forget(next(iter(self._known))))

    def _forget(self, number):
        container, agreed = self._known.pop(number)
        del self._numbers[id(container)]
        return agreed


def flat(container: object) -> list:
    """Return everything that a container holds, in order."""
    if isinstance(container, dict):
        return [*container.keys(), *container.values(), *_factory(container)]
    if type(container) is bytearray:
        return [bytes(container)] if container else []
    return list(container)


def _factory(container):
    return [container.default_factory] if type(container) is collections.defaultdict else []


def fill(container: object, items: list) -> None:
    """Make a container hold ``items`` and nothing else; of a dict these are pairs."""
    container.clear()
    if isinstance(container, dict):
        for key, value in items:
            container[key] = value
    elif type(container) is set:
        for item in items:  # in one step, members of one hash could not be interrupted
            container.add(item)
    else:
        container.extend(items)
