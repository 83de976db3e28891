"""A probe in a notebook: the same call that a judge sends over the wire."""

import asyncio

import pytest

from revise import probe

noise = "quack"


class Animal:
    def speak(self):
        return self.noise + "!"


async def double(number):
    return number * 2


def test_a_probe_sees_the_names_of_its_notebook_and_its_data():
    code = """
        class Duck(Animal):
            noise = word
        Duck().speak()
    """
    assert probe(code, word="moo") == "moo!"
    assert probe("noise") == "quack"


def test_what_a_probe_binds_stays_in_it():
    assert probe("noise = 'bark'") is None
    assert noise == "quack"
    items = [1]
    assert probe("items.append(2)\nitems", items=items) == [1, 2]
    assert items == [1]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("1 / 0", ZeroDivisionError),
        ("1 +", SyntaxError),
        ("nothing", NameError),
        ("Animal()", TypeError),
    ],
)
def test_a_probe_raises_what_its_code_raises(code, error):
    with pytest.raises(error):
        probe(code)


def test_a_probe_that_awaits_is_awaited():
    async def check():
        return await probe("import asyncio\nawait asyncio.gather(double(1), double(n))", n=2)

    assert asyncio.run(check()) == [2, 4]


def test_a_line_of_a_probe_is_shown_in_a_traceback():
    with pytest.raises(ZeroDivisionError) as caught:
        probe("x = 0\n1 / x")
    assert str(caught.traceback[-1].statement) == "1 / x"


def test_another_process_may_run_the_probes(monkeypatch):
    monkeypatch.setattr(probe, "run", lambda code, data: (code, data))
    assert probe("x", y=1) == ("x", {"y": 1})
