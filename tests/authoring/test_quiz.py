"""`revise quiz`: an exam is an assignment like a section."""

import json
import shutil

import nbformat
import pytest
from click.testing import CliRunner

from revise import answers
from revise.authoring.quiz_command import quiz
from revise.cli import Commands
from revise.grading.check import check
from tests.grading.chain import Chain
from tests.grading.tiny import edit

RIGHT = {
    "first-sums-double--answer": "def double(number):\n    return number + number",
    "first-sums-root--answer": "def root(number):\n    return number**0.5",
    "second-words-join--answer": "def join(words):\n    return ' '.join(words)",
}


@pytest.fixture
def revise(pair, monkeypatch):
    """Run a command in the course's folder; return its exit status and output."""
    monkeypatch.chdir(pair.root)
    group = Commands("revise", commands={"check": check, "quiz": quiz})

    def run(*arguments: str):
        return CliRunner().invoke(group, list(arguments), prog_name="revise")

    return run


def notebook(course, name="quiz-7"):
    return nbformat.read(course.root / "source" / name / f"{name}.ipynb", as_version=4)


def exercises(nb) -> list[str]:
    return list(dict.fromkeys(filter(None, map(answers.exercise, nb.cells))))


def test_the_exam_is_written_and_told(pair, revise):
    result = revise("quiz", "--concepts", "first.*", "--points", "12", "--seed", "7")
    assert result.exit_code == 0, result.output
    assert "3 exercises, 12 points, 3 of 3 concepts, seed 7." in result.output
    assert "release it: nbgrader generate_assignment quiz-7" in result.output
    assert sorted(exercises(notebook(pair))) == [
        "first-sums-add", "first-sums-double", "first-sums-root",
    ]  # fmt: skip


def test_the_same_seed_writes_the_same_bytes_and_another_call_overwrites_nothing(pair, revise):
    path = pair.root / "source" / "quiz-7" / "quiz-7.ipynb"
    asked = ["quiz", "--concepts", "first.*", "--points", "8", "--seed", "7"]
    assert revise(*asked).exit_code == 0
    before = path.read_bytes()
    assert revise(*asked).exit_code == 0
    result = revise(*asked[:-2], "--seed", "8", "--name", "quiz-7", "--hints")
    assert result.exit_code == 2
    assert "exists already, and is another one" in result.output
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.partial"))


