"""Try a suite of tests on many programs: it must pass on the right ones and fail on each broken one.

    told = project.manage("trial", json.dumps({
        "suite": "desk.tests",                     # a label as for `manage.py test`, or a list of them
        "broken": {                                # what the program does wrong: its edits
            "accepts a loan of 22 days": {"desk/lending.py": ["<= 21", "<= 22"]},
            "forgets the login": {"desk/views.py": ["@login_required\\ndef lend", "def lend"]},
        },
        "right": {"uses a class": {"desk/views.py": "the whole text of another right program"}},
        "today": "2027-02-28",                     # what django.utils.timezone.now() says, at noon
        "reverse": True,                           # run the tests in the reverse order
    }))
    told = json.loads(told.stdout)

All but `suite` may be left out. A program is the project with edits: by the file's path a list of
old and new texts in turn (an old one must occur exactly once), or the whole text of the file. A file must be
there to be edited. `.py` files and templates can be.

The answer is plain data. `says` is one sentence about the first thing that is not as it should be, or "".
`runs` has for each run `program` (what it does wrong; the project as it lies there is "the program as given"), `right`,
`tests` (how many ran), `failed` (the names of the tests that failed or raised), `why` (the first failure's last
line, and where) and `ended` ("" or how the process ended without an answer).

The project as it lies there runs first and last, as a right program: a suite that passes once only is told so.
If it does not pass, the broken ones are not tried.

How it works. This process sets Django up, makes an empty test database in memory, and forks once per program, in that
process, at the first import of a module in which the programs differ. The child goes on with its own text of
that module under the same path; the file on disk stays as it is. So a run costs some 50 ms, with differing models some
100 ms (there the tables are made anew, and no permissions), and a test sees no difference but what the program does. A child has CPU_SECONDS of processor time,
and WAITING_SECONDS in all, so that a busy machine fails nobody.

An unknown edit raises (the command fails with a traceback): that is the caller's mistake.
"""

import contextlib
import gc
import json
import os
import select
import signal
import sys
import time
import traceback
import unittest
from datetime import UTC, datetime
from importlib.machinery import PathFinder, SourceFileLoader
from unittest import mock

FOLDER = os.getcwd()
GIVEN = "the program as given"
CPU_SECONDS = 10
WAITING_SECONDS = 90


def main(job):
    """Do what ``job``, a JSON text, asks for; print the answer as JSON."""
    sys.argv = ["manage.py", "test"]  # the children need not know what is tried
    Trial(json.loads(job), os.dup(1)).run()


