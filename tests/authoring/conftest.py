"""A course of one small section, in plain Python, for the tests of the author's tools."""

from pathlib import Path

import pytest

from revise.course import Course, Section
from tests.composition.conftest import built_pair, pair  # noqa: F401  (fixtures)

SYLLABUS = """
[[section]]
id = "python"
notebook = "01_python"
title = "Python"
topics = [{ id = "functions", title = "Functions", concepts = ["defining", "lambda"] }]
"""
TEXT = Path(__file__).with_name("section.md")


@pytest.fixture
def section(tmp_path: Path) -> Section:
    """The only section of a fresh course in a temporary folder."""
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "syllabus.toml").write_text(SYLLABUS)
    (tmp_path / "sections" / "01_python.md").write_text(TEXT.read_text())
    return Course.find(tmp_path).section("01")


@pytest.fixture
def rewrite(section: Section):
    """Replace a piece of the section's text, which must be there."""

    def replace(old: str, new: str) -> None:
        text = section.text.read_text()
        assert old in text
        section.text.write_text(text.replace(old, new, 1))

    return replace
