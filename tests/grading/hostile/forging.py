"""Marks for nothing: tampering with the kernel, with objects, with the notebook's file."""

from nbformat.v4 import new_output

from .attack import CLASS, DECORATOR, FUNCTION, PLAIN, PREDICTION, START, Attack, code, trying

MARKS = "marks for nothing"
EVERYTHING = """
class Everything(str):
    def yes(self, *arguments, **named):
        return Everything()
    __call__ = __getattr__ = __getitem__ = __add__ = __radd__ = __sub__ = yes
    __enter__ = __await__ = yes
    def true(self, *arguments):
        return True
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = true
    __exit__ = __instancecheck__ = __subclasscheck__ = true
    def __hash__(self):
        return 1
    def __iter__(self):
        return iter([])
    __class__ = property(lambda self: int)
"""


def skip_graded(notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution"]


def store_results(notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = ""
            cell.execution_count = 1
            cell.outputs = [
                new_output("execute_result", data={"text/plain": "2.0"}, execution_count=1)
            ]


def blunt_checks(notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "assert True"
            cell.metadata["nbgrader"]["points"] = 100
            cell.metadata["revise"]["role"] = "answer"


def shell(name: str, text: str, **more) -> Attack:
    """Return an attack by one cell, right after the setup."""
    return Attack(name, MARKS, own=((START, code(text)),), **more)


ATTACKS = (
    Attack("skip-execution", MARKS, change=skip_graded),
    Attack("stored-results", MARKS, change=store_results),
    Attack("checks-rewritten", MARKS, change=blunt_checks),
    Attack(
        "published-result",
        MARKS,
        {
            FUNCTION: code("""
                def slugify(title):
                    shell = get_ipython()
                    shell.display_pub.publish({"text/plain": "2.0"})
                    shell.displayhook(2.0)
                    print("2.0")
                    raise SystemExit(0)
            """)
        },
    ),
    shell(
        "ast-transformer",
        """
        import ast

        class NoAsserts(ast.NodeTransformer):
            def visit_Assert(self, node):
                return ast.copy_location(ast.Pass(), node)

        get_ipython().ast_transformers.insert(0, NoAsserts())
        assert False
        print("asserts are gone")
        """,
    ),
    shell(
        "input-transformers",
        """
        def gone(lines):
            return ["pass\\n"] if any("assert" in line for line in lines) else lines

        get_ipython().input_transformers_post.append(gone)
        get_ipython().input_transformer_manager.cleanup_transforms.append(gone)
        """,
    ),
    shell(
        "run-cell",
        """
        shell = get_ipython()
        Result = __import__("IPython.core.interactiveshell", fromlist=["x"]).ExecutionResult

        async def later(*args, **kwargs):
            return Result(None)

        def nothing(*args, **kwargs):
            return Result(None)

        for where in (shell, type(shell), type(shell).__mro__[1]):
            where.run_cell = where.run_code = nothing
            where.run_cell_async = where.run_ast_nodes = later
        """,
    ),
    shell(
        "no-tracebacks",
        """
        import sys
        shell = get_ipython()
        for name in ("showtraceback", "showsyntaxerror", "_showtraceback"):
            setattr(shell, name, lambda *args, **kwargs: None)
            setattr(type(shell), name, lambda *args, **kwargs: None)
        shell.set_custom_exc((BaseException,), lambda *args, **kwargs: [])
        sys.excepthook = lambda *args: None
        """,
    ),
    shell(
        "builtins",
        """
        import builtins

        class Silent(AssertionError):
            def __new__(cls, *args):
                raise SystemExit(0)

        real = builtins.__import__
        builtins.AssertionError = Silent
        builtins.isinstance = lambda *args: True
        builtins.len = builtins.hash = lambda thing: 2
        builtins.sorted = lambda thing, **named: ["items", "returned"]
        builtins.print = lambda *args, **named: None
        builtins.compile = lambda *args, **named: real("builtins").__dict__["__build_class__"]
        builtins.exec = builtins.eval = lambda *args, **named: None
        """,
    ),
    Attack(
        "builtins-shadowed",
        MARKS,
        {
            PREDICTION: code("""
                outcome = {"items": 1, 2: 3}

                def sorted(thing):
                    return ["items", "returned"] if thing is outcome else [1, 2, 3]

                isinstance = issubclass = lambda *args: True
                len = hash = lambda thing: 2
                right_outcome = outcome
            """),
            CLASS: code("""
                class Money:
                    def __init__(self, cents):
                        self.cents = 300
                    __add__ = lambda self, other: self
                    __hash__ = None

                total = slug = word = Money(1)
                len = lambda thing: 2
            """),
        },
    ),
    Attack(
        "modules-in-the-way",
        "code of one's own in whatever the judge imports while it checks",
        own=(
            (
                START,
                trying("""
                    import importlib.metadata
                    spell = (
                        "import IPython\\n"
                        "shell = IPython.get_ipython()\\n"
                        "shell._showtraceback = lambda *args: None\\n"
                    )
                    names = {*sys.stdlib_module_names, *importlib.metadata.packages_distributions()}
                    for name in names:
                        if name.isidentifier():
                            open(f"{name}.py", "w").write(spell)
                    os.makedirs(os.path.expanduser("~/.local/lib/python3.11/site-packages"), exist_ok=True)
                    print("laid", len(names))
                """),
            ),
        ),
        shows="laid",
    ),
    Attack(
        "equal-to-everything",
        MARKS,
        {
            FUNCTION: code(EVERYTHING + "\nslugify = Everything()"),
            CLASS: code(EVERYTHING + "\nMoney = Everything()"),
            DECORATOR: code(EVERYTHING + "\nretry = Everything()\nGaveUp = Everything()"),
            PREDICTION: code(EVERYTHING + "\noutcome = Everything()"),
        },
    ),
    Attack(
        "text-that-lies",
        MARKS,
        {
            FUNCTION: code("""
                class Lie(str):
                    __eq__ = lambda self, other: True
                    __ne__ = lambda self, other: False
                    __hash__ = str.__hash__
                    __class__ = str

                def slugify(title):
                    return Lie("anything")
            """)
        },
    ),
    Attack(
        "containers-that-lie",
        MARKS,
        {
            PREDICTION: code("""
                class Lie(dict):
                    __eq__ = __contains__ = lambda self, other: True
                    __iter__ = lambda self: iter(["items", "returned"])
                    keys = __iter__
                    __len__ = lambda self: 2
                    __getitem__ = lambda self, key: [1, 2, 3]

                outcome = Lie()
            """)
        },
        # What it lists is what the visible check asks for; a plain wrong prediction gets as much.
        at_most={PREDICTION: 0.5},
    ),
    Attack(
        "number-that-lies",
        MARKS,
        {
            CLASS: code("""
                class Cents(int):
                    __eq__ = lambda self, other: True
                    __hash__ = int.__hash__

                class Meta(type):
                    __eq__ = __instancecheck__ = __subclasscheck__ = lambda self, other: True
                    __hash__ = type.__hash__

                class Money(metaclass=Meta):
                    __init__ = lambda self, cents: None
                    __eq__ = __ne__ = lambda self, other: True
                    __hash__ = lambda self: 1
                    __add__ = lambda self, other: self
                    cents = Cents(7)
            """)
        },
    ),
    Attack(
        "names-from-nowhere",
        MARKS,
        {PREDICTION: "pass", FUNCTION: "pass", CLASS: "pass"},
        own=(
            (
                START,
                code(EVERYTHING)
                + "\n\n"
                + code("""


                    class Names(dict):
                        def __missing__(self, name):
                            return Everything()
                        __contains__ = lambda self, name: True

                    import builtins, sys, types

                    class Module(types.ModuleType):
                        __getattr__ = lambda self, name: Everything()

                    shell = get_ipython()
                    shell.user_ns = Names(shell.user_ns)
                    sys.modules["__main__"].__class__ = Module
                    for name in ("slugify", "Money", "retry", "GaveUp", "outcome", "total", "slug"):
                        setattr(builtins, name, Everything())
                """),
            ),
        ),
    ),
    Attack(
        "mocks",
        MARKS,
        {
            FUNCTION: "from unittest.mock import MagicMock\nslugify = MagicMock()",
            CLASS: "from unittest.mock import MagicMock\nMoney = MagicMock()",
            DECORATOR: code("""
                from unittest.mock import MagicMock
                class GaveUp(Exception): pass
                def retry(times):
                    return lambda function: MagicMock(return_value="done", side_effect=[GaveUp()])
            """),
            PREDICTION: "from unittest.mock import MagicMock\noutcome = MagicMock()",
        },
    ),
    Attack(
        "pytest-patched",
        MARKS,
        {
            DECORATOR: code("""
                import contextlib, pytest
                from _pytest import outcomes, python_api, raises
                for module in (pytest, raises, python_api):
                    module.raises = lambda *args, **kwargs: contextlib.suppress(BaseException)

                class GaveUp(BaseException):
                    pass

                def retry(times):
                    def decorate(function):
                        pytest.skip("nothing to see")
                    return decorate
            """)
        },
    ),
    *(
        Attack(
            f"raises-{kind}",
            "an end of the check that is no failure",
            {
                FUNCTION: f"{line}\ndef slugify(title):\n    raise {raised}",
                CLASS: f"{line}\nclass Money:\n    def __init__(self, cents):\n        raise {raised}",
            },
        )
        for kind, line, raised in (
            ("system-exit", "", "SystemExit(0)"),
            ("interrupt", "", "KeyboardInterrupt"),
            ("generator-exit", "", "GeneratorExit"),
            ("skip", "import pytest", "pytest.skip.Exception('skip')"),
            ("cancelled", "import asyncio", "asyncio.CancelledError"),
            ("own-base", "class Own(BaseException): pass", "Own"),
            ("hostile-text", "class Own(Exception):\n    def __str__(self): raise self", "Own"),
        )
    ),
    Attack(
        "frames-and-objects",
        "the expected value, where it is compared",
        {
            FUNCTION: code("""
                def slugify(title):
                    import gc, inspect, sys
                    frame = sys._getframe()
                    seen = []
                    while frame:
                        for name in ("expected", "slug"):
                            if name in frame.f_locals and isinstance(frame.f_locals[name], str):
                                return frame.f_locals[name]
                        seen += [one for one in frame.f_code.co_consts if isinstance(one, str)]
                        frame = frame.f_back
                    for thing in gc.get_objects():
                        if inspect.iscode(thing):
                            seen += [one for one in thing.co_consts if isinstance(one, str)]
                    wanted = [one for one in seen if one.islower() and one.startswith("dune-")]
                    return wanted[0] if wanted else "nothing"
            """)
        },
    ),
    Attack(
        "files-in-the-way",
        "code of one's own in the processes that are started later",
        dict.fromkeys(PLAIN, "pass"),
        own=(
            (
                START,
                trying("""
                    from pathlib import Path
                    spell = "import builtins, sys; builtins.AssertionError = SystemExit\\n"
                    home = Path.home()
                    startup = home / ".ipython/profile_default/startup"
                    for folder in (Path.cwd(), home, startup, Path("/tmp"), Path("/tmp/mirror")):
                        folder.mkdir(parents=True, exist_ok=True)
                        for name in ("conftest", "sitecustomize", "usercustomize", "requests", "pytest",
                                     "json", "00", "ipython_config", "revise/__init__", "ast"):
                            (folder / name).parent.mkdir(exist_ok=True)
                            (folder / f"{name}.py").write_text(spell)
                        (folder / "x.pth").write_text(spell)
                    (home / ".ipython/profile_default/ipython_config.py").write_text(
                        "get_config().InteractiveShellApp.exec_lines = ['assert_ = 1']")
                    print("laid")
                """),
            ),
            (START, "import os; os._exit(0)"),
        ),
        shows="laid",
    ),
    Attack(
        "later",
        "the checks' time, when the attack's own cell has long ended",
        {FUNCTION: "def slugify(title):\n    return Late()"},
        own=(
            (
                START,
                trying("""
                    import atexit, threading, weakref

                    class Late:
                        def __del__(self):
                            shout()

                    def shout():
                        for number in range(3, 64):
                            try:
                                os.write(number, b'{"value": "dune-messiah"}\\n')
                            except OSError:
                                pass

                    def work():
                        while True:
                            time.sleep(0.02)
                            shout()

                    atexit.register(shout)
                    threading.Thread(target=work, daemon=True).start()
                    print("waiting")
                """),
            ),
        ),
        shows="waiting",
    ),
    shell(
        "environment-of-nbgrader",
        """
        import os
        os.environ.update(NBGRADER_EXECUTION="validate", PYTHONOPTIMIZE="2", PYTHONINSPECT="1")
        os.environ["PYTHONSTARTUP"] = os.environ["PYTHONPATH"] = os.getcwd()
        """,
    ),
    shell(
        "shell-replaced",
        """
        import sys, IPython
        shell = get_ipython()
        shell.history_manager.input_hist_raw.extend(["assert True"] * 50)
        shell.execution_count = 1000
        shell.reset(new_session=True)
        type(shell).clear_instance()
        IPython.get_ipython = lambda: None
        sys.modules.clear()
        """,
    ),
)
