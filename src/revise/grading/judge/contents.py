"""The builtin's own content of an instance of a subclass, past everything that the subclass overrides."""

import builtins
import datetime
import decimal
import fractions

# A copy: what a learner's code patches later in `builtins` does not reach the functions below.
__builtins__ = dict(vars(builtins))


def content(value: object, base: type) -> object:
    """Return the builtin's own content of an instance of a subclass, past everything it overrides."""
    if base in (tuple, frozenset):
        return base(base.__iter__(value))
    if base in (str, bytes):
        return base.__getitem__(value, slice(None))
    if base is decimal.Decimal:
        return decimal.Decimal(decimal.Decimal.as_tuple(value))
    if base is fractions.Fraction:
        return fractions.Fraction(
            *(
                int.__int__(object.__getattribute__(value, part))
                for part in ("_numerator", "_denominator")
            )
        )
    if base is datetime.timedelta:
        read = (vars(base)[part].__get__(value) for part in ("days", "seconds", "microseconds"))
        return base(*read)
    if base in (datetime.date, datetime.datetime):
        parts = {part: _read(base, part, value) for part in ("year", "month", "day")}
        if base is datetime.datetime:
            more = ("hour", "minute", "second", "microsecond", "tzinfo", "fold")
            parts |= {part: _read(base, part, value) for part in more}
        return base(**parts)
    if base is complex:
        return complex(_read(complex, "real", value), _read(complex, "imag", value))
    return base.__add__(value, 0) if base is int else float.__mul__(value, 1.0)


def _read(base, part, value):
    return next(vars(one)[part] for one in base.__mro__ if part in vars(one)).__get__(value)


def carry(cls: type, base: type, held: object) -> object:
    """Return a new instance of ``cls``, a subclass of ``base``, with that content."""
    if type(held) is not base:
        raise ValueError("the content is of another type")
    if base is complex:
        return base.__new__(cls, held.real, held.imag)
    if base is fractions.Fraction:
        return base.__new__(cls, held.numerator, held.denominator)
    if base is datetime.timedelta:
        return base.__new__(cls, held.days, held.seconds, held.microseconds)
    if base is datetime.date:
        return base.__new__(cls, held.year, held.month, held.day)
    if base is datetime.datetime:
        clock = held.hour, held.minute, held.second, held.microsecond, held.tzinfo
        return base.__new__(cls, held.year, held.month, held.day, *clock, fold=held.fold)
    return base.__new__(cls, held)


def shell_content(value: object) -> object:
    """Return a copy of what a subclass's list or dict really contains."""
    if issubclass(type(value), dict):
        return dict(zip(dict.keys(value), dict.values(value), strict=True))
    return list(list.__iter__(value))
