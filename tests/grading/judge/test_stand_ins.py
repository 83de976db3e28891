"""Checks as they are written in a notebook, run in another process than the answer."""

import asyncio
import collections.abc
import contextlib
import copy
import dataclasses
import gc
import inspect
import io
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, InvalidOperation
from unittest import mock

import pytest

from revise.errors import AnswerExited, NotPlain

ANSWER = '''
import asyncio, collections, dataclasses, datetime, enum, functools, json, sys, threading, http
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

def slugify(text, sep="-", *, lower: bool = True) -> str:
    """Make a slug."""
    return text.lower().replace(" ", sep)

class PaymentError(ValueError):
    def __init__(self, message, code=402):
        super().__init__(message)
        self.code = code
class CardError(PaymentError): pass
def pay(order, card=None):
    if card is None:
        raise CardError("no card given", 41)
    try:
        order["total"] / card
    except ZeroDivisionError as error:
        raise PaymentError("cannot") from error

@functools.total_ordering
class Money:
    def __init__(self, text): self.amount = Decimal(text)
    def __add__(self, other):
        if not isinstance(other, Money): return NotImplemented
        return Money(self.amount + other.amount)
    def __radd__(self, other): return self if other == 0 else NotImplemented
    def __mul__(self, times): return Money(self.amount * times)
    __rmul__ = __mul__
    def __neg__(self): return Money(-self.amount)
    def __sub__(self, other): return Money(self.amount - other.amount)
    def __truediv__(self, other): return self.amount / other.amount
    def __eq__(self, other): return isinstance(other, Money) and self.amount == other.amount
    def __lt__(self, other): return self.amount < other.amount
    def __hash__(self): return hash(self.amount)
    def __repr__(self): return f"Money('{self.amount}')"
    def __str__(self): return f"{self.amount} EUR"
    def __format__(self, how): return format(self.amount, how)
    def __bool__(self): return self.amount != 0
    def __float__(self): return float(self.amount)
    def __int__(self): return int(self.amount)
    def __round__(self, digits=0): return Money(round(self.amount, digits))
    @classmethod
    def zero(cls): return cls("0")
    @property
    def cents(self): return int(self.amount * 100)
    currency = "EUR"

def retry(times, wait=None, on=Exception):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except on:
                    if attempt == times - 1:
                        raise
                    wait and wait(2 ** attempt)
        return inner
    return decorate

class Timer:
    def __init__(self, clock): self.clock = clock
    def __enter__(self):
        self.start = self.clock()
        return self
    def __exit__(self, *error):
        self.seconds = self.clock() - self.start
        self.error = error[0]
        return error[0] is KeyError

def numbers(count=3):
    for number in range(count): yield number
def echo():
    got = yield
    while True: got = yield got
def read_lines(path):
    with open(path) as file:
        for line in file: yield line.rstrip()

class Shelf:
    def __init__(self, books=()): self.books = list(books)
    def __iter__(self): return iter(self.books)
    def __len__(self): return len(self.books)
    def __getitem__(self, index): return self.books[index]
    def __setitem__(self, index, book): self.books[index] = book
    def __delitem__(self, index): del self.books[index]
    def __contains__(self, book): return book in self.books
    def __reversed__(self): return reversed(self.books)
    def __call__(self, book): self.books.append(book)
    def __getattr__(self, name):
        if name.startswith("_"): raise AttributeError(name)
        return f"no {name}"
class Old:
    def __getitem__(self, index):
        if index > 2: raise IndexError
        return index * 10
class Repo(Mapping):
    def __init__(self, **held): self.held = held
    def __getitem__(self, key): return self.held[key]
    def __iter__(self): return iter(self.held)
    def __len__(self): return len(self.held)
class Unhashable:
    def __eq__(self, other): return True
class Slots:
    __slots__ = ("a",)
    def __init__(self): self.a = 1

@dataclasses.dataclass(order=True)
class Book:
    title: str
    pages: int = 1
    tags: list = dataclasses.field(default_factory=list)
Point = collections.namedtuple("Point", "x y")
class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"
    @property
    def loud(self): return self.value.upper()
class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2
class Kind(enum.StrEnum):
    BOOK = "book"
class Flag(enum.Flag):
    A = 1
    B = 2
class Stack(list):
    def push(self, item): self.append(item)
    def peek(self): return self[-1]
class Headers(dict):
    def __getitem__(self, key): return super().__getitem__(key.lower())
class Isbn(str):
    def check(self): return self[-1]
class Celsius(float):
    def __repr__(self): return f"{float(self)} C"
class Euro(Decimal):
    def __add__(self, other): return Euro(super().__add__(other))
    def __str__(self): return "EUR " + super().__str__()
class Third(Fraction): pass
class Day(datetime.date):
    def nice(self): return "day"
class Moment(datetime.datetime): pass
stack = Stack([1, 2])
isbn = Isbn("12X")
status = http.HTTPStatus.NOT_FOUND
not_ours = Slots()
total = Decimal("12.50")
prediction = {"status": 404}

def compose(*functions):
    def composed(value):
        for function in functions: value = function(value)
        return value
    return composed
def identity(value): return value
def type_name(value): return type(value).__name__
def call(function, *args, **kwargs): return function(*args, **kwargs)
def read(thing, name): return getattr(thing, name)
def write(thing, name, value): setattr(thing, name, value)
def listed(thing): return list(thing)
def with_it(manager):
    with manager as got: return got
def catches(function, *errors):
    try:
        return function()
    except errors as error:
        return f"{type(error).__name__}: {error}"
def reraises(function):
    try:
        function()
    except Exception as error:
        raise RuntimeError("wrapped") from error
def threaded(function, count):
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool: return list(pool.map(function, range(count)))
def countdown(function, n): return n if n == 0 else function(n - 1)
def ends(how):
    raise {"exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "generator": GeneratorExit(), "own": Weird("x")}[how]
class Weird(BaseException): pass
def fails(error): raise error
def loads(text): return json.loads(text)
def decimal(text): return Decimal(text)
def group(): raise ExceptionGroup("many", [ValueError("a"), CardError("b")])

async def fetch(x):
    await asyncio.sleep(0.001)
    return x * 2
async def fetch_all(get, items): return await asyncio.gather(*(get(item) for item in items))
async def failing(): raise CardError("late")
async def slow(): await asyncio.sleep(60)
async def ticker(count):
    for number in range(count):
        await asyncio.sleep(0)
        yield number
class Session:
    async def __aenter__(self): return self
    async def __aexit__(self, *error): self.closed = True
    closed = False
class Gate:
    def __init__(self): self.event = asyncio.Event()
    async def wait(self): await self.event.wait(); return "through"
    async def open(self): self.event.set()
@functools.lru_cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
def frame():
    import pandas
    return pandas.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
def save(file, *lines):
    for line in lines: print(line, file=file)
    file.seek(0)
    return [line.strip() for line in file]
def order(client, mailer):
    got = client.get("/books/", timeout=5)
    if got.status_code == 200:
        mailer.send(to="mina", count=len(got.json()))
    return got.json()["books"]
class Animal:
    def speak(self): return self.noise + "!"
def kind_of(function):
    import inspect
    return inspect.iscoroutinefunction(function), str(inspect.signature(function))
'''


