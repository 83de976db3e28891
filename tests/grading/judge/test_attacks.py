"""What a learner's process may try against the judge: lies, forged messages, reading, exhausting."""

import collections
import contextlib
import json
import socket
import struct
import threading
import time

import pytest

from revise.errors import (
    AnswerExited,
    ChannelAbuse,
    ChannelClosed,
    ChannelTimeout,
    ForgedReply,
    JudgeError,
)
from revise.grading.judge import stand_ins
from revise.grading.judge.channel import Channel
from revise.grading.judge.stand_ins import StandIns

from .learners import forger, learner

ANSWER = '''
import builtins, enum, itertools, os, sys, time
class Yes:
    """Equal to, greater than and part of everything."""
    def _yes(self, *a): return True
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _yes
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __sub__(self, other): return 0.0
    __rsub__ = __add__ = __radd__ = __sub__
    def __len__(self): return 3
    def __iter__(self): return iter(())
    def __getattr__(self, name): return Yes()
    def __call__(self, *a, **k): return Yes()
class LyingMeta(type):
    def __instancecheck__(cls, other): return True
    def __subclasscheck__(cls, other): return True
    def __eq__(cls, other): return True
    def __hash__(cls): raise RuntimeError("no hash")
    def __getattribute__(cls, name): raise RuntimeError("no attributes")
    def __repr__(cls): raise RuntimeError("no repr")
class Lying(metaclass=LyingMeta):
    pass
class Fake:
    def __init__(self, what): self.what = what
    @property
    def __class__(self): return self.what
    def __eq__(self, other): return True
class Str(str):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return hash("right")
    def __str__(self): return "right"
    def startswith(self, *a): return True
    def __contains__(self, item): return True
    def __len__(self): return 5
    def __iter__(self): return iter("right")
    def __getitem__(self, index): return "right"[index]
    def lower(self): return "right"
class Int(int):
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __sub__(self, other): return 0
    __rsub__ = __sub__
    def __bool__(self): return True
class Float(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
class List(list):
    def __eq__(self, other): return True
    def __contains__(self, other): return True
class Dict(dict):
    def __eq__(self, other): return True
    def __missing__(self, key): return 404
    def __getitem__(self, key): return 404
class Tuple(tuple):
    def __eq__(self, other): return True
    def __iter__(self): return iter((1, 2))
class BadBool:
    def __bool__(self): return 7
    def __len__(self): return -1
    def __str__(self): return 5
    def __repr__(self): raise SystemExit("repr")
    def __hash__(self): return "x"
    def __iter__(self): return 5
    def __index__(self): return "1"
class BadError(Exception):
    def __str__(self): raise RuntimeError("no words")
    __repr__ = __str__
    def __getattribute__(self, name):
        raise RuntimeError("no attributes")
class BadArgs(Exception):
    def __init__(self): self.args = (Yes(), object(), sys)
class Shown(Exception):
    def _render_traceback_(self): return ["forged"]
    def _repr_html_(self): return "<script>"
    def __repr__(self): raise SystemExit
class LyingError(ValueError):
    @property
    def __class__(self): return AssertionError
def raises(cls): raise cls()
def make(cls, *args): return cls(*args)
def forever():
    while True: yield 1
def sleeps(): time.sleep(60)
def dies(): os._exit(0)
def huge(): return "x" * (80 * 1024 * 1024)
def many(): return [[] for _ in range(3_000_000)]
def read(thing, name): return getattr(thing, name)
def tries(function, *args):
    try: return repr(function(*args))
    except Exception as error: return f"{type(error).__name__}: {error}"
def walk(thing, *names):
    for name in names: thing = getattr(thing, name)
    return repr(thing)
def of_type(thing): return type(thing)()
def give_back(thing): return [name for name in dir(thing) if not name.startswith("__")]
def patch():
    for name in ("repr", "sorted", "dir", "vars", "id", "zip", "frozenset", "hasattr"):
        setattr(builtins, name, lambda *a, **k: (_ for _ in ()).throw(RuntimeError("patched")))
decode = eval
opener = open
lazy = itertools.count()
'''


