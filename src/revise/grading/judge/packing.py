"""Values as messages. Plain data goes by value, everything else by a number that its owner knows.

Containers stand in a flat list of nodes and point to each other by index: shared and cyclic ones keep
their shape, and nothing that is nested can exhaust the stack.
"""

import builtins
import sys
import types

from revise import plain
from revise.errors import NotPlain

from . import contents, describing, exceptions, links

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

MOST_NESTED = 100  # tuples in tuples
MOST_NODES = 300_000
IMMUTABLE = {id(tuple): "tuple", id(frozenset): "frozenset", id(slice): "slice"}


class Packer:
    """Packs the values of one message; ``side`` is whose objects they are."""

    def __init__(self, side):
        self.side = side
        self.nodes: list = []
        self.classes: list = []
        self._index: dict[int, int] = {}
        self._left: list = []
        self._kept: list = []
        self._links: dict[int, object] = {}
        self._refs: list[int] = []
        self._classes_given: list = []
        self.described: dict[int, None] = {}

    def value(self, value: object, nested: int = 0) -> object:
        """Return ``value`` as JSON. Raises NotPlain for what may not travel."""
        kind = type(value)
        if plain.is_atom(value):
            return plain.encode(value)
        if id(kind) in links.LINKED or id(kind) in IMMUTABLE:
            return self._node(value, self._container, nested)
        if (ref := self.side.ref_of_theirs(value)) is not None:
            return ["yours", ref]
        if kind is types.TracebackType:
            return None
        if describing.is_class(value):
            code = self.class_(value)
            self._classes_given.append(code)
            return code
        if issubclass(kind, BaseException):
            return self._node(value, self._error, nested)
        numpy = sys.modules.get("numpy")
        if numpy and issubclass(kind, numpy.generic) and not issubclass(kind, numpy.void):
            return self.value(self._keep(value.item()), nested)
        return self._node(value, self._object, nested)

    def finish(self, message: dict) -> dict:
        """Add everything that the values hold, and what has changed since the last message."""
        while True:
            while self._left:
                index, pack, value, nested = self._left.pop()
                self.nodes[index] = pack(value, nested)
            for container in self.side.links.changed():
                if id(container) not in self._index:
                    self._node(container, self._container, 0)
            if not self._left:
                break
        message.update(nodes=self.nodes, classes=self.classes)
        return message

    def commit(self) -> None:
        """The message is on its way: both sides agree from now on."""
        for number, container in self._links.items():
            self.side.links.agree(number, container)
        self.side.exports.sent(self._refs)
        self.side.described.update(self.described)
        self.side.handed.update(code[1] for code in self._classes_given if code[0] == "class")

    def _keep(self, value):
        self._kept.append(value)  # while it is packed, its id is nobody else's
        return value

    def _node(self, value, pack, nested):
        index = self._index.get(id(value))
        if index is None:
            if nested > MOST_NESTED:
                raise NotPlain.too_deep()
            if len(self.nodes) >= MOST_NODES:
                raise NotPlain.too_many(MOST_NODES)
            index = self._index[id(self._keep(value))] = len(self.nodes)
            self.nodes.append(None)
            self._left.append((index, pack, value, nested))
        return ["@", index]

    def _container(self, value, nested):
        kind = type(value)
        if id(kind) in IMMUTABLE:
            parts = (value.start, value.stop, value.step) if kind is slice else value
            return [IMMUTABLE[id(kind)], [self.value(one, nested + 1) for one in parts]]
        number = self.side.links.number(value)
        same = not self.side.links.is_changed(number)
        self._links[number] = value
        node = [kind.__name__, number, same]
        if issubclass(kind, dict):
            pairs = [[self.value(key), self.value(one)] for key, one in list(value.items())]
            more = [self.value(value.default_factory)] if hasattr(value, "default_factory") else []
            return [*node, pairs, *more]
        if kind is bytearray:
            return [*node, plain.encode(bytes(value))]
        items = [self.value(one) for one in list(value)]
        return [*node, items, value.maxlen] if kind is links.KINDS["deque"] else [*node, items]

    def class_(self, cls: type) -> object:
        """Return a class: by its name where both sides have it, else by number and description."""
        return plain.encode(cls) if id(cls) in plain.NAMES else self._described(cls)

    def _described(self, cls):
        ref = self.side.exports.ref(cls)
        if ref not in self.side.described and ref not in self.described:
            self.described[ref] = None
            bases = [self.class_(base) for base in describing.bases(cls)]
            self.classes.append([ref, describing.describe(cls, bases)])
        return ["class", ref]

    def _object(self, value, nested):
        kind = type(value)
        if not self.side.may_travel(value):
            raise NotPlain.value(f"a {describing.name(kind)}")
        self._refs.append(ref := self.side.exports.ref(value))
        node = ["object", ref, self._described(kind)]
        base = describing.carried(kind)
        if base is None:
            return node
        return [*node, self.value(self._keep(contents.content(value, base)), nested + 1)]

    def _error(self, value, nested):
        self._refs.append(ref := self.side.exports.ref(value))
        told = exceptions.tell(value, self.side)
        told["class"] = self.class_(type(value))
        told["args"] = [self.value(self._keep(one), nested + 1) for one in told["args"]]
        held = told["attributes"].items()
        told["attributes"] = {key: self.value(one, nested + 1) for key, one in held}
        for name in ("cause", "context"):
            chained = nested < exceptions.MOST_CAUSES
            told[name] = self.value(told[name] if chained else None, nested + 1)
        return ["error", ref, told]