def test_a_function_is_called_with_plain_data(answered):
    assert answered.slugify("A b") == "a-b"
    assert answered.slugify("A b", sep="_") == "a_b"
    with pytest.raises(TypeError, match="unexpected keyword argument 'foo'"):
        answered.slugify("A b", foo=1)


def test_an_attribute_that_is_not_there_is_an_attribute_error(answered):
    with pytest.raises(AttributeError, match="has no attribute 'zz'"):
        answered.Money("1").zz
    assert not hasattr(answered.slugify, "zz")


# Functions and classes as such.


def test_a_function_tells_its_name_and_signature(answered):
    slugify = answered.slugify
    assert callable(slugify)
    assert slugify.__name__ == "slugify"
    assert slugify.__doc__ == "Make a slug."
    assert slugify.__module__ == "__main__"
    assert str(inspect.signature(slugify)) == "(text, sep='-', *, lower: bool = True) -> str"
    assert list(inspect.signature(answered.Money).parameters) == ["text"]
    assert list(inspect.signature(answered.Stack().push).parameters) == ["item"]


def test_the_kinds_of_functions_are_told_apart(answered):
    assert inspect.iscoroutinefunction(answered.fetch)
    assert asyncio.iscoroutinefunction(answered.fetch)
    assert not inspect.iscoroutinefunction(answered.slugify)
    assert inspect.isgeneratorfunction(answered.numbers)
    assert inspect.isasyncgenfunction(answered.ticker)
    assert inspect.iscoroutinefunction(answered.Gate().wait)


