"""`probe`: a few lines that run beside the learner's objects, and give plain data to compare.

A graded check runs in another process than the answer. It may call what the answer defines, but it
cannot subclass it, or gather its coroutines. A probe does that where the answer is.
"""

import ast
import inspect
import linecache
import sys
from collections.abc import Callable

from revise import plain

FILE = "<probe>"


def probe(code: str, /, **data: object) -> object:
    """Run ``code`` beside the notebook's names and ``data``; return what its last expression gives.

    The value must be plain data (see `revise.plain`), or None when the last statement is no expression.
    Where ``code`` awaits outside of functions, await the probe too. Names that it binds stay in it.
    Compare in the check, not in the probe: the answer's own process could read what is expected.

    Raises whatever ``code`` raises, and TypeError when the value is not plain data.

    >>> spoken = probe('''
    ... class Duck(Animal):
    ...     noise = word
    ... Duck().speak()
    ... ''', word="quack")
    >>> assert spoken == "quack!"
    """
    if probe.run is not None:
        return probe.run(code, data)
    return evaluate(code, {**sys._getframe(1).f_globals, **plain.copy(data)})


probe.run: Callable[[str, dict], object] | None = None
"""What runs probes instead, where a check runs in a process of its own."""


def awaits(code: str) -> bool:
    """Whether ``code`` awaits outside of functions. Raises SyntaxError."""
    return any(made.co_flags & inspect.CO_COROUTINE for made in _compiled(code))


def evaluate(code: str, namespace: dict) -> object:
    """Run ``code`` in ``namespace``; return the plain data, or a coroutine that gives it, see `probe`."""
    linecache.cache[FILE] = len(code), None, code.splitlines(keepends=True), FILE
    parts = _compiled(code)
    if any(made.co_flags & inspect.CO_COROUTINE for made in parts):
        return _evaluate_awaiting(parts, namespace)
    return plain.copy([eval(made, namespace) for made in parts][-1])


async def _evaluate_awaiting(parts, namespace):
    value = None
    for made in parts:
        value = eval(made, namespace)
        if made.co_flags & inspect.CO_COROUTINE:
            value = await value
    return plain.copy(value)


def _compiled(code):
    """Return the statements, and the last one by itself if it is an expression."""
    tree = ast.parse(inspect.cleandoc(code), FILE)
    last = ast.Expression(ast.Constant(None))
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    ast.fix_missing_locations(last)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    return [
        compile(tree, FILE, "exec", flags, dont_inherit=True),
        compile(last, FILE, "eval", flags, dont_inherit=True),
    ]
