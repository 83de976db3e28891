"""Finding the course, and its sections by any of their names."""

import pytest

from revise.course import Course
from revise.errors import NoCourse, UnknownSection

SYLLABUS = """
[[section]]
id = "python"
notebook = "01_python"
title = "Python"
topics = [{ id = "functions", title = "Functions", concepts = ["defining", "lambda"] }]
[[section]]
id = "tools"
notebook = "10_tools"
title = "Tools"
topics = [{ id = "redis", title = "Redis", concepts = ["cache"] }]
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "syllabus.toml").write_text(SYLLABUS)
    return Course.find(tmp_path)


def test_it_is_found_from_a_folder_inside(course):
    inside = course.root / "sections"
    assert Course.find(inside).root == course.root


def test_the_environment_may_name_it(course, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("REVISE_COURSE", str(course.root))
    assert Course.find().root == course.root


def test_no_course_is_told_with_what_to_do(tmp_path):
    with pytest.raises(NoCourse, match="Go to the folder that holds sections/"):
        Course.find(tmp_path)


@pytest.mark.parametrize("name", ["01", "1", "python", "01_python"])
def test_a_section_has_many_names(course, name):
    assert course.section(name).name == "01_python"


def test_ten_is_not_one(course):
    assert course.section("10").id == "tools"


def test_an_unknown_section_is_told_with_the_nearest(course):
    with pytest.raises(UnknownSection, match="no section is named 'pyhton'; did you mean 'python'"):
        course.section("pyhton")


def test_concepts_carry_their_whole_id(course):
    assert course.section("01").concepts == ("python.functions.defining", "python.functions.lambda")


def test_only_sections_with_a_text_are_written(course):
    assert course.written == ()
    course.section("10").text.write_text("# Tools")
    assert [section.id for section in course.written] == ["tools"]


def test_the_syllabus_is_whole():
    """Does the course's own syllabus hold the 10 sections and 193 concepts that were promised?"""
    sections = Course.find().sections
    assert len(sections) == 10
    concepts = [concept for section in sections for concept in section.concepts]
    assert len(concepts) == len(set(concepts)) == 193