def test_a_class_is_a_class(answered):
    Money = answered.Money
    one = Money("1")
    assert isinstance(Money, type)
    assert isinstance(one, Money)
    assert type(one) is Money
    assert not isinstance(one, (int, str, answered.Shelf))
    assert issubclass(answered.CardError, answered.PaymentError)
    assert issubclass(answered.PaymentError, ValueError)
    assert not issubclass(Money, ValueError)
    assert Money.__name__ == "Money"
    assert Money.currency == "EUR"
    assert Money.zero() == Money("0")
    assert repr(Money) == "<class '__main__.Money'>"
    assert answered.Animal is answered.stand_ins.names(["Animal"])["Animal"]
    Money.currency = "USD"
    assert one.currency == "USD"
    Money.currency = "EUR"


def test_a_class_cannot_be_extended_in_a_check(answered):
    with pytest.raises(NotPlain, match="use probe"):
        type("Mine", (answered.Money,), {})


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (lambda on: on.Shelf(), "Iterable Collection Container Sized Callable Reversible Hashable"),
        (lambda on: on.numbers(), "Iterator Generator Iterable"),
        (lambda on: on.Repo(), "Mapping Collection Sized"),
        (lambda on: on.ticker(1), "AsyncIterator AsyncGenerator"),
        (lambda on: on.slugify, "Callable Hashable"),
        (lambda on: on.stack, "Sequence MutableSequence Sized"),
    ],
)
def test_abstract_base_classes_know_what_it_is(answered, make, kinds):
    thing = make(answered)
    for kind in kinds.split():
        assert isinstance(thing, getattr(collections.abc, kind)), kind


@pytest.mark.parametrize("kind", ["Iterable", "Sized", "Callable", "Mapping", "Awaitable"])
def test_abstract_base_classes_know_what_it_is_not(answered, kind):
    assert not isinstance(answered.Animal(), getattr(collections.abc, kind))
    assert not isinstance(answered.Unhashable(), collections.abc.Hashable)
    assert isinstance(answered.Session(), contextlib.AbstractAsyncContextManager)
    assert isinstance(answered.Timer(None), contextlib.AbstractContextManager)


# Operators.

