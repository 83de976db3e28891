"""Plain data: values that are what they hold, and can leave a process as text.

Numbers, texts, dates, paths and the like (here called atoms) and the builtin containers of them.
Exact types only: an instance of a subclass may answer anything, so it is no plain data.
"""

import base64
import builtins
import collections
import collections.abc
import copy as copying
import datetime
import decimal
import fractions
import ipaddress
import pathlib
import re
import uuid
import zoneinfo

from revise.errors import NotPlain

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

LARGE = 2**53
"""Integers from here on travel in hexadecimal: Python reads long decimal numbers slowly or not at all."""

# Functions that could do something with a text, an attribute or a file that the other side chose stay out.
FUNCTIONS = (
    *(
        abs,
        all,
        any,
        ascii,
        bin,
        callable,
        chr,
        divmod,
        hash,
        hex,
        id,
        isinstance,
        issubclass,
        iter,
    ),
    *(len, max, min, next, oct, ord, pow, repr, round, sorted, sum),
)
TYPES = (
    *(bool, bytearray, bytes, classmethod, complex, dict, enumerate, filter, float, frozenset, int),
    *(
        list,
        map,
        object,
        property,
        range,
        reversed,
        set,
        slice,
        staticmethod,
        str,
        tuple,
        type,
        zip,
    ),
    *(decimal.Decimal, fractions.Fraction, re.Pattern, uuid.UUID, zoneinfo.ZoneInfo),
    *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, datetime.timezone),
    *(pathlib.PurePath, pathlib.PurePosixPath, pathlib.PureWindowsPath),
    *(pathlib.Path, pathlib.PosixPath, pathlib.WindowsPath),
    *(collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque),
    *(ipaddress.IPv4Address, ipaddress.IPv4Interface, ipaddress.IPv4Network),
    *(ipaddress.IPv6Address, ipaddress.IPv6Interface, ipaddress.IPv6Network),
    *(getattr(collections.abc, name) for name in collections.abc.__all__),
    *(
        one
        for one in vars(builtins).values()
        if isinstance(one, type) and issubclass(one, BaseException)
    ),
    type(None),
)
NAMES = {id(one): f"{one.__module__}.{one.__qualname__}" for one in (*FUNCTIONS, *TYPES)}
NAMED = {f"{one.__module__}.{one.__qualname__}": one for one in (*FUNCTIONS, *TYPES)}
PATHS = {one.__name__: one for one in TYPES if issubclass(one, pathlib.PurePath)}
ADDRESSES = {one.__name__: one for one in TYPES if one.__module__ == "ipaddress"}
CONTAINERS = frozenset(
    (
        *(list, dict, set, bytearray, tuple, frozenset, slice),
        *(collections.deque, collections.Counter, collections.OrderedDict, collections.defaultdict),
    )
)


def is_plain_type(cls: type) -> bool:
    """Whether instances of exactly ``cls`` are plain data."""
    return id(cls) in _BY_TYPE or id(cls) in _CONTAINERS


def is_atom(value: object) -> bool:
    """Whether ``value`` is plain data that contains nothing."""
    return id(type(value)) in _BY_TYPE or id(value) in NAMES


def copy(value: object) -> object:
    """Return a copy of plain data. Raises NotPlain (a TypeError) for everything else."""
    seen, left = set(), [value]
    while left:
        one = left.pop()
        if is_atom(one) or id(one) in seen:
            continue
        if id(type(one)) not in _CONTAINERS:
            raise NotPlain.value(f"a {type.__dict__['__name__'].__get__(type(one))}")
        seen.add(id(one))
        left += _parts(one)
    return copying.deepcopy(value)


def _parts(container) -> list:
    match container:
        case collections.defaultdict():
            return [container.default_factory, *container.keys(), *container.values()]
        case dict():
            return [*container.keys(), *container.values()]
        case bytearray():
            return []
        case slice():
            return [container.start, container.stop, container.step]
    return [*container]


def encode(value: object) -> object:
    """Return an atom as JSON: itself, or a list that begins with a tag."""
    if id(value) in NAMES:
        return ["name", NAMES[id(value)]]
    return _BY_TYPE[id(type(value))](value)


def decode(code: object) -> object:
    """Return the atom that `encode` wrote. Raises an Exception of any kind for anything else."""
    if type(code) is not list:
        if type(code) in (type(None), bool, int, float, str):
            return code
        raise ValueError("no atom")
    tag, *parts = code
    return _DECODERS[tag](*parts)


def _integer(value):
    return value if -LARGE < value < LARGE else ["int", hex(value)]


def _float(value):
    # Nothing but a number is both at least and at most infinite: nan, inf and -inf are no JSON.
    return value if float("-inf") < value < float("inf") else ["float", repr(value)]