def edited(path, edits):
    """Return the text of the file at ``path`` with these edits. Raises ValueError, OSError."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if isinstance(edits, str):
        return edits
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        if text.count(old) != 1:
            raise ValueError(f"{text.count(old)} times in {path}, not once: {old!r}")
        text = text.replace(old, new)
    return text


class Trial:
    def __init__(self, job, stdout):
        suite = job["suite"]
        self.labels = [suite] if isinstance(suite, str) else suite
        self.today, self.reverse = job.get("today"), job.get("reverse", False)
        right, broken = job.get("right", {}), job.get("broken", {})
        given = [(GIVEN, True, {})]
        self.programs = [
            *given,
            *((name, True, self.texts(edits)) for name, edits in right.items()),
            *((name, False, self.texts(edits)) for name, edits in broken.items()),
            *given,
        ]
        paths = {path for _, _, texts in self.programs for path in texts}
        self.modules = {module(path): path for path in paths if path.endswith(".py")}
        self.mine = None  # in a child: its texts by path
        self.stdout = stdout

    def texts(self, edits):
        return {path: edited(path, edit) for path, edit in edits.items()}

    def run(self):
        """Set Django up and run the suite; only children come to the end of this."""
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        sys.meta_path.insert(0, Finder(self))
        try:
            reply = self.tested(self.prepared())
        except BaseException:
            if self.mine is None:
                raise
            reply = broken_start()
        self.tell(reply)

    def prepared(self):
        """Return a runner whose database is ready, in a child."""
        import django
        from django.conf import settings
        from library import runner as _  # before factory_boy, see there

        if any("factor" in text for text in map(source, self.labels)):
            import factory.django  # once, not in each child
        django.setup()
        from django.test.utils import get_runner

        runner = get_runner(settings)(verbosity=0, interactive=False, reverse=self.reverse)
        runner.setup_test_environment()
        if self.mine is None:
            runner.setup_databases(serialized_aliases=())
            self.warm_up()
        else:
            make_tables()
        self.fork()
        return runner

    def warm_up(self):
        """Import what most tests need, once; the import of a differing module forks as ever."""
        import django.test.client
        from django.template import engines
        from django.urls import get_resolver

        with contextlib.suppress(Exception):  # the tests that need it will say so
            engines["django"].from_string("{% load static %}").render()
            _ = get_resolver().url_patterns

    def fork(self):
        """Become one child after the other, and in each return; the parent tells the answer and ends."""
        if self.mine is not None:
            return
        runs = []
        gc.disable()  # a child is short, and shares the parent's memory while nobody writes to it
        for name, right, texts in self.programs:
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reader)
                self.mine, self.writer = texts, writer
                self.programs = None
                signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
                return
            os.close(writer)
            told = heard(child, reader)
            runs.append({"program": name, "right": right, **told})
            if not right_enough(runs):
                break
        answer = {"says": verdict(self.labels, runs, self.today), "runs": runs}
        os.write(self.stdout, json.dumps(answer).encode())
        os._exit(0)

    def tested(self, runner):
        """Run the suite; return what to tell of it."""
        substitute_templates(self.mine)
        patches = contextlib.ExitStack()
        if self.today:
            noon = datetime.fromisoformat(f"{self.today}T12:00:00").replace(tzinfo=UTC)
            patches.enter_context(mock.patch("django.utils.timezone.now", return_value=noon))
        with patches:
            suite = runner.build_suite(self.labels)
            result = unittest.TestResult()
            suite.run(result)
        failed = [*result.failures, *result.errors]
        names = [named(test) for test, _ in failed]
        names += [f"{named(test)} (unexpected success)" for test in result.unexpectedSuccesses]
        why = last_words(failed[0][1]) if failed else ""
        return {"tests": result.testsRun, "failed": names, "why": why, "ended": ""}

    def tell(self, reply):
        """Send the reply to the parent, and end."""
        data = json.dumps(reply).encode()
        while data:
            data = data[os.write(self.writer, data) :]
        os._exit(0)


def right_enough(runs):
    """Whether the last run, if of a right program, was as it should be."""
    last = runs[-1]
    return not last["right"] or (last["tests"] and not last["failed"] and not last["ended"])


def heard(child, reader):
    """Return what a child tells before its time is over; it is gone afterwards."""
    data, deadline, late = b"", time.monotonic() + WAITING_SECONDS, False
    while True:
        readable, _, _ = select.select([reader], [], [], max(deadline - time.monotonic(), 0))
        part = os.read(reader, 65536) if readable else b""
        data += part
        if not part:
            late = not readable
            break
    os.close(reader)
    if late:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    late = late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF)
    try:
        return json.loads(data)
    except ValueError:
        ended = "does not end" if late else "ends Python itself"
        return {"tests": 0, "failed": [], "why": "", "ended": ended}


def module(path):
    """Return the dotted name of the module at this path of the project."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Finder:
    """Finds the modules in which the programs differ."""

    def __init__(self, trial):
        self.trial = trial

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.trial.modules:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        spec.loader = Loader(fullname, spec.origin)
        spec.loader.trial = self.trial
        return spec


