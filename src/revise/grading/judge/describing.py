"""What one side tells the other about a class: names and which operations it has, never code.

Everything is read from the class itself: a metaclass, ``__class__`` or ``__getattr__`` that lies is
not asked.
"""

import builtins
import datetime
import decimal
import fractions
import sys
import types

from revise import plain

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

COMPARISONS = frozenset(["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"])
_OPERATORS = [
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "divmod",
    "pow",
    "lshift",
    "rshift",
    "and",
    "xor",
    "or",
]
OPERATORS = frozenset(f"__{how}{name}__" for name in _OPERATORS for how in ("", "r", "i"))
UNARY = frozenset(
    [
        "__neg__",
        "__pos__",
        "__abs__",
        "__invert__",
        "__round__",
        "__trunc__",
        "__floor__",
        "__ceil__",
    ]
)
# Conversions, with the one type that the answer may have.
EXACTLY = {
    **{f"__{name}__": str for name in ("str", "repr", "format")},
    **{f"__{name}__": int for name in ("int", "index", "len", "hash")},
    **{f"__{name}__": bool for name in ("bool", "contains")},
    "__float__": float,
    "__complex__": complex,
    "__bytes__": bytes,
    "__fspath__": str,
}
TEXTS = frozenset(("__str__", "__repr__", "__format__"))
COLLECTION = frozenset(
    ["__iter__", "__next__", "__reversed__", "__getitem__", "__setitem__", "__delitem__"]
)
CALLS = frozenset(
    [
        "__call__",
        "__enter__",
        "__exit__",
        "__aenter__",
        "__aexit__",
        "__aiter__",
        "__anext__",
        "__await__",
    ]
)
DESCRIPTORS = frozenset(["__get__", "__set__", "__delete__", "__set_name__"])
# No operators, but what tells an abstract base class that this is a generator, a mapping, …
METHODS = frozenset(
    [
        "send",
        "throw",
        "close",
        "asend",
        "athrow",
        "aclose",
        "keys",
        "items",
        "values",
        "get",
        "index",
        "count",
        "append",
        "add",
        "discard",
    ]
)
SPECIAL = frozenset().union(
    *(COMPARISONS, OPERATORS, UNARY, EXACTLY, COLLECTION, CALLS, DESCRIPTORS, METHODS)
)

CARRIED = (
    *(str, bytes, int, float, complex, tuple, frozenset, decimal.Decimal, fractions.Fraction),
    *(datetime.datetime, datetime.date, datetime.timedelta),
)
"""An instance of a subclass of one of these takes the builtin's own content along."""
SHELLS = (list, dict)
"""An instance of a subclass of one of these counts as one, and is asked for what it contains."""
FUNCTIONS = (types.FunctionType, types.MethodType)

_name = vars(type)["__name__"].__get__
_qualname = vars(type)["__qualname__"].__get__
_mro = vars(type)["__mro__"].__get__
_bases = vars(type)["__bases__"].__get__
_dict = vars(type)["__dict__"].__get__


def is_class(value: object) -> bool:
    """Whether ``value`` is a class, whatever it says of itself."""
    return issubclass(type(value), type)


def name(cls: type) -> str:
    """Return the name of a class."""
    return str.__str__(_name(cls))


def bases(cls: type) -> tuple[type, ...]:
    """Return the bases of a class."""
    return _bases(cls)


def carried(cls: type) -> type | None:
    """Return the builtin whose content an instance of ``cls`` takes along, None if it has none."""
    if any(base is cls for base in CARRIED):
        return None
    # By identity: what a class equals is its metaclass's to say.
    return next((base for base in CARRIED if any(base is one for one in _mro(cls))), None)


def lookup(cls: type, attribute: str) -> object | None:
    """Return what instances of ``cls`` have under that name, as Python finds it for an operator."""
    for base in _mro(cls):
        if attribute in _dict(base):
            return _dict(base)[attribute]
    return None


def describe(cls: type, coded_bases: list) -> dict:
    """Return the description of a class, whose bases are coded already."""
    module = _dict(cls).get("__module__")
    module = module if type(module) is str else "builtins"
    base = carried(cls)
    return {
        "name": name(cls),
        "qualname": str.__str__(_qualname(cls)),
        "module": module,
        "bases": coded_bases,
        "special": sorted(_specials(cls, base)),
        "hashable": lookup(cls, "__hash__") is not None,
        "carries": None if base is None else plain.NAMES[id(base)],
        "function": cls is types.FunctionType,
        "error": found_by_name(cls) if issubclass(cls, BaseException) else False,
    }


def _specials(cls, base):
    """Return the operations of a class: of one that takes content along, those that it has changed."""
    known = set()
    for one in _mro(cls):
        if one is object or (base is not None and id(one) in plain.NAMES):
            continue
        known.update(SPECIAL.intersection(_dict(one)))
    return {one for one in known if lookup(cls, one) is not None}


def found_by_name(cls: type) -> bool:
    """Whether a class of a library stands where its name says."""
    module = sys.modules.get(str(_dict(cls).get("__module__")))
    return module is not None and vars(module).get(name(cls)) is cls
