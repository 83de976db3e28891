"""The report of a class, opened from disk: fits a phone, sorts, finds a learner, says what a number is of."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from revise.grading.reporting.figures import Report
from revise.grading.reporting.gradebook import Learner
from revise.grading.reporting.marks import Assignment, ClassMarks, Marks
from revise.grading.reporting.outline import Exercise
from revise.grading.reporting.page import as_html

CONCEPTS = [f"tiny.functions.a-concept-with-a-long-name-{number}" for number in range(40)]
EXERCISES = tuple(
    Exercise(
        f"tiny-exercise-{number}", "01_tiny", f"Do the thing number {number}", 4, [], [concept]
    )
    for number, concept in enumerate(CONCEPTS)
)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def marked(number: int) -> Marks:
    """The higher the number, the more points; s003 handed in nothing."""
    return Marks(tuple(4.0 if place < number % 41 else 0.0 for place in range(len(EXERCISES))))


@pytest.fixture(params=[5, 120])
def opened(page, request, tmp_path):
    """The report of a class of a few, and of many, as a browser opens the file."""
    learners = tuple(
        Learner(f"s{number:03}", "Ada", f"von und zu Lovelace-{number}")
        for number in range(request.param)
    )
    marks = {one.id: marked(number) for number, one in enumerate(learners) if number != 3}
    assignment = Assignment("01_tiny", "A tiny section", EXERCISES, marks)
    path = tmp_path / "report.html"
    path.write_text(as_html(Report(ClassMarks(learners, (assignment,))), datetime(2026, 3, 1)))
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.on(
        "request", lambda asked: refused.append(asked.url) if asked.url != path.as_uri() else None
    )
    page.goto(path.as_uri())
    yield page
    assert refused == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_fits_a_phone(opened, scheme):
    """Does only a table move sideways, never the page?"""
    opened.emulate_media(color_scheme=scheme)
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate(SIDEWAYS) == 0
    for closed in opened.locator("details").all():
        closed.evaluate("details => details.open = true")
    assert opened.evaluate(SIDEWAYS) == 0
    opened.locator("#concepts").scroll_into_view_if_needed()


def test_a_column_sorts_both_ways_and_a_missing_submission_stays_below(opened):
    rows = opened.locator("#marks tbody th")
    percent = opened.locator("#marks thead").get_by_role("button", name="%")
    percent.click()
    expect(rows.first).to_contain_text("s000")
    expect(rows.last).to_contain_text("s003")
    percent.click()
    expect(rows.first).not_to_contain_text("s000")
    expect(rows.last).to_contain_text("s003")


def test_a_learner_is_found_in_every_table(opened):
    opened.get_by_label("Find a learner").fill("lovelace-4")
    expect(opened.locator("#marks tbody tr:not([hidden])").first).to_contain_text("s004")
    expect(opened.locator("#marks tbody tr", has_text="s001")).to_be_hidden()
    expect(opened.locator(".heat tbody tr", has_text="s001")).to_be_hidden()
    expect(opened.locator("#found")).to_have_text(re.compile(r"^\d+ of \d+ learners$"))


def test_a_number_of_the_map_says_what_it_is_of(opened):
    opened.locator(".heat tbody tr").nth(1).locator("td").last.click()
    expect(opened.locator(".told")).to_have_text(f"s001 · {CONCEPTS[0]}: 100 % of the points")
