"""Messages as values again. Every part is looked at before it is used: it may come from anybody."""

import builtins
import collections

from revise import plain

from . import contents, describing, exceptions, links, mirrors

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

MOST_NESTED = 300
MOST_CLASSES = 10_000
MOST_SPECIAL = 300


class Malformed(Exception):
    """A message is not as `packing` writes it."""


class Unpacker:
    """Unpacks the values of one message for ``side``. Any error it raises means a malformed message."""

    def __init__(self, side, message: dict):
        self.side = side
        self.nodes = _list(message.get("nodes"))
        self._made: dict[int, object] = {}
        self._left: list = []
        self._fresh: list = []
        for ref, description in _list(message.get("classes")):
            self._class(ref, description)

    def values(self, codes: list) -> list:
        """Return the values that ``codes`` stand for, and do the changes that came along."""
        values = [self.value(code) for code in codes]
        for index, node in enumerate(self.nodes):
            if node[0] in links.KINDS and self.side.links.find(node[1]) is not None:
                self._node(index, 0)
        while self._left:
            fill, *parts = self._left.pop()
            fill(*parts)
        for number, container in self._fresh:
            self.side.links.agree(number, container)
        return values

    def value(self, code: object, nested: int = 0) -> object:
        if type(code) is not list:
            return plain.decode(code)
        if nested > MOST_NESTED:
            raise Malformed("it is nested too deeply")
        match code:
            case ["@", int(index)]:
                return self._node(index, nested)
            case ["yours", int(ref)]:
                return self.side.exports.find(ref)
            case ["class", int(ref)]:
                return self.side.classes[ref]
        return plain.decode(code)

    def _node(self, index, nested):
        if index in self._made:
            made = self._made[index]
            if made is _UNDER_WAY:
                raise Malformed("a tuple contains itself")
            return made
        if not 0 <= index < len(self.nodes):
            raise Malformed("a part is missing")
        kind, *parts = self.nodes[index]
        self._made[index] = _UNDER_WAY
        if kind in links.KINDS:
            made = self._container(kind, *parts)
        elif kind == "object":
            made = self._object(nested, *parts)
        elif kind == "error":
            made = self._error(nested, *parts)
        else:
            items = [self.value(one, nested + 1) for one in _list(parts[0])]
            made = _immutable(kind, items)
        self._made[index] = made
        return made

    def _container(self, kind, number, same, items, *more):
        container = self.side.links.find(number)
        if container is not None and type(container) is not links.KINDS[kind]:
            raise Malformed("a container changed its type")
        if container is None or same is not True:
            if container is None:
                container = _empty(kind, *more)
            self._left.append((self._fill, container, kind, items, more))
        self._fresh.append((_number(number), container))
        return container

    def _fill(self, container, kind, items, more):
        if kind == "bytearray":
            content = plain.decode(items)
        elif issubclass(links.KINDS[kind], dict):
            content = [(self.value(key), self.value(one)) for key, one in _list(items)]
        else:
            content = [self.value(one) for one in _list(items)]
        links.fill(container, content)
        if kind == "defaultdict":
            container.default_factory = self.value(more[0])

    def _class(self, ref, description):
        if _number(ref) in self.side.classes:
            return
        if len(self.side.classes) > MOST_CLASSES:
            raise Malformed("there are too many classes")
        for part in ("name", "qualname", "module"):
            if type(description[part]) is not str or len(description[part]) > 1000:
                raise Malformed("a class has no name")
        special = _list(description["special"])
        if len(special) > MOST_SPECIAL or not describing.SPECIAL.issuperset(special):
            raise Malformed("a class has operations that there are not")
        bases = [self.value(base) for base in _list(description["bases"])]
        if not all(isinstance(base, type) for base in bases):
            raise Malformed("a class has no class for its base")
        cls = exceptions.library_class(description)
        self.side.classes[ref] = cls or mirrors.make_class(self.side, ref, description, bases)

    def _object(self, nested, ref, code, *content):
        known = self.side.imports.find(_number(ref))
        if known is not None:
            return known
        cls = self.value(code)
        if type(cls) is not mirrors.Mirror or issubclass(cls, BaseException):
            raise Malformed("an object has no class")
        base = describing.carried(cls) if content else None
        if base is None:
            made = mirrors.make_instance(cls)
        else:
            made = contents.carry(cls, base, self.value(content[0], nested + 1))
        return self.side.imports.add(ref, mirrors.attach(made, self.side, ref))

    def _error(self, nested, ref, told):
        known = self.side.imports.find(_number(ref))
        if known is not None:
            return known
        cls = self.value(told["class"])
        if not issubclass(cls, BaseException) or type(told["text"]) is not str:
            raise Malformed("an error is no exception")
        args = tuple(self.value(one, nested + 1) for one in _list(told["args"]))
        error = exceptions.rebuild(cls, args)
        if type(cls) is mirrors.Mirror:
            mirrors.attach(error, self.side, ref)
            object.__setattr__(error, "_text", told["text"])
        self.side.imports.add(ref, error, stays=True)
        self._left.append((self._finish_error, error, told))
        return error

    def _finish_error(self, error, told):
        held = vars(BaseException)["__dict__"].__get__(error)
        for name, code in told["attributes"].items():
            held[name] = self.value(code)
        for name in ("cause", "context"):
            other = self.value(told[name])
            if other is None or issubclass(type(other), BaseException):
                vars(BaseException)[f"__{name}__"].__set__(error, other)
        error.__suppress_context__ = told["quiet"] is True
        for note in (*_list(told["notes"]), told["where"]):
            if type(note) is str and note:
                BaseException.add_note(error, note)


_UNDER_WAY = object()


def _empty(kind, *more):
    if kind == "deque":
        return collections.deque((), *more)  # `more` is its maxlen  # noqa: RUF037
    return links.KINDS[kind]()


def _immutable(kind, items):
    if kind == "frozenset":
        members = set()
        links.fill(members, items)
        return frozenset(members)
    return {"tuple": tuple, "slice": lambda of: slice(*of)}[kind](items)


def _list(code):
    if type(code) is not list:
        raise Malformed("a list is missing")
    return code


def _number(code):
    if type(code) is not int:
        raise Malformed("a number is missing")
    return code
