"""What a forked process does for one command: `manage.py`, code in Django's shell, or SQL."""

import ast
import faulthandler
import linecache
import os
import runpy
import signal
import sys
import traceback

from . import freshness, processes, tracebacks
from .wire import write_line

SHELL = "<shell>"


def run(fds, *, kind, cwd, env, argv=(), code="", settings=None, params=None):
    """Run one command in the project at ``cwd``; return its exit status.

    ``fds``: standard output, standard error, the pipe for a shell's answer, and a file that takes
    the stack when SIGUSR1 asks where the process is.
    """
    stdout, stderr, answer, stacks = fds
    processes.become(cwd=cwd, env=env, stdout=stdout, stderr=stderr)
    freshness.import_from_source(cwd)
    faulthandler.register(signal.SIGUSR1, file=stacks, all_threads=True)
    if kind == "manage":
        os.close(answer)
        return manage(argv)
    if kind == "sql":
        return sql(code, params, cwd, answer)
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    return shell(code, cwd, answer)


def manage(argv):
    """Run the project's own ``manage.py`` with the arguments ``argv``."""
    sys.argv = ["manage.py", *argv]
    return status_of(lambda: runpy.run_path("manage.py", run_name="__main__"))


def status_of(call):
    """Call; return the exit status that an interpreter would end with, its traceback printed."""
    try:
        call()
    except SystemExit as end:
        return _exit_status(end)
    except BaseException:
        _print_own_traceback()
        return 1
    return 0


def _exit_status(end):
    """Return the status that `SystemExit` asks for, as the interpreter reads it."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code
    print(end.code, file=sys.stderr)
    return 1


def _print_own_traceback():
    """Print the exception in hand as the interpreter would, without the frames of the sandbox."""
    error = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
    frames = traceback.extract_tb(error.__traceback__)
    own = os.path.dirname(__file__)
    keep = [
        f
        for f in frames
        if not f.filename.startswith(own) and not f.filename.startswith("<frozen runpy")
    ]
    print("Traceback (most recent call last):", file=sys.stderr)
    print("".join(traceback.format_list(keep)), end="", file=sys.stderr)
    print("".join(traceback.format_exception_only(error)), end="", file=sys.stderr)


def shell(code, folder, answer):
    """Run ``code`` as ``manage.py shell`` does; send its last expression's value as ``answer``."""
    try:
        import django

        django.setup()
        value = evaluate(code, shell_namespace())
        message = _described(value)
    except SystemExit as end:
        write_line(answer, {"error": f"SystemExit: {end.code}"})
        return _exit_status(end)
    except BaseException as error:
        sys.stderr.write(tracebacks.learner_text(error, folder))
        write_line(answer, {"error": tracebacks.one_line(error, folder, "{what} ({where})")})
        return 1
    write_line(answer, message)
    return 0


def sql(text, params, folder, answer):
    """Run SQL in the project's PostgreSQL database; send the rows, or the error, as ``answer``."""
    from .services import databases

    told = databases.run(text, params, folder)
    sys.stderr.write(told.pop("said", ""))
    write_line(answer, told)
    return 1 if "error" in told else 0


def shell_namespace():
    """Return the names of Django's shell (every model), and a few that exercises need."""
    from datetime import date, datetime, timedelta
    from decimal import Decimal

    from django.core.management.commands.shell import Command
    from django.utils import timezone

    handy = {
        "date": date,
        "datetime": datetime,
        "timedelta": timedelta,
        "Decimal": Decimal,
        "timezone": timezone,
    }
    return {"__name__": "__main__", **handy, **Command().get_namespace(verbosity=0)}


def evaluate(code, namespace):
    """Run the statements of ``code`` in ``namespace``; return its last expression's value, or None."""
    # So that a traceback can show the line.
    linecache.cache[SHELL] = (len(code), None, code.splitlines(keepends=True), SHELL)
    tree = ast.parse(code, SHELL)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, SHELL, "exec"), namespace)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), SHELL, "eval"), namespace)


def _described(value):
    from .values import plain

    return {"display": _bundle(value), "value": plain(value)}


def _bundle(value):
    """Return what a notebook shows for ``value``: media types and their data."""
    from django.db.models import QuerySet

    if value is None:
        return {}
    if isinstance(value, QuerySet):
        try:
            from .display import queryset_bundle
        except ImportError:
            pass
        else:
            return queryset_bundle(value)
    return {"text/plain": repr(value)}