OPERATIONS = [
    ("Money('1.10') + Money('2.20') == Money('3.30')", True),
    ("Money('1') == Money('1.0')", True),
    ("Money('1') != Money('2')", True),
    ("Money('1') == Money('2')", False),
    ("Money('1') < Money('2') <= Money('2')", True),
    ("max(Money('1'), Money('3'), Money('2')) == Money('3')", True),
    ("sorted([Money('2'), Money('1')]) == [Money('1'), Money('2')]", True),
    ("sum([Money('1'), Money('2')]) == Money('3')", True),
    ("len({Money('1'), Money('1.0'), Money('2')})", 2),
    ("{Money('1')} == {Money('1.0')}", True),
    ("Money('1') in [Money('2'), Money('1')]", True),
    ("{Money('1'): 'a'}[Money('1.00')]", "a"),
    ("repr(Money('1'))", "Money('1')"),
    ("str(Money('1'))", "1 EUR"),
    ("f'{Money(1):.2f}'", "1.00"),
    ("f'{Money(1)!r} {Money(1)!s}'", "Money('1') 1 EUR"),
    ("'%s' % Money('1')", "1 EUR"),
    ("(Money('2') * 3).amount", Decimal(6)),
    ("(3 * Money('2')).amount", Decimal(6)),
    ("(-Money('2')).amount", Decimal(-2)),
    ("Money('6') / Money('2')", Decimal(3)),
    ("bool(Money('0')), bool(Money('1'))", (False, True)),
    ("not Money('0')", True),
    ("float(Money('1.5')), int(Money('1.5'))", (1.5, 1)),
    ("round(Money('1.26'), 1).amount", Decimal("1.3")),
    ("Money('1.5').cents", 150),
    ("vars(Money('1'))", {"amount": Decimal(1)}),
    ("Money('1') == 1", False),
    ("Money('1') != 1", True),
    ("1 == Money('1')", False),
    ("Money('1') == Decimal(1)", False),
    ("Money('1') is None", False),
    ("list(Shelf('ab'))", ["a", "b"]),
    ("len(Shelf('ab'))", 2),
    ("Shelf('ab')[0], Shelf('abc')[1:], Shelf('ab')[-1]", ("a", ["b", "c"], "b")),
    ("'a' in Shelf('ab'), 'z' in Shelf('ab')", (True, False)),
    ("list(reversed(Shelf('ab')))", ["b", "a"]),
    ("[*Shelf('ab')], (*Shelf('ab'),), set(Shelf('ab'))", (["a", "b"], ("a", "b"), {"a", "b"})),
    ("bool(Shelf()), bool(Shelf('a'))", (False, True)),
    ("Shelf().anything", "no anything"),
    ("list(Old())", [0, 10, 20]),
    ("dict(Repo(a=1)), Repo(a=1).get('b', 2), list(Repo(a=1).items())", ({"a": 1}, 2, [("a", 1)])),
    ("{**Repo(a=1)}", {"a": 1}),
    ("Repo(a=1) == Repo(a=1)", True),
    ("list(numbers())", [0, 1, 2]),
    ("[number for number in numbers(2)]", [0, 1]),
    ("sum(numbers()), max(numbers()), list(zip(numbers(), 'ab'))", (3, 2, [(0, "a"), (1, "b")])),
    ("next(numbers(0), 'none')", "none"),
    ("Book('a') == Book('a'), Book('a') == Book('b'), Book('a') < Book('b')", (True, False, True)),
    ("repr(Book('a'))", "Book(title='a', pages=1, tags=[])"),
    ("Book('a', pages=3).pages", 3),
    ("Point(1, 2) == (1, 2), Point(1, 2).x, tuple(Point(1, 2))", (True, 1, (1, 2))),
    ("repr(Point(1, 2)), Point._fields", ("Point(x=1, y=2)", ("x", "y"))),
    ("Point(1, 2) == Point(1, 2), {Point(1, 2): 'a'}[1, 2], len(Point(1, 2))", (True, "a", 2)),
    ("Point(1, 2)._replace(x=5) == (5, 2), Point(1, 2)._asdict()", (True, {"x": 1, "y": 2})),
    ("Color.RED is Color.RED, Color.RED == Color.RED, Color.RED == Color.BLUE", (True, True, False)),
    ("Color.RED.name, Color.RED.value, Color.RED.loud", ("RED", "red", "RED")),
    ("Color('red') is Color.RED, Color['BLUE'] is Color.BLUE", (True, True)),
    ("[color.name for color in Color], len(Color)", (["RED", "BLUE"], 2)),
    ("Color.RED == 'red'", False),
    ("isinstance(Color.RED, Color), Color.RED in Color", (True, True)),
    ("{Color.RED: 1}[Color.RED]", 1),
    ("repr(Color.RED)", "<Color.RED: 'red'>"),
    ("Level.LOW == 1, Level.LOW < Level.HIGH, Level.LOW < 2, Level.LOW.name", (True, True, True, "LOW")),
    ("Level.HIGH + 1, isinstance(Level.LOW, int)", (3, True)),
    ("Kind.BOOK == 'book', Kind.BOOK.value, f'{Kind.BOOK}', Kind.BOOK.upper()", (True, "book", "book", "BOOK")),
    ("(Flag.A | Flag.B).value", 3),
    ("status == 404, status.phrase, status", (True, "Not Found", 404)),
    ("isbn == '12X', isbn.check(), isbn[0], len(isbn), isinstance(isbn, str)", (True, "X", "1", 3, True)),
    ("isinstance(isbn, Isbn), {isbn: 1}['12X'], isbn.lower()", (True, 1, "12x")),
    ("Celsius(1.5) == 1.5, repr(Celsius(1.5)), Celsius(1.5) + 1", (True, "1.5 C", 2.5)),
    ("Euro('1.5') == Decimal('1.5'), str(Euro('1')), str(Euro('1') + Euro('2'))", (True, "EUR 1", "EUR 3")),
    ("Third(1, 3) == Fraction(1, 3), Third(2, 4).denominator", (True, 2)),
    ("Day(2026, 1, 2).year, Day(2026, 1, 2).nice(), Day(2026, 1, 2) == datetime.date(2026, 1, 2)", (2026, "day", True)),
    ("Moment(2026, 1, 2, 3).hour, Moment(2026, 1, 2) < datetime.datetime(2027, 1, 1)", (3, True)),
    ("Headers(a=1)['A'], Headers(a=1) == {'a': 1}, isinstance(Headers(), dict)", (1, True, True)),
    ("dict(Headers(a=1)), {**Headers(a=1)}, list(Headers(a=1).items())", ({"a": 1}, {"a": 1}, [("a", 1)])),
    ("not_ours.a", 1),
    ("total, type(total) is Decimal", (Decimal("12.50"), True)),
    ("prediction == {'status': 404}", True),
    ("compose(str, len)(12345)", 5),
    ("compose(slugify, str.upper)('A b')", "A-B"),
    ("[function('A b') for function in (slugify, compose(slugify))]", ["a-b", "a-b"]),
    ("list(map(slugify, ['A', 'B c']))", ["a", "b-c"]),
    ("sorted(['bb', 'a'], key=compose(len))", ["a", "bb"]),
    ("collections.Counter(slugify('A a'))", {"a": 2, "-": 1}),
    ("sys.version_info[0]", 3),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), OPERATIONS, ids=[one for one, _ in OPERATIONS])
