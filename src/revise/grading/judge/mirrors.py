"""Classes that stand for the other side's classes; their instances stand for its objects.

They are real classes, made from a description, so that ``isinstance``, ``issubclass``, ``except``,
``pytest.raises`` and abstract base classes work. Whatever an instance is asked goes over the wire.
"""

import builtins

from revise import plain
from revise.errors import NotPlain

from . import describing
from .forwarding import DRIVEN, WIRE, forwarders, wire

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

LOCAL = "_local"
HIDDEN = ("_repr_", "_ipython_", "_render_")
"""What a notebook asks of everything it shows, exceptions too: a stand-in shows itself by its repr alone."""
_REMOTE = frozenset(("__dict__", "__doc__", "__module__", "__annotations__", "__weakref__"))
_OF_OBJECT = frozenset(dir(object)) - _REMOTE
_OF_TYPE = (frozenset(dir(type)) | {"__abstractmethods__"}) - {"__annotations__"}
_get, _set, _delete = object.__getattribute__, object.__setattr__, object.__delattr__


class Mirror(type):
    """The class of all classes that stand for one of the other side's."""

    def __new__(cls, name, bases, namespace, **_options):
        found = next(base.__name__ for base in bases if type(base) is Mirror)
        raise NotPlain.value(f"a subclass of {found} made in a check (use probe for that)")

    def __call__(cls, *args, **kwargs):
        return wire(cls).special(cls, "__call__", args, kwargs)

    def __getattribute__(cls, name):
        if name in _OF_TYPE or name.startswith(HIDDEN):
            return type.__getattribute__(cls, name)
        if name.startswith("__") and name in type.__getattribute__(cls, LOCAL):
            return type.__getattribute__(cls, name)
        return wire(cls).attribute(cls, name)

    def __setattr__(cls, name, value):
        wire(cls).call("set", cls, name, value)

    def __delattr__(cls, name):
        wire(cls).call("delete", cls, name)

    def __dir__(cls):
        return wire(cls).call("dir", cls)

    # What an enumeration is asked. Any other class answers with a TypeError.
    def __iter__(cls):
        return wire(cls).special(cls, "__iter__")

    def __getitem__(cls, key):
        return wire(cls).special(cls, "__getitem__", (key,))

    def __contains__(cls, item):
        return wire(cls).special(cls, "__contains__", (item,))

    def __len__(cls):
        return wire(cls).special(cls, "__len__")

    def __bool__(cls):
        return True


class Distant:
    """An object of the other side."""

    __slots__ = ()

    def __getattribute__(self, name):
        if name in type.__getattribute__(type(self), LOCAL):
            return _get(self, name)
        if name.startswith(HIDDEN):
            raise AttributeError(name)
        return wire(self).attribute(self, name)

    def __setattr__(self, name, value):
        wire(self).call("set", self, name, value)

    def __delattr__(self, name):
        wire(self).call("delete", self, name)

    def __dir__(self):
        return wire(self).call("dir", self)

    def __copy__(self):
        return wire(self).call("copy", self, False)

    def __deepcopy__(self, memo):
        return wire(self).call("copy", self, True)

    def __reduce_ex__(self, protocol):
        raise NotPlain.value(f"a {type(self).__name__}")


class Carrying(Distant):
    """An instance of a subclass of a builtin: it has the builtin's content, and what that can do."""

    __slots__ = ()
    # Again, because the builtin's own stand before those of Distant.
    __getattribute__ = Distant.__getattribute__
    __setattr__, __delattr__ = Distant.__setattr__, Distant.__delattr__


class Raised(Distant):
    """An exception of the other side's own class."""

    __slots__ = ()
    __getattribute__, __delattr__ = Distant.__getattribute__, Distant.__delattr__

    def __setattr__(self, name, value):
        # Python and pytest keep notes, causes and the traceback here: they stay on this side.
        if name.startswith("__") or name == "args":
            _set(self, name, value)
        else:
            Distant.__setattr__(self, name, value)

    def __str__(self):
        return _get(self, "_text")


def is_mirror(value: object) -> bool:
    """Whether ``value`` stands for something of another process, be it an object or a class."""
    return type(value) is Mirror or type(type(value)) is Mirror


def _added_to(self, other):
    """``[0] + self``: Python would read what this side's list contains, which is nothing."""
    return other + wire(self).call("content", self) if type(other) is list else NotImplemented


def make_class(side, ref: int, description: dict, bases: list[type]) -> type:
    """Return the class that stands for the one which the other side calls ``ref``."""
    name = description["name"]
    carries = plain.NAMED[description["carries"]] if description["carries"] else None
    kind = _kind(bases, carries)
    namespace = forwarders(description["special"], carries, description["function"])
    namespace.update({"__module__": description["module"], "__qualname__": description["qualname"]})
    if any(issubclass(base, list) for base in bases):
        namespace.setdefault("__radd__", _added_to)
    if kind is Raised:
        for one in describing.TEXTS:  # what it said came with it, and is not asked again
            namespace.pop(one, None)
    if carries:
        namespace["__hash__"] = carries.__hash__  # Python takes it away where __eq__ is defined
    elif not description["hashable"]:
        namespace["__hash__"] = None
    kept = [base for base in bases if _is_inheritable(base)]
    cls = _put_together(name, kept, kind, namespace)
    type.__setattr__(cls, LOCAL, _local_names(cls, kind, namespace))
    type.__setattr__(cls, WIRE, (side, ref))
    for base in bases:
        if base.__module__ == "collections.abc":
            base.register(cls)
    return cls


def _local_names(cls, kind, namespace):
    """Return what is looked up here, not asked for."""
    kept = dir(kind) if kind is Distant else _names(cls)
    operations = {one for one in namespace if one.startswith("__")}
    # What a task does with a coroutine.
    steps = DRIVEN if "__await__" in namespace else ()
    return _OF_OBJECT.union(kept, operations, steps) - _REMOTE


def _kind(bases, carries):
    if any(issubclass(base, BaseException) for base in bases):
        return Raised
    return Carrying if carries else Distant


def _names(cls):
    for base in cls.__mro__:
        if type(base) is not Mirror:
            yield from vars(base)
    if issubclass(cls, BaseException):
        yield "__notes__"  # made by the first add_note


def _is_inheritable(base):
    if type(base) is Mirror:
        return True
    return base in (*describing.CARRIED, *describing.SHELLS) or issubclass(base, BaseException)


def _put_together(name, bases, kind, namespace):
    """Make the class; bases that do not fit together here are left out."""
    for chosen in ((kind, *bases), (*bases, kind), (kind,)):
        try:
            return type.__new__(Mirror, name, _without_repeats(chosen), dict(namespace))
        except TypeError:
            continue
    raise ValueError(f"no class can be made of {name}")


def _without_repeats(bases):
    mirrors = [base for base in bases if type(base) is Mirror]
    covered = {one for base in mirrors for one in base.__mro__}
    return tuple(base for base in bases if base in mirrors or base not in covered)


def make_instance(cls: type) -> object:
    """Return an empty instance of a class made here."""
    for base in describing.SHELLS:
        if issubclass(cls, base):
            return base.__new__(cls)
    return object.__new__(cls)


def attach(value: object, side, ref: int) -> object:
    """Make ``value`` stand for the object that the other side calls ``ref``."""
    _set(value, WIRE, (side, ref))
    return value
