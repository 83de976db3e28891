"""What one side does for the other: every request is one of the functions in `REQUESTS`."""

import builtins
import copy as copying
import inspect
import types

from revise import plain
from revise.errors import NotPlain

from . import contents, describing

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

FLAGS = (
    inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
    | inspect.CO_ITERABLE_COROUTINE
)  # fmt: skip
# What Python does around the method matters here: its fallbacks, and its checks of the answer.
_BY_FUNCTION = {
    "__repr__": lambda one: str.__getitem__(repr(one), slice(None)),
    "__str__": lambda one: str.__getitem__(str(one), slice(None)),
    "__format__": lambda one, how: str.__getitem__(format(one, how), slice(None)),
    "__bool__": bool,
    "__len__": len,
    "__hash__": hash,
    "__int__": lambda one: int.__add__(int(one), 0),
    "__index__": lambda one: int.__add__(one.__index__(), 0),
    "__float__": lambda one: float.__mul__(float(one), 1.0),
    "__contains__": lambda one, item: item in one,
    "__iter__": iter,
    "__next__": next,
    "__reversed__": reversed,
    "__call__": lambda one, /, *args, **kwargs: one(*args, **kwargs),
    "__getitem__": lambda one, key: one[key],
}


def special(one, name, /, *args, **kwargs):
    """Apply one of Python's operations, as the operator does: by what the class of ``one`` has."""
    if name in _BY_FUNCTION:
        return _BY_FUNCTION[name](one, *args, **kwargs)
    cls = type(one)
    method = describing.lookup(cls, name)
    if method is None or name not in describing.SPECIAL:
        raise TypeError(f"{describing.name(cls)} has no {name}")
    if bind := describing.lookup(type(method), "__get__"):
        return bind(method, one, cls)(*args, **kwargs)
    return method(*args, **kwargs)


def signature(one) -> dict:
    """Return the signature of a callable: names, kinds, plain defaults, annotations as text."""
    found = inspect.signature(one)
    parameters = [
        {
            "name": parameter.name,
            "kind": int(parameter.kind),
            "optional": parameter.default is not parameter.empty,
            "default": _default(parameter.default),
            "annotation": _annotation(parameter.annotation),
        }
        for parameter in found.parameters.values()
    ]
    return {"parameters": parameters, "returns": _annotation(found.return_annotation)}


def _default(value):
    if value is inspect.Parameter.empty or plain.is_atom(value):
        return None if value is inspect.Parameter.empty else value
    try:
        return plain.copy(value)
    except NotPlain:
        return repr(value)


def _annotation(value):
    """Return an annotation as a list of one value, an empty one for none."""
    if value is inspect.Parameter.empty:
        return []
    if plain.is_atom(value):
        return [value]
    return [str.__str__(value) if type(value) is str else inspect.formatannotation(value)]


def flags(one) -> int:
    """Return which kind of function ``one`` is, as in a code object; 0 when it has no code."""
    while type(one) is types.MethodType:
        one = one.__func__
    return one.__code__.co_flags & FLAGS if type(one) is types.FunctionType else 0


def copy(one, deep):
    """Copy an object."""
    return copying.deepcopy(one) if deep else copying.copy(one)


def directory(one):
    """Return the names that an object has."""
    return [name for name in dir(one) if type(name) is str]


REQUESTS = {
    "special": special,
    "get": getattr,
    "set": setattr,
    "delete": delattr,
    "dir": directory,
    "copy": copy,
    "content": contents.shell_content,
    "signature": signature,
    "flags": flags,
}


def read_signature(told: dict) -> inspect.Signature:
    """Return the signature that `signature` told."""
    parameters = [
        inspect.Parameter(
            one["name"],
            inspect._ParameterKind(one["kind"]),
            default=one["default"] if one["optional"] else inspect.Parameter.empty,
            annotation=_read_annotation(one["annotation"]),
        )
        for one in told["parameters"]
    ]
    return inspect.Signature(parameters, return_annotation=_read_annotation(told["returns"]))


def _read_annotation(told):
    return told[0] if told else inspect.Signature.empty


def code(of: int) -> types.CodeType:
    """Return a code object, of no use but to tell what kind of function it belongs to."""
    return (lambda: None).__code__.replace(co_flags=(lambda: None).__code__.co_flags | (of & FLAGS))