def test_an_operation_gives_what_it_gives_in_a_notebook(answered, expression, expected):
    found = eval(expression, {"__builtins__": __builtins__, **answered.names})
    assert found == expected


@pytest.mark.parametrize("expression", [one for one, _ in OPERATIONS])
def test_the_expectations_are_those_of_a_notebook(expression):
    """The same expressions where the answer is defined: the table must not know better than Python."""
    namespace = {"__name__": "__main__"}
    exec(ANSWER, namespace)
    assert eval(expression, namespace) == dict(OPERATIONS)[expression]


def test_a_shelf_is_changed_where_it_is(answered):
    shelf = answered.Shelf(["a"])
    shelf("b")
    shelf[0] = "c"
    assert list(shelf) == ["c", "b"]
    del shelf[0]
    assert shelf.books == ["b"]
    shelf.books.append("d")
    assert list(shelf) == ["b", "d"]
    shelf.owner = "mina"
    assert shelf.owner == "mina"
    del shelf.owner
    assert shelf.owner == "no owner"


def test_a_list_of_a_class_of_ones_own_is_that_list(answered):
    stack = answered.Stack([1])
    stack.push(2)
    assert stack == [1, 2]
    assert stack == [1, 2]
    assert stack != [1]
    assert stack.peek() == 2
    assert isinstance(stack, list)
    assert list(stack) == sorted(stack) == [*stack] == [1, 2]
    assert len(stack) == 2
    assert stack[-1] == 2
    assert [0] + stack == [0, 1, 2]
    assert json.dumps(list(stack)) == "[1, 2]"
    stack += [3]
    assert stack == [1, 2, 3]