class Loader(SourceFileLoader):
    """Compiles the program's own text under the path of the file."""

    def get_code(self, fullname):
        self.trial.fork()
        text = self.trial.mine.get(self.trial.modules[fullname])
        if text is None:
            text = self.get_source(fullname)
        return compile(text, self.path, "exec", dont_inherit=True)


def source(label):
    """Return the text of the module that a label names, or nothing."""
    parts = label.split(".")
    for n in range(len(parts), 0, -1):
        with contextlib.suppress(OSError), open(f"{'/'.join(parts[:n])}.py") as file:
            return file.read()
    return ""


def make_tables():
    """Make the test database in memory, in a tenth of `migrate`'s time: no permissions are laid."""
    from django.apps import apps
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = connection.creation._get_test_db_name()
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            editor.create_model(model)


def substitute_templates(texts):
    """Have Django's loaders read the program's own text of a template."""
    from django.template.loaders.filesystem import Loader as Templates

    on_disk = Templates.get_contents
    texts = {os.path.realpath(path): text for path, text in texts.items()}

    def get_contents(self, origin):
        text = texts.get(os.path.realpath(origin.name))
        return on_disk(self, origin) if text is None else text

    Templates.get_contents = get_contents


def broken_start():
    """Return what to tell of a program that does not start; the exception is being handled."""
    return {
        "tests": 0,
        "failed": ["the program's start"],
        "why": last_words(traceback.format_exc()),
        "ended": "",
    }


def named(test):
    """Return the name of a test as a person would say it."""
    where = type(test)
    if where.__name__ == "_FailedTest":
        return "the import of the suite"
    name = getattr(test, "_testMethodName", None)
    if name is None:  # a subtest, or setUpClass
        inner = getattr(test, "test_case", None)
        return named(inner) if inner is not None else getattr(test, "description", str(test))
    return f"{where.__name__}.{name}"


def last_words(text):
    """Return the last line of a traceback that says something, and the last place in the project."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    places = [
        line.strip() for line in lines if line.strip().startswith(f'File "{FOLDER}/')
    ]  # File "/…/desk/tests.py", line 12, in test_x
    said = next((line for line in reversed(lines) if line[:1] not in " \t"), lines[-1])
    if not places:
        return said[:300]
    file, line, *_ = places[-1].split(", ")
    file = file.removeprefix(f'File "{FOLDER}/').rstrip('"')
    return f"{said[:300]} ({file} {line})"


def verdict(labels, runs, today):
    """Return one sentence about the first thing that is not as it should be, or nothing."""
    suite = " ".join(f"{label.replace('.', '/')}.py" for label in labels)
    last = runs[-1]
    if not right_enough(runs):
        if last["ended"]:
            return f"{suite} {last['ended']} on {on(last, runs, today)}."
        if last["failed"]:
            return (
                f"{suite} ran {counted(last)} on {on(last, runs, today)}: {len(last['failed'])} failed, expected none. "
                f"{last['failed'][0]}: {last['why']}"
            )
        return (
            f"{suite} has no test that runs: 0 tests, expected at least one. "
            "A test is a method whose name begins with test, of a subclass of TestCase."
        )
    broken = [run for run in runs if not run["right"]]
    passed = [run for run in broken if not run["failed"] and not run["ended"]]
    if passed:
        return (
            f"{suite} ran {counted(runs[0])} on {len(broken)} broken programs. It passes on a program that "
            f"{passed[0]['program']}, expected a failure ({len(broken) - len(passed)} of {len(broken)} are caught)."
        )
    return ""


def counted(run):
    """Return how many tests ran, with the noun."""
    return f"{run['tests']} test{'' if run['tests'] == 1 else 's'}"


def on(run, runs, today):
    """Return which right program a run was of, and when."""
    day = f" on {today}" if today else ""
    if run["program"] != GIVEN:
        return f"another right program{day}, which {run['program']}"
    again = " when it runs once more (something is left behind)" if len(runs) > 1 else ""
    return f"the right program{day}{again}"