def test_points_that_no_exercises_sum_to_are_told(revise):
    result = revise("quiz", "--concepts", "first.*", "--points", "11", "--seed", "1")
    assert "No exercises sum to 11 points: 9 are the nearest below." in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--concepts", "frist.*", "--points", "5"], "no concept fits 'frist.*'; did you mean 'first.*'?"),
        (["--concepts", "first.sums.dubble", "--points", "5"], "did you mean 'first.sums.double'?"),
        (["--concepts", "first.*", "--points", "50"], "have 12 points together, not 50. Ask for fewer"),
        (["--concepts", "first.*", "--points", "2"], "the smallest has 3. Ask for more points."),
        (["--concepts", "third.*", "--points", "2"], "no built section has an exercise on third.*"),
        (["--concepts", "first.*", "--points", "5", "--name", "../x"], "'../x' cannot name an exam"),
        (["--concepts", "first.*", "--points", "5", "--name", "01_first"], "a section has it"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_one_clear_line(pair, revise, arguments, said):
    result = revise("quiz", *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.splitlines()) == 1
    assert sorted(path.name for path in (pair.root / "source").iterdir()) == [
        "01_first", "02_second",
    ]  # fmt: skip


def test_exercises_that_clash_are_never_in_one_exam(pair, revise):
    """Of both sections only the root, the double and the join can stand side by side: 3 + 5 + 5."""
    for seed in ("1", "2"):
        asked = ["--concepts", "first.*", "--concepts", "second.words.join", "--points", "13"]
        assert revise("quiz", *asked, "--seed", seed).exit_code == 0
        assert sorted(exercises(notebook(pair, f"quiz-{seed}"))) == [
            "first-sums-double", "first-sums-root", "second-words-join",
        ]  # fmt: skip


def test_what_only_a_run_shows_is_left_out_and_drawn_anew(pair, revise):
    """``second-words-alone`` is right alone, and wrong where the first section's setup has run."""
    asked = ["quiz", "--concepts", "first.sums.root", "--concepts", "second.words.[aj]*"]
    result = revise(*asked, "--points", "15", "--seed", "7")
    assert (
        "left out, since it does not run beside the others: second-words-alone--" in result.output
    )
    assert "No exercises sum to 15 points: 10 are the nearest below." in result.output
    assert sorted(exercises(notebook(pair))) == ["first-sums-root", "second-words-join"]


def test_when_nothing_else_can_be_drawn_it_is_refused(pair, revise):
    source = pair.section("first").source
    edit(source, {"before-you-start-2": "raise ValueError('no such luck')"})
    result = revise("quiz", "--concepts", "first.*", "--points", "12", "--seed", "7")
    assert result.exit_code == 2
    assert "first--setup: ValueError: no such luck. Draw with another --seed" in result.output
    assert not (pair.root / "source" / "quiz-7").exists()


@pytest.fixture
def exam(pair, revise) -> Chain:
    """An exam over both sections, released by nbgrader."""
    asked = ["--concepts", "first.*", "--concepts", "second.words.join", "--points", "13"]
    assert revise("quiz", *asked, "--seed", "7").exit_code == 0
    chain = Chain(pair.root, pair.root.parent / "homes", "quiz-7")
    chain.nbgrader("generate_assignment", "quiz-7")
    return chain


@pytest.mark.slow
@pytest.mark.xdist_group("classroom")
def test_the_reference_earns_every_point_in_isolation_and_a_blank_exam_none(exam, pair):
    released = (pair.root / "release" / "quiz-7" / "quiz-7.ipynb").read_text()
    assert "hidden words" not in released
    assert "BEGIN SOLUTION" not in released
    reference = {cell.id: cell.source for cell in notebook(pair).cells if answers.role(cell) == "answer"}  # fmt: skip
    edit(exam.lay("reference"), reference)
    edit(exam.lay("other"), RIGHT)
    edit(
        exam.lay("wrong"),
        RIGHT | {"first-sums-double--answer": "def double(number):\n    return 4"},
    )
    exam.lay("blank")
    exam.revise("grade", "quiz-7", "--workers", "1")
    totals = {
        who: sum(exam.scores(who).values()) for who in ("reference", "other", "wrong", "blank")
    }
    assert totals == {"reference": 13, "other": 13, "wrong": 12, "blank": 0}
    assert set(exam.scores("wrong")) == {
        cell.id for cell in notebook(pair).cells if answers.role(cell) == "check"
    }
    assert "second.words.join" in exam.page("other")


@pytest.mark.slow
@pytest.mark.xdist_group("classroom")
def test_a_learner_checks_an_exam_without_its_source(exam, pair, revise):
    """Is it held against the published sections, by path and by name?"""
    work = pair.root / "work"
    work.mkdir()
    path = shutil.copy(pair.root / "release" / "quiz-7" / "quiz-7.ipynb", work)
    for folder in ("source", "release"):
        shutil.rmtree(pair.root / folder)
    edit(work / "quiz-7.ipynb", {"first-sums-double--answer": RIGHT["first-sums-double--answer"]})
    result = revise("check", "--json", path)
    report = json.loads(result.output)
    assert result.exit_code == 1
    assert report["section"] == "quiz-7"
    states = {one["id"]: one["state"] for one in report["exercises"]}
    assert states == {
        "first-sums-double": "passed", "first-sums-root": "not attempted", "second-words-join": "not attempted",
    }  # fmt: skip
    edit(work / "quiz-7.ipynb", RIGHT)
    result = revise("check", "quiz-7")
    assert result.exit_code == 0, result.output
    assert "10 of 10 points" in result.output
    assert "still shows" not in result.output  # an exam has no demos