def test_a_generator_is_stepped(answered):
    echo = answered.echo()
    assert next(echo) is None
    assert echo.send("a") == "a"
    echo.close()
    with pytest.raises(StopIteration):
        next(echo)
    assert iter(numbers := answered.numbers()) is numbers


def test_lines_of_a_file_are_read(answered, tmp_path):
    (tmp_path / "file").write_text("a\nb\n")
    assert list(answered.read_lines(tmp_path / "file")) == ["a", "b"]
    with pytest.raises(FileNotFoundError) as caught:
        list(answered.read_lines(tmp_path / "none"))
    assert caught.value.errno == 2
    assert caught.value.filename == tmp_path / "none" or str(tmp_path) in caught.value.filename


def test_a_with_block(answered):
    moments = iter([1.0, 3.5])
    with answered.Timer(lambda: next(moments)) as timer:
        pass
    assert timer.seconds == 2.5
    with answered.Timer(lambda: 0):
        raise KeyError("swallowed")
    with pytest.raises(ValueError, match="not"), answered.Timer(lambda: 0):
        raise ValueError("not")


def test_copies_are_made_where_the_object_is(answered):
    shelf = answered.Shelf(["a"])
    other = copy.deepcopy(shelf)
    other("b")
    assert (list(shelf), list(other)) == (["a"], ["a", "b"])
    assert dataclasses.is_dataclass(answered.Book)
    with pytest.raises(TypeError):
        pickle.dumps(shelf)


def test_an_object_that_nobody_holds_is_let_go(answered):
    count = "import gc\nsum(type(one) is Shelf for one in gc.get_objects())"
    shelves = [answered.Shelf(["a"]) for _ in range(500)]
    assert answered.stand_ins.run(count, {}) >= 500
    del shelves
    gc.collect()
    assert answered.stand_ins.run(count, {}) < 50


# What a check passes.


def test_a_decorator_wraps_a_function_of_the_check(answered):
    waited = []
    attempts = iter([OSError("a"), OSError("b"), None])

    @answered.retry(times=3, wait=waited.append)
    def flaky(greeting: str = "hi"):
        """Say it."""
        if error := next(attempts):
            raise error
        return greeting

    assert (flaky.__name__, flaky.__doc__) == ("flaky", "Say it.")
    assert str(inspect.signature(flaky)) == "(greeting: str = 'hi')"
    assert flaky() == "hi"
    assert waited == [1, 2]
    assert flaky.__wrapped__.__code__.co_name == "flaky"


def test_a_function_of_the_check_comes_back_itself(answered):
    def original():
        return 1

    assert answered.identity(original) is original
    assert answered.retry(times=1)(original).__wrapped__ is original
    for value in (object(), original, self_made := {"f": original}, Exception("x")):
        assert answered.identity(value) is value
    assert answered.identity([original])[0] is original
    assert self_made["f"] is original


def test_an_exception_of_the_check_comes_back_itself(answered):
    class Mine(Exception):
        pass

    error = Mine("again")

    @answered.retry(times=2)
    def flaky():
        raise error

    with pytest.raises(Mine) as caught:
        flaky()
    assert caught.value is error


def test_a_class_of_exceptions_of_the_check_is_caught_by_the_answer(answered):
    class Mine(ConnectionError):
        pass

    def fail():
        raise Mine("down")

    assert answered.catches(fail, Mine) == "Mine: down"
    assert answered.catches(fail, OSError) == "Mine: down"
    with pytest.raises(Mine):
        answered.catches(fail, ValueError)
    with pytest.raises(RuntimeError, match="wrapped") as caught:
        answered.reraises(fail)
    assert type(caught.value.__cause__) is Mine


def test_a_failing_assert_in_a_callback_fails_the_check(answered):
    def check(value):
        assert value == "secret"

    with pytest.raises(AssertionError):
        answered.call(check, "a")
    assert "secret" not in answered.catches(lambda: check("a"), AssertionError)