@pytest.mark.parametrize(
    "plain",
    [0, 1, "x", None, True, [1], {"a": 1}, (), 1.5, {1}, b"", collections.Counter("a")],
    ids=repr,
)
def test_what_equals_everything_equals_no_plain_data(answered, plain):
    anything = answered.Yes()
    assert not (anything == plain)
    assert not (plain == anything)
    assert anything != plain
    assert plain != anything
    assert anything not in [plain]
    assert [anything] != [plain]
    for compare in ("<", "<=", ">", ">="):
        with pytest.raises(TypeError):
            eval(f"anything {compare} plain", {"anything": anything, "plain": plain})


def test_a_difference_from_a_number_is_no_number(answered):
    anything = answered.Yes()
    for expression in ("anything - 3.3", "3.3 - anything", "anything + 1", "1 + anything"):
        with pytest.raises(TypeError, match="return plain data where a number is asked for"):
            eval(expression, {"anything": anything})
    # Where numpy is imported, pytest asks it first, and numpy takes no object that says yes to everything.
    with contextlib.suppress(ValueError):
        assert anything != pytest.approx(3.3)


def test_a_class_that_lies_is_not_believed(answered):
    assert not isinstance(answered.make(answered.Fake, int), int)
    assert not isinstance(answered.Fake(bool), bool)
    assert answered.Fake(int) != 3
    lying = answered.Lying
    assert not isinstance(3, lying)
    assert not issubclass(int, lying)
    assert lying != int
    assert type(answered.make(lying)) is lying
    assert answered.make(lying) != 1


def test_a_subclass_of_a_builtin_is_its_own_content(answered):
    text = answered.Str("wrong")
    assert text != "right"
    assert text == "wrong"
    assert text not in {"right"}
    assert not text.startswith("right")
    assert "right" not in text
    assert text.lower() == "wrong"
    assert text[0] == "w"
    assert list(text) == list("wrong")
    assert answered.Int(7) == 7
    assert answered.Int(7) != 8
    assert not answered.Int(7) < 5
    assert not answered.Int(0)
    assert answered.Int(7) - 8 == -1
    assert 8 - answered.Float(7) == 1
    assert abs(answered.Float(7) - 8) == 1
    assert answered.Float(7) != pytest.approx(8)
    assert answered.List([1]) != [2]
    assert answered.Dict(a=1) != {"a": 2}
    assert answered.Tuple((1, 3)) != (1, 2)
    assert list(answered.Tuple((1, 3))) == [1, 3]


@pytest.mark.parametrize(
    "ask", [bool, len, str, hash, iter, int, repr, list], ids=lambda one: one.__name__
)
def test_an_operation_that_answers_nonsense_fails(answered, ask):
    with pytest.raises((TypeError, ValueError, AnswerExited)):
        ask(answered.BadBool())
    assert not answered.stand_ins.is_busy


def test_a_hostile_exception_is_an_exception(answered):
    with pytest.raises(answered.BadError) as caught:
        answered.raises(answered.BadError)
    assert str(caught.value) == "<str() of this BadError raised RuntimeError>"
    with pytest.raises(answered.BadArgs):
        answered.raises(answered.BadArgs)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the type is the point
        answered.raises(answered.LyingError)
    assert type(caught.value) is answered.LyingError
    assert not isinstance(caught.value, AssertionError)


def test_how_an_exception_is_shown_is_not_the_learners(answered):
    with pytest.raises(answered.Shown) as caught:
        answered.raises(answered.Shown)
    assert repr(caught.value) == "Shown()"
    for name in ("_render_traceback_", "_repr_html_", "_ipython_display_"):
        assert not hasattr(caught.value, name)
        assert not hasattr(answered.Yes(), name)
        assert not hasattr(answered.Yes, name)


def test_a_function_that_runs_texts_does_not_run_them_in_the_judge(answered):
    """``decode = eval`` would run in the judge what the learner encoded."""
    assert answered.decode("__import__('os').getpid()") != __import__("os").getpid()
    assert answered.opener is not open