def _text(value):
    try:
        value.isascii() or value.encode()
    except UnicodeEncodeError:  # half a surrogate pair; two halves in JSON would be read as one
        return ["text", _base64(value.encode("utf-8", "surrogatepass"))]
    return value


def _base64(value):
    return base64.b64encode(value).decode()


def _bytes(text):
    return base64.b64decode(text, validate=True)


def _zone(zone, moment):
    if zone is None:
        return None
    if type(zone) in (datetime.timezone, zoneinfo.ZoneInfo):
        return encode(zone)
    offset = zone.utcoffset(moment)  # a class of somebody's: what it says now is what counts
    return None if offset is None else _timezone(datetime.timezone(offset))


def _timezone(zone):
    if zone is datetime.UTC:
        return ["utc"]
    offset, *name = zone.__getinitargs__()
    return ["timezone", _timedelta(offset), *name]


def _timedelta(value):
    return ["timedelta", value.days, value.seconds, value.microseconds]


def _datetime(value):
    naive = value.replace(tzinfo=None, fold=0).isoformat()
    return ["datetime", naive, value.fold, _zone(value.tzinfo, value)]


def _time(value):
    naive = value.replace(tzinfo=None, fold=0).isoformat()
    return ["time", naive, value.fold, _zone(value.tzinfo, None)]


def _exactly(kind, value):
    if type(value) is not kind:
        raise ValueError(f"no {kind.__name__}")
    return value


def _moment(kind):
    def read(text, fold, zone):
        return kind.fromisoformat(_exactly(str, text)).replace(fold=fold, tzinfo=decode(zone))

    return read


def _numbered(kind):
    return lambda *numbers: kind(*(_exactly(int, decode(number)) for number in numbers))


def _itself(value):
    return value


_ENCODERS = {
    type(None): _itself,
    bool: _itself,
    int: _integer,
    float: _float,
    str: _text,
    complex: lambda value: ["complex", _float(value.real), _float(value.imag)],
    bytes: lambda value: ["bytes", _base64(value)],
    range: lambda value: ["range", *map(_integer, (value.start, value.stop, value.step))],
    type(...): lambda value: ["..."],
    type(NotImplemented): lambda value: ["NotImplemented"],
    decimal.Decimal: lambda value: ["Decimal", str(value)],
    fractions.Fraction: lambda value: [
        *("Fraction", _integer(value.numerator), _integer(value.denominator))
    ],
    datetime.date: lambda value: ["date", value.isoformat()],
    datetime.datetime: _datetime,
    datetime.time: _time,
    datetime.timedelta: _timedelta,
    datetime.timezone: _timezone,
    zoneinfo.ZoneInfo: lambda value: ["zone", value.key],
    uuid.UUID: lambda value: ["uuid", value.hex],
    re.Pattern: lambda value: ["pattern", encode(value.pattern), value.flags],
    **{
        one: lambda value: ["path", type(value).__name__, _text(str(value))]
        for one in PATHS.values()
    },
    **{
        one: lambda value: ["address", type(value).__name__, str(value)]
        for one in ADDRESSES.values()
    },
}

# By id: the hash of a class is its metaclass's to answer.
_BY_TYPE = {id(one): write for one, write in _ENCODERS.items()}
_CONTAINERS = frozenset(map(id, CONTAINERS))

_DECODERS = {
    "name": lambda name: NAMED[name],
    "int": lambda text: int(text, 16),
    "float": lambda text: {"nan": float("nan"), "inf": float("inf"), "-inf": -float("inf")}[text],
    "text": lambda text: _bytes(text).decode("utf-8", "surrogatepass"),
    "complex": lambda real, imag: complex(
        *(float(_exactly(float, decode(part))) for part in (real, imag))
    ),
    "bytes": _bytes,
    "range": _numbered(range),
    "...": lambda: ...,
    "NotImplemented": lambda: NotImplemented,
    "Decimal": lambda text: decimal.Decimal(_exactly(str, text)),
    "Fraction": _numbered(fractions.Fraction),
    "date": lambda text: datetime.date.fromisoformat(text),
    "datetime": _moment(datetime.datetime),
    "time": _moment(datetime.time),
    "timedelta": _numbered(datetime.timedelta),
    "utc": lambda: datetime.UTC,
    "timezone": lambda offset, *name: datetime.timezone(decode(offset), *name),
    "zone": lambda key: zoneinfo.ZoneInfo(_exactly(str, key)),
    "uuid": lambda text: uuid.UUID(hex=text),
    "pattern": lambda pattern, flags: re.compile(decode(pattern), _exactly(int, flags)),
    "path": lambda kind, text: PATHS[kind](_exactly(str, decode(text))),
    "address": lambda kind, text: ADDRESSES[kind](_exactly(str, text)),
}
