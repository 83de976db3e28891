"""What every section of the course promises. A new section joins by existing.

The names below are the promises of docs/author.md, "What is proven".
"""

import functools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from revise import answers, execution
from revise.authoring import attempts
from revise.authoring.bare import bare_notebook
from revise.authoring.build import load as read_checked
from revise.authoring.build import stale
from revise.authoring.catalogue import catalogue
from revise.authoring.editions import instructor_edition, learner_edition
from revise.authoring.lint import BEGIN, END, lint, uncovered
from revise.authoring.prove import judge
from revise.course import Section
from tests import drawn
from tests.drawn import COURSE, parse

load = functools.cache(read_checked)
SECTIONS = [pytest.param(section, id=section.id) for section in COURSE.written]
each_section = pytest.mark.parametrize("section", SECTIONS)


def _attempts():
    """Yield a case for each attempt that runs (tests/drawn.py); demos run under nbval, below."""
    for section in COURSE.written:
        text = parse(section.text)
        labels = [attempt.label for attempt in attempts.every(text, bare_notebook(text))]
        for number in drawn.rounds(section, len(labels)):
            name = labels[number].replace(" ", "-")
            yield pytest.param(section, number, id=f"{section.id}-{name}")


def _notebook(path: Path):
    return nbformat.read(path, as_version=4)


@each_section
def test_the_text_keeps_the_rules(section: Section):
    text = parse(section.text)
    assert [str(problem) for problem in lint(text, section)] == []


@each_section
def test_every_concept_is_graded(section: Section):
    assert uncovered(parse(section.text), section) == []


@each_section
def test_it_ends_with_a_capstone(section: Section):
    assert any("-capstone-" in exercise.id for exercise in load(section).exercises)


@each_section
def test_the_built_notebooks_are_what_the_text_says(section: Section):
    assert stale(section) == []


@pytest.mark.slow
@pytest.mark.parametrize(("section", "number"), list(_attempts()))
def test_every_attempt_earns_what_it_should(section: Section, number: int):
    """Does the reference earn all, a blank nothing, a wrong answer its words, another right one all?

    In the same rounds: does no exercise's failure cost another one a point? What runs of which section
    is in tests/drawn.py.
    """
    text = load(section)
    bare = bare_notebook(text)
    attempt = attempts.every(text, bare)[number]
    executed = execution.execute(attempt.notebook(bare))
    assert [str(finding) for finding in judge(attempt, text, executed)] == []


@each_section
def test_the_learners_edition_holds_no_solution(section: Section):
    """Is every line of a solution or a hidden check gone, unless the reader is shown it elsewhere?"""
    published = {cell.id: cell.source for cell in _notebook(section.notebook).cells}
    starters = attempts.blank_sources(bare_notebook(load(section)))
    for exercise in load(section).exercises:
        for name, cell in exercise.answers.items():
            id = exercise.answer_id(name)
            assert published[id] == starters[id]
            before, _, rest = cell.source.partition(BEGIN)
            solution, _, after = rest.partition(END)
            # A line such as "class Meta:", or its text within a line, may stand in what is given, too.
            given = before + after
            lines = {line.strip() for line in solution.splitlines() if len(line.strip()) > 8}
            assert not [line for line in lines if line in starters[id] and line not in given]
        for check in exercise.checks:
            if check.hidden:
                assert "HIDDEN" not in published[f"{exercise.id}--{check.behaviour}"]
                assert check.cell.source not in section.notebook.read_text()
                assert len(published[f"{exercise.id}--{check.behaviour}"].splitlines()) == 1


@each_section
def test_no_variant_reaches_a_notebook(section: Section):
    """Is every wrong and other right answer absent? (A wrong one may leave a file as setup laid it.)"""
    for path in (section.source, section.notebook):
        for cell in _notebook(path).cells:
            assert not {"wrong", "right", "says"} & cell.metadata.keys()
    cells = _notebook(section.source).cells
    sources = {cell.source for cell in cells if answers.role(cell) != "setup"}
    for exercise in load(section).exercises:
        for variant in (*exercise.wrong, *exercise.right):
            assert not sources & set(variant.sources.values())


@each_section
def test_the_built_files_say_what_their_cells_are(section: Section):
    """Can another tool read exercises, roles and concepts off the notebooks (docs/author.md)?"""
    roles = {"task", "setup", "answer", "check", "hint"}
    for path in (section.source, section.notebook):
        notebook = _notebook(path)
        nbformat.validate(notebook)
        seen = {one.id: set() for one in load(section).exercises}
        for cell in notebook.cells:
            if answers.exercise(cell):
                assert answers.role(cell) in roles
                seen[answers.exercise(cell)].add(answers.role(cell))
            if answers.role(cell) == "check":
                assert set(cell.metadata["revise"]["concepts"]) <= set(section.concepts)
        assert all({"task", "answer", "check", "hint"} <= found for found in seen.values())


@pytest.mark.slow
@each_section
def test_nbval_passes(section: Section, tmp_path: Path):
    """Do the demos of an untouched notebook show what it says they show?

    That was stored while the reference's answers stood in it: so no demo depends on an answer.
    """
    path = tmp_path / section.notebook.name
    shutil.copy(section.notebook, path)
    patterns = Path(sys.modules["revise"].__file__).with_name("patterns.cfg")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax"]
    command += ["--nbval-current-env", "--nbval-sanitize-with", str(patterns), str(path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-6000:]


def test_every_concept_of_the_syllabus_is_graded():
    """Is every section written, and does `revise exercises` name each concept of the syllabus?"""
    command = [sys.executable, "-m", "revise.cli", "exercises", "--json"]
    done = subprocess.run(command, cwd=COURSE.root, capture_output=True, text=True, check=True)
    graded = {concept for entry in json.loads(done.stdout) for concept in entry["concepts"]}
    asked = {concept for section in COURSE.sections for concept in section.concepts}
    assert COURSE.written == COURSE.sections
    assert graded == asked
    assert len(asked) == 193


def test_the_catalogue_lists_every_exercise():
    entries = catalogue(COURSE)
    assert len({entry.id for entry in entries}) == len(entries)
    assert all(entry.hints >= 1 and entry.wrong >= 3 and entry.right >= 1 for entry in entries)
    json.dumps([entry.__dict__ for entry in entries])


def test_the_editions_are_steps_of_one_pipeline():
    """Is the learner's edition made of the instructor's alone, as nbgrader makes a release?"""
    for section in COURSE.written:
        instructor = instructor_edition(_notebook(section.source))
        ids = [cell.id for cell in learner_edition(instructor).cells]
        assert ids == [cell.id for cell in instructor.cells]