def test_patched_builtins_confuse_nobody():
    with learner(ANSWER) as on:
        on.patch()
        assert on.make(on.Str, "a") == "a"
        assert on.raises.__name__ == "raises"


# Reading the judge.


def secret():
    """The function of a check."""
    expected = "hidden"
    return expected


class Holder:
    public = "seen"
    _private = "hidden"

    def method(self):
        return self._private


PATHS = [
    *("__globals__", "__code__", "__closure__", "__builtins__", "__dict__", "__class__.__mro__.x"),
    *("__defaults__", "__kwdefaults__", "__self__", "__func__", "__reduce__", "__getattribute__.x"),
    *(
        "__subclasses__",
        "__init_subclass__.x",
        "_private",
        "__sizeof__.__self__",
        "__call__.__self__.x",
    ),
    *("f_globals", "gi_frame", "tb_frame", "cr_frame", "__traceback__.tb_frame", "__weakref__"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "thing",
    [secret, Holder, Holder(), Holder().method, (x for x in "ab"), len, [].append, ValueError("x")],
    ids=["function", "class", "object", "method", "generator", "builtin", "bound", "error"],
)
def test_the_inside_of_what_a_check_passes_is_not_read(answered, thing, path):
    told = answered.tries(answered.walk, thing, *path.split("."))
    assert "hidden" not in told


def test_what_a_check_passes_is_called_and_read_by_its_public_names(answered):
    assert answered.read(Holder(), "public") == "seen"
    assert answered.tries(answered.read(Holder(), "method")) == "'hidden'"
    for thing in (Holder(), secret, iter([1])):
        with pytest.raises(AttributeError):
            answered.read(thing, "_private")


def test_an_object_of_a_check_does_not_give_its_class(answered):
    class Unseen(Holder):
        pass

    with pytest.raises(AttributeError, match="not the class"):
        answered.of_type(Unseen())
    with pytest.raises(AttributeError, match="not the class"):
        answered.walk(Unseen(), "__class__", "public")
    assert answered.read(Unseen, "public") == "seen"


@pytest.mark.parametrize(
    "thing", [json, __import__("sys")._getframe(), secret.__code__, (lambda held: lambda: held)(1).__closure__[0]],
    ids=["module", "frame", "code", "cells"],
)  # fmt: skip
def test_what_leads_into_the_judge_is_not_given(answered, thing):
    if thing is not None:
        with pytest.raises(TypeError, match="is not plain data"):
            answered.read(thing, "anything")


def test_a_failing_asserts_words_are_not_given(answered):
    def check():
        assert secret() == "given", "it is hidden"

    assert answered.tries(check) == "AssertionError: "


# Exhausting it.


def test_an_iterator_without_end_is_cut(answered, monkeypatch):
    monkeypatch.setattr(stand_ins, "MOST_STEPS", 100)
    with pytest.raises((ChannelTimeout, JudgeError), match="did not end"):
        for _ in answered.forever():
            pass


def test_a_call_that_never_returns_is_cut():
    with learner(ANSWER, timeout=0.5) as on:
        started = time.monotonic()
        with pytest.raises(ChannelTimeout, match="did not answer in time"):
            on.sleeps()
        assert time.monotonic() - started < 3
        assert on.stand_ins.is_busy


def test_callbacks_do_not_stretch_the_time():
    with learner("def spin(tick):\n    while True: tick()", timeout=0.5) as on:
        started = time.monotonic()
        with pytest.raises(ChannelTimeout):
            on.spin(lambda: None)
        assert time.monotonic() - started < 3


def test_a_process_that_ends_is_told():
    with learner(ANSWER) as on:
        with pytest.raises(ChannelClosed, match="ended before it answered"):
            on.dies()
        with pytest.raises(ChannelClosed):
            on.Yes()


def test_a_huge_answer_is_refused():
    with learner(ANSWER, timeout=100) as on:
        with pytest.raises(RuntimeError, match="too large"):
            on.huge()
        with pytest.raises(TypeError, match="too many"):
            on.many()
        assert not on.stand_ins.is_busy


# Forged messages.

RESULT = {"re": 1, "ok": 1, "nodes": [], "classes": [], "drop": []}
CLASS = {
    "name": "A",
    "qualname": "A",
    "module": "m",
    "bases": [],
    "special": [],
    "hashable": True,
    "carries": None,
    "function": False,
    "error": False,
}
ERROR = {
    "class": ["name", "builtins.ValueError"],
    "args": [],
    "text": "",
    "attributes": {},
    "cause": None,
    "context": None,
    "quiet": False,
    "notes": [],
    "where": "",
}
FORGED = {
    "nothing": {},
    "another id": {**RESULT, "re": 7},
    "a text for an id": {**RESULT, "re": "1"},
    "no result": {"re": 1},
    "an unknown tag": {**RESULT, "ok": ["what"]},
    "an empty list": {**RESULT, "ok": []},
    "an object": {**RESULT, "ok": {}},
    "a name that is not there": {**RESULT, "ok": ["name", "builtins.eval"]},
    "a name of another module": {**RESULT, "ok": ["name", "os.system"]},
    "a node that is not there": {**RESULT, "ok": ["@", 3]},
    "a negative node": {**RESULT, "ok": ["@", -1], "nodes": [["list", 1, False, []]]},
    "a tuple in itself": {**RESULT, "ok": ["@", 0], "nodes": [["tuple", [["@", 0]]]]},
    "an unknown container": {**RESULT, "ok": ["@", 0], "nodes": [["array", 1, False, []]]},
    "a dict of no pairs": {**RESULT, "ok": ["@", 0], "nodes": [["dict", 1, False, [1]]]},
    "an unhashable key": {**RESULT, "ok": ["@", 0], "nodes": [["dict", 1, False, [[["@", 0], 1]]]]},
    "an unhashable member": {**RESULT, "ok": ["@", 0], "nodes": [["set", 1, False, [["@", 0]]]]},
    "a number for nodes": {**RESULT, "nodes": 3},
    "an object of no class": {**RESULT, "ok": ["@", 0], "nodes": [["object", 5, ["class", 9]]]},
    "an object of a builtin": {**RESULT, "ok": ["@", 0], "nodes": [["object", 5, ["name", "builtins.int"]]]},
    "an object's foreign number": {**RESULT, "ok": ["yours", 99]},
    "bad numbers": {**RESULT, "ok": ["int", "x"]},
    "bad bytes": {**RESULT, "ok": ["bytes", "*"]},
    "a bad date": {**RESULT, "ok": ["date", "2026-99-99"]},
    "a bad pattern": {**RESULT, "ok": ["pattern", "(", 0]},
    "a path up": {**RESULT, "ok": ["zone", "../../etc/passwd"]},
    "an error that is none": {"re": 1, "error": 3, "nodes": [], "classes": []},
    "an error that ends programs": {"re": 1, "error": ["@", 0], "classes": [], "nodes": [["error", 3, {**ERROR, "class": ["name", "builtins.SystemExit"]}]]},
    "an error of no class": {"re": 1, "error": ["@", 0], "classes": [], "nodes": [["error", 3, {**ERROR, "class": 3}]]},
    "an error of a function": {"re": 1, "error": ["@", 0], "classes": [], "nodes": [["error", 3, {**ERROR, "class": ["name", "builtins.len"]}]]},
    "an end without words": {"re": 1, "exit": 3},
    "a class without a name": {**RESULT, "classes": [[5, {**CLASS, "name": 3}]]},
    "a class with other operations": {**RESULT, "classes": [[5, {**CLASS, "special": ["__class__"]}]]},
    "a class with a number for a base": {**RESULT, "classes": [[5, {**CLASS, "bases": [1]}]]},
    "a class that carries a function": {**RESULT, "classes": [[5, {**CLASS, "carries": "builtins.eval"}]]},
    "a class that is no list": {**RESULT, "classes": [3]},
    "classes that are a text": {**RESULT, "classes": "ab"},
    "drops that are none": {**RESULT, "drop": [1]},
    "a request for nothing": {"id": 1, "op": "special", "v": [], "kw": []},
    "a request for plain data": {"id": 1, "op": "special", "v": [["name", "builtins.pow"], "__call__", 2, 3], "kw": []},
    "a request for a foreign number": {"id": 1, "op": "get", "v": [["yours", 77], "x"], "kw": []},
    "a request that there is not": {"id": 1, "op": "evaluate", "v": [["yours", 1]], "kw": []},
    "a request for names": {"id": 1, "op": "names", "v": [1], "kw": []},
    "a request to run": {"id": 1, "op": "run", "v": ["1", {}], "kw": []},
    "arguments that are none": {"id": 1, "op": "special", "v": 5, "kw": 5},
    "a cancelled list": {"cancel": []},
    "a request without a number": {"op": "get", "v": [["yours", 1], "x"], "kw": []},
    "a request of a text": {"id": "1", "op": "await", "v": [["yours", 1]], "kw": []},
    "an op that is a list": {"id": 1, "op": [], "v": [["yours", 1]], "kw": []},
}  # fmt: skip


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED)
def test_a_forged_message_fails_the_check_and_is_flagged(message):
    with forger(message) as stand_ins:
        with pytest.raises(ForgedReply):
            stand_ins.names(["x"])
        assert len(stand_ins.flags) == 1
        assert stand_ins.is_busy
        with pytest.raises(ForgedReply):
            stand_ins.names(["x"])