def test_the_answer_reads_and_iterates_what_the_check_passes(answered):
    @dataclasses.dataclass
    class Reader:
        name: str
        age: int

        def greet(self, other):
            return f"{self.name} greets {other}"

    reader = Reader("mina", 7)
    assert answered.read(reader, "name") == "mina"
    assert answered.call(answered.read(reader, "greet"), "omar") == "mina greets omar"
    assert answered.listed(iter([1, [2]])) == [1, [2]]
    assert answered.listed(number for number in range(3)) == [0, 1, 2]
    assert answered.with_it(contextlib.nullcontext(5)) == 5
    assert answered.kind_of(test_a_with_block) == (False, "(answered)")
    with pytest.raises(AttributeError, match="not set"):
        answered.write(reader, "name", "omar")


def test_mocks_and_files_of_the_check_are_used_by_the_answer(answered):
    client, mailer = mock.Mock(), mock.Mock()
    client.get.return_value = mock.Mock(status_code=200)
    client.get.return_value.json.return_value = {"books": ["a"]}
    assert answered.order(client, mailer) == ["a"]
    client.get.assert_called_once_with("/books/", timeout=5)
    mailer.send.assert_called_once_with(to="mina", count=1)
    file = io.StringIO()
    assert answered.save(file, "a", "b") == ["a", "b"]
    assert file.getvalue() == "a\nb\n"


def test_libraries_of_the_answer(answered):
    assert answered.fib(20) == 6765
    assert answered.fib.cache_info().misses == 21
    assert answered.fib.__wrapped__.__name__ == "fib"
    frame = answered.frame()
    assert frame.shape == (2, 2)
    assert len(frame) == 2
    assert list(frame.columns) == ["a", "b"]
    assert frame["a"].sum() == 3
    assert frame["a"].tolist() == [1, 2]
    assert frame["b"].mean() == pytest.approx(1.0)


def test_threads_of_the_answer_call_the_check(answered):
    seen = []

    def square(number):
        seen.append(threading.current_thread() is threading.main_thread())
        return number**2

    assert answered.threaded(square, 20) == [number**2 for number in range(20)]
    assert all(seen)


def test_threads_of_the_check_call_the_answer(answered):
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(answered.slugify, ["A b"] * 50)) == ["a-b"] * 50


def test_callbacks_nest_and_have_an_end(answered):
    def down(number):
        return answered.countdown(down, number)

    assert down(10) == 0
    with pytest.raises(RecursionError, match="too deeply"):
        down(200)
    assert down(10) == 0


# Exceptions of the answer.


def test_a_class_of_exceptions_of_the_answer(answered):
    with pytest.raises(answered.PaymentError, match="no card") as caught:
        answered.pay({"total": 1})
    error = caught.value
    assert type(error) is answered.CardError
    assert isinstance(error, ValueError)
    assert (str(error), error.args, error.code) == ("no card given", ("no card given",), 41)
    assert "in pay, line " in error.__notes__[0]
    with pytest.raises(answered.PaymentError) as caught:
        answered.pay({"total": 1}, card=0)
    assert type(caught.value.__cause__) is ZeroDivisionError
    with pytest.raises(answered.CardError):
        answered.fails(error)
    made = answered.CardError("made here")
    assert (str(made), made.code) == ("made here", 402)


def test_an_exception_of_the_answer_may_be_raised_by_the_check(answered):
    def fail():
        raise answered.CardError("from the check")

    assert answered.catches(fail, ValueError) == "CardError: from the check"


ERRORS = [
    *(ValueError("a", 1), KeyError("k"), OSError(2, "no", "file"), StopIteration(3), LookupError()),
    *(ImportError("m", name="x"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), Warning("w")),
    *(
        SyntaxError("s", ("file", 1, 2, "text")),
        ZeroDivisionError("division by zero"),
        RecursionError(),
    ),
    *(
        InvalidOperation("x"),
        TimeoutError("late"),
        asyncio.QueueFull(),
        json.JSONDecodeError("m", "doc", 1),
    ),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: type(one).__name__)
