"""The steps from a graded notebook to the learner's page, each on its own."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from revise.grading.feedback import course_cells
from revise.grading.feedback.course_cells import RestoreCourseCells, is_hidden
from revise.grading.feedback.echoes import LEFT_OUT, RemoveEchoes
from revise.grading.feedback.hidden_checks import HideHiddenChecks
from revise.grading.feedback.page import FeedbackPage
from revise.grading.feedback.summary import Points, Summarise, gather, per_concept, to_revise

SECRET = 'assert answer(21000) == "forty-two", "the secret message"'
ABOUT = {"nbgrader": {"notebook": "01_tiny", "score": 1.0, "max_score": 3.0, "late_penalty": 0}}


def part(id, source, role="check", *, hidden=False, score=0.0, points=1.0, outputs=(), **nbgrader):
    revise = {"exercise": "double", "role": role, "behaviour": id, "concepts": ["a.b.c"]}
    revise |= {"hidden": True} if hidden else {}
    graded = (
        {"grade": True, "grade_id": id, "score": score, "points": points} if role == "check" else {}
    )
    return new_code_cell(
        source,
        id=id,
        outputs=list(outputs),
        metadata={"revise": revise, "nbgrader": graded | nbgrader},
    )


def task(source="### Double <b>it</b>\n\nWrite *it*."):
    return new_markdown_cell(
        source, id="task", metadata={"revise": {"exercise": "double", "role": "task"}}
    )


def notebook(*cells):
    return new_notebook(cells=[task(), *cells])


def error(message, name="AssertionError"):
    return new_output(
        "error", ename=name, evalue=message, traceback=[f"\x1b[31m{name}\x1b[0m: {message}"]
    )


@pytest.fixture
def release(monkeypatch):
    """Set the released notebook that the steps see."""

    def use(nb):
        monkeypatch.setattr(course_cells, "released_edition", lambda step, resources: nb)

    return use


def test_a_submission_cannot_deny_a_hidden_check(release):
    """Does the release say what is hidden, and not the submission?"""
    release(notebook(part("fresh", "# hidden", hidden=True)))
    nb, resources = RestoreCourseCells().preprocess(
        notebook(part("fresh", SECRET, hidden=False)), dict(ABOUT)
    )
    assert is_hidden(nb.cells[1])
    assert resources["revise"]["release"] is not None


def test_without_a_release_the_source_tells(release):
    """Is a cell with hidden tests in it hidden, whatever its metadata say?"""
    release(None)
    nb, _ = RestoreCourseCells().preprocess(
        notebook(part("fresh", f"### BEGIN HIDDEN TESTS\n{SECRET}")), dict(ABOUT)
    )
    assert is_hidden(nb.cells[1])


def test_a_cell_that_calls_itself_hidden_is_hidden(release):
    """Where there is no release, is the careful answer taken?"""
    release(None)
    nb, _ = RestoreCourseCells().preprocess(notebook(part("fresh", "x", hidden=True)), dict(ABOUT))
    assert is_hidden(nb.cells[1])


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", text=f"In[7]: {SECRET}"),
        new_output("stream", text=repr(["a", f"first\n{SECRET}\n"])),
        new_output("execute_result", data={"text/plain": repr(repr(SECRET))}),
        new_output("display_data", data={"text/html": f"<pre>{SECRET}</pre>"}),
        error(f"look: {SECRET}"),
        new_output(
            "error", ename="E", evalue="", traceback=[SECRET.replace(" ", "\x1b[0m \x1b[32m")]
        ),
    ],
    ids=["print", "list", "repr twice", "html", "message", "coloured traceback"],
)
def test_an_output_that_repeats_a_hidden_check_is_left_out(output):
    """Is a copy found, also when it is quoted, escaped or coloured?"""
    nb = notebook(
        part("fresh", SECRET, hidden=True), part("answer", "print(In)", "answer", outputs=[output])
    )
    nb, _ = RemoveEchoes().preprocess(nb, {})
    assert [one.text for one in nb.cells[2].outputs] == [LEFT_OUT]


def test_what_is_said_in_the_open_is_kept():
    """Does a line that stands in a visible check as well stay?"""
    shown = new_output("stream", text="response = session.get('/books/')")
    line = 'response = session.get("/books/")'
    nb = notebook(
        part("seen", line),
        part("fresh", f"{line}\n{SECRET}", hidden=True),
        part("answer", "x", "answer", outputs=[shown]),
    )
    nb, _ = RemoveEchoes().preprocess(nb, {})
    assert nb.cells[3].outputs == [shown]


def test_a_part_of_a_visible_line_is_no_secret():
    """Is the traceback of a visible check kept where a hidden one has the first half of its line?"""
    seen = "title = page.title.get_text(strip=True).upper()"
    shown = error(seen)
    nb = notebook(
        part("seen", seen, outputs=[shown]),
        part("fresh", seen.removesuffix(".upper()"), hidden=True),
    )
    nb, _ = RemoveEchoes().preprocess(nb, {})
    assert nb.cells[1].outputs == [shown]


def test_a_hidden_check_keeps_its_points_and_nothing_else():
    """Are source, traceback and what the learner's code printed gone?"""
    nb = notebook(
        part(
            "fresh",
            SECRET,
            hidden=True,
            score=1.0,
            outputs=[new_output("stream", text="called with 21000"), error("secret")],
        )
    )
    nb, _ = HideHiddenChecks().preprocess(nb, {})
    assert (nb.cells[1].source, nb.cells[1].outputs) == ("", [])
    assert nb.cells[1].metadata.nbgrader.score == 1.0