def test_a_forged_type_of_an_answer_is_flagged():
    classes = [[5, {**CLASS, "special": ["__bool__", "__len__", "__repr__"]}]]
    thing = {**RESULT, "ok": ["@", 0], "nodes": [["object", 5, ["class", 5]]], "classes": classes}
    wrapped = {
        **thing,
        "nodes": [["tuple", [["@", 1]]], ["tuple", ["x", ["@", 2]]], thing["nodes"][0]],
    }
    for ask, answer in ((bool, 1), (len, True), (repr, 3), (len, "a"), (repr, ["bytes", ""])):
        with forger(wrapped, {**RESULT, "re": 2, "ok": answer}) as stand_ins:
            thing = stand_ins.names(["x"])["x"]
            with pytest.raises(ForgedReply):
                ask(thing)
            assert stand_ins.flags


RAW = {
    "no JSON": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"1",
    "nothing": b"",
    "deep lists": b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a long number": b'{"a":' + b"1" * 100_000 + b"}",
    "many parts": b'{"a":[' + b"1," * 5_000_000 + b"1]}",
    "bad UTF-8": b'{"a":"\xc3"}',
}


@pytest.mark.parametrize("body", RAW.values(), ids=RAW)
def test_what_is_no_message_is_told(body):
    ours, theirs = socket.socketpair()
    channel = Channel(ours, timeout=10)
    sender = threading.Thread(target=theirs.sendall, args=(struct.pack("!I", len(body)) + body,))
    sender.start()
    with pytest.raises(ChannelAbuse):
        channel.receive()
    sender.join()
    ours.close()
    theirs.close()


def test_a_length_without_a_body_is_cut():
    ours, theirs = socket.socketpair()
    stand_ins = StandIns(Channel(ours, timeout=0.3))
    theirs.sendall(struct.pack("!I", 0xFFFFFFFF))
    with pytest.raises(ChannelAbuse, match="too large"):
        stand_ins.names(["x"])
    assert stand_ins.flags
    ours.close()
    theirs.close()
    ours, theirs = socket.socketpair()
    channel = Channel(ours, timeout=0.3)
    theirs.sendall(struct.pack("!I", 100) + b"{")
    with pytest.raises(ChannelTimeout):
        channel.receive()
    theirs.close()
    with pytest.raises(ChannelClosed):
        channel.receive()
    ours.close()


def test_a_message_goes_there_and_back():
    ours, theirs = socket.socketpair()
    here, there = Channel(ours), Channel(theirs)
    for message in ({}, {"a": [1, "\ud800", None, {"b": 1.5}]}, {"long": "x" * 100_000}):
        here.send(message)
        assert there.receive() == message
    with pytest.raises(ChannelAbuse, match="too large"):
        Channel(ours, most=10).send({"a": "x" * 100})
    ours.close()
    theirs.close()