def test_an_exception_is_of_the_same_type(answered, error):
    with pytest.raises(type(error)) as caught:
        answered.stand_ins.run(f"import asyncio, json, decimal\nraise {_made(error)}", {})
    assert type(caught.value) is type(error)
    assert str(caught.value) == str(error)
    assert caught.value.args == error.args


def _made(error):
    if isinstance(error, json.JSONDecodeError):
        return "json.JSONDecodeError('m', 'doc', 1)"
    if isinstance(error, ImportError):
        return "ImportError('m', name='x')"
    module = {"decimal": "decimal.", "asyncio.queues": "asyncio."}.get(type(error).__module__, "")
    return f"{module}{type(error).__name__}{error.__reduce__()[1]!r}"


def test_what_a_librarys_exception_knows_comes_along(answered):
    with pytest.raises(json.JSONDecodeError) as caught:
        answered.loads("[1,]")
    assert (caught.value.lineno, caught.value.doc) == (1, "[1,]")
    with pytest.raises(InvalidOperation):
        answered.decimal("x")
    with pytest.raises(ExceptionGroup) as caught:
        answered.group()
    assert [type(one).__name__ for one in caught.value.exceptions] == ["ValueError", "CardError"]


@pytest.mark.parametrize("how", ["exit", "interrupt", "generator", "own"])
def test_what_ends_a_program_is_an_ordinary_failure(answered, how):
    with pytest.raises(
        AnswerExited, match=r"SystemExit\(3\)|KeyboardInterrupt|GeneratorExit|Weird"
    ):
        answered.ends(how)
    assert answered.slugify("still there") == "still-there"


# Awaiting.


def run(work):
    return asyncio.run(asyncio.wait_for(work, 15))


def test_a_coroutine_is_awaited(answered):
    async def check():
        assert await answered.fetch(2) == 4
        assert await asyncio.gather(*(answered.fetch(number) for number in range(5))) == [
            0,
            2,
            4,
            6,
            8,
        ]
        task = asyncio.create_task(answered.fetch(3))
        assert await task == 6
        with pytest.raises(answered.CardError, match="late"):
            await answered.failing()

    run(check())


def test_awaitables_of_the_answer_run_at_the_same_time(answered):
    async def check():
        gate = answered.Gate()
        waiting = asyncio.create_task(gate.wait())
        await asyncio.sleep(0.01)
        await gate.open()
        assert await waiting == "through"

    run(check())


def test_awaitables_of_the_check_run_at_the_same_time(answered):
    """Is fetching one after the other told from fetching all at once?"""

    async def check():
        most = now = 0

        async def get(item):
            nonlocal most, now
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1
            return item + 1

        assert await answered.fetch_all(get, [1, 2, 3]) == [2, 3, 4]
        assert most == 3

    run(check())


def test_an_awaitable_is_cancelled(answered):
    async def check():
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(answered.slow(), 0.05)
        assert not answered.stand_ins.is_busy
        assert await answered.fetch(1) == 2

    run(check())


def test_async_for_and_with(answered):
    async def check():
        assert [number async for number in answered.ticker(3)] == [0, 1, 2]
        async with answered.Session() as session:
            assert not session.closed
        assert session.closed

    run(check())


# Probes.


def test_a_probe_runs_beside_the_answer(answered):
    code = """
        class Duck(Animal):
            noise = word
        Duck().speak()
    """
    assert answered.stand_ins.run(code, {"word": "quack"}) == "quack!"
    assert answered.stand_ins.run("x = 1", {}) is None
    assert "Duck" not in answered.stand_ins.names(["Duck"])
    with pytest.raises(TypeError, match="a Animal is not plain data"):
        answered.stand_ins.run("Animal()", {})
    with pytest.raises(ZeroDivisionError):
        answered.stand_ins.run("1 / 0", {})
    with pytest.raises(SyntaxError):
        answered.stand_ins.run("1 +", {})


def test_a_probe_awaits(answered):
    async def check():
        probe = answered.stand_ins.run("await asyncio.gather(fetch(1), fetch(n))", {"n": 2})
        assert await probe == [2, 4]

    run(check())