def test_points_per_exercise_and_concept():
    """Are the points of all checks summed, hidden ones too?"""
    nb = notebook(
        part("seen", "x", score=2, points=2), part("fresh", "", hidden=True, score=0, points=1)
    )
    (exercise,) = gather(nb, nb)
    assert (exercise.title, str(exercise.points)) == ("Double <b>it</b>", "2 / 3")
    assert per_concept([exercise]) == {"a.b.c": Points(2, 3)}


def test_the_weakest_concept_comes_first():
    """What would a learner revise next?"""
    concepts = {"all": Points(3, 3), "half": Points(2, 4), "none": Points(0, 1)}
    assert to_revise(concepts) == ["none", "half"]


@pytest.mark.parametrize(("source", "mark"), [("raise  Stub", "–"), ("return 1", "✗")])
def test_a_blank_answer_is_not_a_wrong_one(source, mark):
    """Are they told apart, white space aside?"""
    release = notebook(part("answer", "raise Stub", "answer"), part("seen", "x"))
    (exercise,) = gather(notebook(part("answer", source, "answer"), part("seen", "x")), release)
    assert exercise.mark == mark


def test_a_learners_own_cell_belongs_to_the_exercise_above_it():
    """Is a helper shown with the answer, and a cell after a lesson's cell with none?"""
    lesson = new_code_cell("demo", id="demo-1")
    release = notebook(part("answer", "stub", "answer"), lesson)
    nb = notebook(
        part("answer", "mine", "answer"),
        new_code_cell("helper", id="own-1"),
        lesson,
        new_code_cell("notes", id="own-2"),
    )
    (exercise,) = gather(nb, release)
    assert [source for source, _ in exercise.answers] == ["mine", "helper"]


def page(*cells) -> str:
    nb = notebook(*cells)
    release = notebook(part("answer", "the stub", "answer"))
    resources = {**ABOUT, "revise": {"release": release}}
    return FeedbackPage().from_notebook_node(*Summarise().preprocess(nb, resources))[0]


@pytest.mark.parametrize("place", ["source", "message", "printed", "html", "comment", "title"])
def test_the_page_escapes_what_a_learner_wrote(place):
    """Does a script stay text, wherever it comes from?"""
    evil = "<script>alert(1)</script>"
    outputs = {
        "message": [error(evil)],
        "printed": [new_output("stream", text=evil)],
        "html": [new_output("display_data", data={"text/html": evil, "text/plain": evil})],
    }.get(place, [])
    comment = {"comment": evil} if place == "comment" else {}
    html = page(
        part("answer", evil if place == "source" else "x", "answer", outputs=outputs, **comment),
        part("seen", "x", outputs=outputs),
    )
    assert "<script" not in html
    assert ("&lt;script&gt;alert(1)" in html) is (place != "title")
    assert "<b>it</b></h3>" not in html


def test_the_page_says_what_a_failing_check_said():
    """Is the author's message shown, without pytest's own words after it?"""
    html = page(
        part("answer", "mine", "answer"),
        part("seen", "x", outputs=[error("double(2) returned 3\nassert 3 == 4")]),
    )
    assert '<pre class="words">double(2) returned 3</pre>' in html
