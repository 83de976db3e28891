"""What careful learners do as well: every point stays, and nobody is suspected."""

from .attack import (
    CLASS,
    DECORATOR,
    END,
    FUNCTION,
    MODULE,
    PAGE,
    PLAIN,
    POINTS,
    PREDICTION,
    START,
    Attack,
    code,
)

GOOD = "nothing: it is honest"


def honest(
    name: str, text: str = "", *, after: str = END, right=PLAIN, answers=None, shows: str = ""
):
    """Return an honest submission with one cell of its own."""
    answers = {one: code(source) for one, source in (answers or {}).items()}
    own = ((after, code(text)),) if text else ()
    points = {exercise: POINTS[exercise] for exercise in answers}
    return Attack(name, GOOD, answers, own, right, points, shows=shows, flag=False)


ATTACKS = (
    honest("reference", right=tuple(POINTS)),
    honest("prints", "print('hello')\n40 + 2", shows="hello"),
    honest(
        "imports", "import collections, json, os, sys, threading, subprocess, socket, ctypes, gc"
    ),
    honest(
        "plot",
        """
        %matplotlib inline
        import matplotlib.pyplot as plt
        figure, axes = plt.subplots()
        axes.plot([1, 4, 9])
        plt.show()
        """,
        shows="image/png",
    ),
    honest("timeit", "%timeit -n 3 -r 1 sum(range(10))", shows="per loop"),
    honest("time", "%%time\ntotal_of_mine = sum(range(10))", shows="Wall time"),
    honest("list-files", "!ls\nfiles = !ls /usr\nlen(files)", shows="sandbox"),
    honest("magics", "%pwd\n%who\n!echo from the shell", shows="from the shell"),
    honest("await", "import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')", shows="slept"),
    honest(
        "gather",
        """
        import asyncio

        async def square(number):
            await asyncio.sleep(0)
            return number ** 2

        print(await asyncio.gather(*[square(number) for number in range(4)]))
        """,
        shows="[0, 1, 4, 9]",
    ),
    honest(
        "warnings-and-logging",
        """
        import logging, sys, warnings
        warnings.warn("careful")
        logging.basicConfig(level=logging.INFO)
        logging.info("noted")
        print("to stderr", file=sys.stderr)
        """,
        shows="careful",
    ),
    honest(
        "threads",
        """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(2) as pool:
            print(list(pool.map(abs, [-1, -2])))
        thread = threading.Thread(target=print, args=("in a thread",))
        thread.start()
        thread.join()
        """,
        shows="[1, 2]",
    ),
    honest(
        "subprocess",
        """
        import subprocess
        print(subprocess.run(["echo", "hi there"], capture_output=True, text=True).stdout)
        """,
        shows="hi there",
    ),
    honest(
        "html",
        "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>bold</b>'))",
        shows="bold",
    ),
    honest("table", "import pandas\npandas.DataFrame({'a': [1, 2]})", shows="text/html"),
    honest("error-of-ones-own", "1 / 0", shows="ZeroDivisionError"),
    honest("help", "?len\nhelp(len)"),
    honest(
        "own-server-and-client",
        "import requests\nmine = Project('library', 'mine')\nprint(requests.get(f'{mine.url}/books/1/').status_code)",
        shows="200",
    ),
    honest(
        "own-project",
        "mine = Project('library', 'mine')\nprint(mine.shell('Book.objects.count()').value)",
        shows="12",
    ),
    honest(
        "patches-ones-own",
        """
        from unittest.mock import Mock, patch

        class Mine:
            def answer(self):
                return 1

        with patch.object(Mine, "answer", return_value=2):
            print("patched:", Mine().answer())
        """,
        shows="patched: 2",
    ),
    honest("cells-at-the-start", "def helper(text):\n    return text.lower()", after=START),
    honest(
        "answer-in-an-extra-cell",
        """
        def slugify(title):
            return "-".join(title.lower().split())
        """,
        after=f"{FUNCTION}--answer",
        right=(CLASS,),
        answers={FUNCTION: "# My answer stands in the next cell."},
    ),
    honest(
        "helper-in-an-extra-cell",
        "def words_of(title):\n    return title.lower().split()",
        after=START,
        right=(CLASS,),
        answers={FUNCTION: "def slugify(title):\n    return '-'.join(words_of(title))"},
    ),
    honest(
        "own-tests",
        """
        assert slugify("A b") == "a-b"
        assert Money(1) + Money(2) == Money(3)
        import doctest
        doctest.testmod()
        """,
    ),
    honest(
        "dataclass-with-order",
        right=(),
        answers={
            CLASS: """
                from dataclasses import dataclass
                from functools import total_ordering

                @total_ordering
                @dataclass(frozen=True)
                class Money:
                    '''An amount.

                    >>> Money(1) + Money(2)
                    Money(cents=3)
                    '''
                    cents: int

                    def __add__(self, other: "Money") -> "Money":
                        return Money(self.cents + other.cents)

                    def __lt__(self, other):
                        return self.cents < other.cents

                print(sorted([Money(2), Money(1)]))
            """
        },
    ),
    honest(
        "slots-and-properties",
        right=(),
        answers={
            CLASS: """
                class Money:
                    __slots__ = ("_cents",)

                    def __init__(self, cents):
                        object.__setattr__(self, "_cents", cents)

                    def __setattr__(self, name, value):
                        raise AttributeError("an amount does not change")

                    @property
                    def cents(self):
                        return self._cents

                    def __getattr__(self, name):
                        raise AttributeError(name)

                    def __eq__(self, other):
                        if type(other) is not type(self):
                            return False
                        return other.cents == self.cents

                    def __hash__(self):
                        return hash((type(self).__name__, self.cents))

                    def __add__(self, other):
                        return type(self)(self.cents + other.cents)

                    def __repr__(self):
                        return f"{self.cents / 100:.2f} EUR"
            """
        },
    ),
    honest(
        "decorator-as-a-class",
        right=(),
        answers={
            DECORATOR: """
                import functools, logging

                class GaveUp(RuntimeError):
                    def __init__(self, name, times):
                        super().__init__(f"{name} failed {times} times")
                        self.times = times

                class retry:
                    def __init__(self, times):
                        self.times = times

                    def __call__(self, function):
                        @functools.wraps(function)
                        def call(*args, **kwargs):
                            for number in range(self.times):
                                try:
                                    return function(*args, **kwargs)
                                except ValueError as error:
                                    last = error
                            raise GaveUp(function.__name__, self.times) from last
                        return call
            """
        },
    ),
    honest(
        "typed-and-cached",
        right=(),
        answers={
            FUNCTION: """
                from __future__ import annotations
                import re
                from functools import lru_cache

                @lru_cache
                def slugify(title: str) -> str:
                    print("slugify:", title)
                    return re.sub(r"\\s+", "-", title.strip().lower())
            """
        },
    ),
    honest(
        "prediction-by-running",
        right=(),
        answers={
            PREDICTION: """
                import collections
                items = [3, 1, 2]
                outcome = collections.OrderedDict(returned=items.sort(), items=items)
                outcome
            """
        },
    ),
    honest(
        "project-with-models-and-logs",
        right=(MODULE,),
        answers={
            PAGE: """
                %%writefile {trial_page}/catalog/counting.py
                import logging
                from django.http import JsonResponse
                from django.db.models import Count
                from .models import Author, Book

                logger = logging.getLogger(__name__)

                def count(request):
                    logger.warning("counting")
                    print("counting")
                    books = Book.objects.all()
                    if "country" in request.GET:
                        books = books.filter(author__country=request.GET["country"])
                    return JsonResponse({"books": books.aggregate(n=Count("pk"))["n"]})
            """
        },
    ),
    honest(
        "page-looked-at",
        """
        response = requests.get(f"{trial_page.url}/count/")
        print(response.json())
        !cat {trial_page}/catalog/counting.py
        trial_page.manage("check")
        response
        """,
        right=(PAGE,),
        shows="'books': 12",
    ),
)
