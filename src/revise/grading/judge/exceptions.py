"""Exceptions across the wire: class, arguments, message, causes and where they were raised."""

import builtins
import linecache
import sys

from revise import plain

from . import describing

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))

PACKAGES = sys.stdlib_module_names | {
    *("requests", "urllib3", "django", "rest_framework", "channels", "celery", "redis", "psycopg"),
    *("jwt", "zeep", "lxml", "cryptography", "pydantic", "asgiref", "websockets", "httpx", "yaml"),
}
"""Whose exception classes are the same on both sides, when both have imported them."""
MOST_CAUSES = 10
LONGEST_MESSAGE = 20_000
LONGEST_LINE = 200
NOTES = "__notes__"
_attribute = {
    part: vars(BaseException)[part]
    for part in ("args", "__cause__", "__context__", "__dict__", "__traceback__")
}


_QUIET = {"quiet": True, "notes": [], "where": ""}

_quiet = vars(BaseException)["__suppress_context__"].__get__
_group = {part: vars(BaseExceptionGroup)[part] for part in ("message", "exceptions")}


def tell(error: BaseException, side) -> dict:
    """Return what travels of an exception, not packed yet. Asks the exception for nothing but its text."""
    if side.is_secret(error):
        return {"args": [], "text": "", "attributes": {}, "cause": None, "context": None} | _QUIET
    builtin = id(type(error)) in plain.NAMES
    args = error.__reduce__()[1] if builtin else _attribute["args"].__get__(error)
    if issubclass(type(error), BaseExceptionGroup):
        args = _group["message"].__get__(error), _group["exceptions"].__get__(error)
    held = _attribute["__dict__"].__get__(error) or {}
    # Of a learner's own class nothing is copied: its attributes are asked for.
    travels = builtin or describing.found_by_name(type(error))
    attributes = {key: held[key] for key in held if type(key) is str and key != NOTES}
    notes = held.get(NOTES)
    return {
        "args": list(args),
        "text": text(error),
        "attributes": {
            key: one for key, one in attributes.items() if travels and _is_fit(one, side)
        },
        "cause": _attribute["__cause__"].__get__(error),
        "context": _attribute["__context__"].__get__(error),
        "quiet": _quiet(error, BaseException) is True,
        "notes": [one for one in notes if type(one) is str] if type(notes) is list else [],
        "where": side.where(error),
    }


def _is_fit(value, side):
    return plain.is_plain_type(type(value)) or side.may_travel(value)


def text(error: BaseException) -> str:
    """Return ``str(error)`` as an exact str; one that raises says so."""
    try:
        return str.__getitem__(str(error), slice(LONGEST_MESSAGE))
    except BaseException as failure:
        return f"<str() of this {describing.name(type(error))} raised {describing.name(type(failure))}>"


def place(error: BaseException, namespace: dict) -> str:
    """Return the last line of the learner's own cells that an exception passed, empty if none."""
    trace, found = _attribute["__traceback__"].__get__(error), None
    while trace is not None:
        if trace.tb_frame.f_globals is namespace:
            found = trace.tb_frame.f_code, trace.tb_lineno
        trace = trace.tb_next
    if found is None:
        return ""
    code, number = found
    inside = "" if code.co_name == "<module>" else f" in {code.co_name}"
    line = linecache.getline(code.co_filename, number).strip()[:LONGEST_LINE]
    return f"raised in your code{inside}, line {number}" + (f": {line}" if line else "")


def library_class(description: dict) -> type | None:
    """Return the exception class of a library that a description names, if it is imported here."""
    module = description["module"]
    if not description["error"] or module.partition(".")[0] not in PACKAGES:
        return None
    found = vars(sys.modules.get(module, builtins)).get(description["name"])
    is_error = type(found) is type and issubclass(found, Exception)
    return found if is_error and found.__module__ == module else None


def rebuild(cls: type, args: tuple) -> BaseException:
    """Return an instance of an exception class with these arguments, without running its ``__init__``."""
    if id(cls) in plain.NAMES:
        try:
            return cls(*args)
        except Exception:  # a builtin that wants other arguments, made by hand
            return _bare(cls, args)
    return _bare(cls, args)


def _bare(cls, args):
    error = cls.__new__(cls, *args if issubclass(cls, BaseExceptionGroup) else ())
    _attribute["args"].__set__(error, args)
    return error
