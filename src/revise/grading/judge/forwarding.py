"""What a stand-in does when Python applies an operation to it: it asks the other side."""

import builtins
import types

from .describing import COMPARISONS, OPERATORS, TEXTS, UNARY

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

WIRE = "_wire"
_class_dict = vars(type)["__dict__"].__get__
_DRIVER = "_driver"
OVERRIDABLE = COMPARISONS | OPERATORS | UNARY | TEXTS
"""What an instance that has a builtin's content asks its own class for, if that defines it."""


def wire(value: object):
    """Return the side over which a stand-in is asked."""
    return _state(value)[0]


def number(value: object) -> int:
    """Return the number that the other side knows a stand-in by."""
    return _state(value)[1]


def _state(value):
    if issubclass(type(value), type):
        return _class_dict(value)[WIRE]
    return object.__getattribute__(value, WIRE)


def forwarders(special: list[str], carries: type | None, is_function: bool) -> dict:
    """Return the methods of a class that stands for one with these operations."""
    made = {}
    for name in special:
        if carries is None or name in OVERRIDABLE or not hasattr(carries, name):
            made[name] = _forward(name, carries)
    if "__await__" in made:
        made |= DRIVEN
    if is_function:
        made["__get__"] = _bind
    return made


def _forward(name, carries):
    def ask(self, *args, **kwargs):
        return wire(self).special(self, name, args, kwargs)

    def compare(self, other):
        # Its content is compared here. Only two objects of the other side are its own affair.
        if type(type(other)) is type(type(self)) and wire(other) is wire(self):
            return wire(self).special(self, name, (other,))
        return getattr(carries, name)(self, other)

    made = compare if carries is not None and name in COMPARISONS else ask
    made.__name__ = made.__qualname__ = name
    return made


def _bind(self, instance, owner=None):
    return self if instance is None else types.MethodType(self, instance)


def _driver(self):
    """Return the coroutine of ours that awaits the other side's, one for each stand-in."""
    held = object.__getattribute__(self, "__dict__")
    if _DRIVER not in held:
        held[_DRIVER] = wire(self).awaiting(self)
    return held[_DRIVER]


def _await(self):
    return _driver(self).__await__()


def _send(self, value):
    return _driver(self).send(value)


def _throw(self, *error):
    return _driver(self).throw(*error)


def _close(self):
    if _DRIVER in object.__getattribute__(self, "__dict__"):
        _driver(self).close()


DRIVEN = {"__await__": _await, "send": _send, "throw": _throw, "close": _close}
