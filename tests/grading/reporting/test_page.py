"""The page and the table: whole without a network, honest about what is not there, safe with any name."""

import csv
import io
import re
from datetime import datetime

import pytest

from revise.grading.reporting.heatmap import heat_maps, shade, whole
from revise.grading.reporting.page import as_html
from revise.grading.reporting.table import as_csv

from .conftest import FULL, NOTHING, OTHERS, TWO

NOW = datetime(2026, 3, 1, 9)
EVIL = "<script>alert(1)</script>"


def page(report):
    return as_html(report, NOW)


def lines(report):
    return list(csv.DictReader(io.StringIO(as_csv(report))))


def test_the_page_fetches_nothing_and_its_policy_forbids_it(five):
    text = page(five.report())
    assert not re.search(r"(?:src|href)=[\"']?[^#\"']|url\(|@import|https?:", text)
    assert "default-src 'none'" in text
    assert 'name="viewport"' in text


def test_the_page_says_that_it_is_for_teachers(five):
    assert "<strong>For teachers.</strong>" in page(five.report())


def test_what_learners_and_their_programs_wrote_is_shown_as_text(class_):
    """Are a hostile id, name, word, flag and file name escaped, and is there but one script?"""
    class_.mark("ada", NOTHING, first_name=EVIL, last_name='"><img src=x onerror=alert(1)>')
    class_.mark("<b>bob", NOTHING)
    flag = {"cell": EVIL, "reason": EVIL}
    class_.graded_notebook("ada", {TWO: EVIL}, flags=[flag], reason=EVIL)
    text = page(class_.report())
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b>bob" not in text
    assert text.count("<script>") == 1
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_no_figure_is_nan(class_):
    """One learner, then nobody who passed anything: is what is undefined said in words?"""
    class_.mark("ada", NOTHING)
    text = page(class_.report())
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    assert "undefined: fewer than 3 learners" in text
    for who in ("bob", "cy"):
        class_.mark(who, NOTHING)
    text = page(class_.report())
    assert "undefined: everyone has the same points" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_a_missing_submission_is_shown_as_one(five):
    text = page(five.report())
    row = text[text.index('data-v="eve"') :].partition("</tr>")[0]
    assert "missing" in row
    assert "–" in row
    assert "missing submissions</dt><dd>1<" in text


def test_words_of_hidden_checks_are_marked(five):
    five.graded_notebook("bob", {OTHERS: "double(21000) returned 7"})
    assert "<em>hidden check</em> <bdi>double(21000) returned 7</bdi>" in page(five.report())


def test_without_graded_notebooks_the_page_says_why_there_are_no_words(five):
    assert "no graded notebook was found in <code>autograded/</code>" in page(five.report())
    assert "only the marks were asked for" in page(five.report(marks_only=True))


def test_the_heat_map_has_the_weakest_concept_first_and_learners_who_handed_in(five):
    (one,) = heat_maps(five.report())
    assert [one.short(concept) for concept in one.concepts] == [
        "html.headings",
        "functions.defining",
    ]
    assert {learner.id: percents for learner, percents in one.rows} == {
        "ada": [100, 100],
        "bob": [0, 25],
        "cy": [0, 0],
        "dan": [40, pytest.approx(62.5)],
    }


@pytest.mark.parametrize(
    ("percent", "colour", "text"),
    [
        (None, "none", "–"),
        (0, "h0", "0"),
        (0.2, "h0", "1"),
        (19.9, "h0", "20"),
        (20, "h1", "20"),
        (99.7, "h4", "99"),
        (100, "h5", "100"),
        (112.5, "h5", "112"),
    ],
)
def test_only_all_looks_like_all_and_only_nothing_like_nothing(percent, colour, text):
    assert (shade(percent), whole(percent)) == (colour, text)


def test_the_table_has_a_line_per_learner_and_a_column_per_exercise(five):
    ada = lines(five.report())[-1]
    assert ada == {
        "learner": "ada", "last_name": "Lovelace", "first_name": "Ada", "state": "graded", "mark": "8",
        "of": "8", "percent": "100", "late_penalty": "0", "flags": "0", "tiny-double": "3",
        "tiny-greet": "5",
    }  # fmt: skip
    eve = next(line for line in lines(five.report()) if line["learner"] == "eve")
    assert (eve["state"], eve["mark"], eve["percent"], eve["tiny-greet"]) == ("missing", "", "", "")


def test_the_table_of_all_has_a_column_per_assignment(five):
    five.release("02_later")
    five.mark("eve", FULL, "02_later")
    eve = next(line for line in lines(five.report(None)) if line["learner"] == "eve")
    assert (eve["01_tiny"], eve["02_later"], eve["mark"]) == ("", "8", "8")
    assert eve["state"] == "missing, graded"


@pytest.mark.parametrize("id", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_is_a_formula_in_a_spreadsheet(class_, id):
    class_.mark(id, FULL, first_name="=HYPERLINK(1)", last_name="-x")
    (line,) = lines(class_.report())
    assert (line["learner"], line["first_name"], line["last_name"]) == (
        f"'{id}", "'=HYPERLINK(1)", "'-x",
    )  # fmt: skip
