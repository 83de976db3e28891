"""What a section's text is read as, and what is said of one that cannot be read."""

import pytest

from revise.authoring.section import parse
from revise.errors import SectionProblems


def test_an_exercise_is_read_whole(section):
    fee, key = parse(section.text).exercises
    assert fee.id == "python-functions-late-fee"
    assert fee.title == "Compute a late fee"
    assert fee.concepts == ("python.functions.defining",)
    assert fee.points == 3
    assert [check.hidden for check in fee.checks] == [False, True]
    assert [wrong.title for wrong in fee.wrong] == ["forgets the limit", "adds", "returns nothing"]
    assert list(key.answers) == ["key", "order"]


def test_hints_keep_their_code_without_its_indentation(section):
    assert parse(section.text).exercises[0].hints == [
        "Multiply.",
        "Then cap it:\n\n```python\nmin(1, 2)\n```",
    ]


def test_variants_are_no_part_of_the_notebook(section):
    assert not [part for part in parse(section.text).parts if "wrong" in part.cell.metadata]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('check="three-days" points=2', 'check="three-days"', "a check without points"),
        ('wrong="adds"', 'wrnog="adds"', "unknown key 'wrnog'"),
        ('name="order"\n', 'name="key"\n', "a second answer called 'key'"),
        ('name="order" says', 'name="odrer" says', "no answer cell is called 'odrer'"),
        ('role="answer"\n', 'role="anwser"\n', "unknown role 'anwser'"),
        ("<!-- #endregion -->", "", "a region is opened here and not closed"),
    ],
)
def test_a_problem_names_line_exercise_and_mend(section, rewrite, old, new, said):
    """Is every mistake of an author told with the place where it is mended?"""
    rewrite(old, new)
    with pytest.raises(SectionProblems, match=r"^01_python.md:\d+: ") as caught:
        parse(section.text)
    assert said in str(caught.value)


def test_a_problem_stands_on_its_line(section, rewrite):
    rewrite('check="three-days" points=2', 'check="three-days"')
    lines = section.text.read_text().splitlines()
    with pytest.raises(SectionProblems) as caught:
        parse(section.text)
    number = int(str(caught.value).split(":")[1])
    assert lines[number - 1].startswith("assert late_fee(3)")


def test_a_text_that_is_not_utf8_is_told(section):
    section.text.write_bytes(b"\xff\xfe broken")
    with pytest.raises(SectionProblems, match="Write it as UTF-8 Markdown"):
        parse(section.text)
