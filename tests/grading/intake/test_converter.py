"""nbgrader's Autograde around a submission: what counts as one, what fails, what is the teacher's."""

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import PyFileConfigLoader

from revise.errors import GradingFailed, IsolationMissing
from revise.grading.intake.converter import RobustAutograde
from revise.grading.isolation import bubblewrap

from ..chain import Chain
from ..tiny import TINY, edit
from .conftest import RIGHT

SAVE = "nbgrader.preprocessors.SaveAutoGrades"


class Breaks(NbGraderPreprocessor):
    """A step that fails for one student."""

    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "bob":
            raise ValueError("the step broke")
        return nb, resources


class FailsTwice(NbGraderPreprocessor):
    """A step behind which the grader itself fails, but not always."""

    left = 2

    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "bob" and FailsTwice.left:
            FailsTwice.left -= 1
            raise GradingFailed.because("a worker was killed")
        return nb, resources


class ComesLate(NbGraderPreprocessor):
    """A step that leaves a link beside the notebook, as a learner's program could."""

    def preprocess(self, nb, resources):
        os.symlink("/no/such/file", Path(resources["metadata"]["path"], "link"))
        return nb, resources


@pytest.fixture
def chain(released, tmp_path) -> Chain:
    course = Path(shutil.copytree(released, tmp_path / "course"))
    chain = Chain(course, tmp_path / "homes", TINY)
    for who in ("ada", "bob", "cy"):
        edit(chain.lay(who), RIGHT)
    return chain


def converter(chain: Chain, *, student="*", sanitize=(), steps=(SAVE,)) -> RobustAutograde:
    """Return the converter with the course's configuration; nothing is executed."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(chain.course)).load_config()
    config.Autograde.sanitize_preprocessors = [*config.Autograde.sanitize_preprocessors, *sanitize]
    config.Autograde.autograde_preprocessors = list(steps)
    course = CourseDirectory(config=config, assignment_id=TINY, student_id=student)
    return RobustAutograde(coursedir=course, config=config)


def about(chain: Chain, who: str) -> dict:
    path = chain.course / "autograded" / who / TINY / f"{TINY}.ipynb"
    return nbformat.read(path, as_version=4).metadata.revise


@pytest.mark.parametrize("place", ["sanitize", "steps"])
def test_a_step_that_breaks_costs_one_submission(chain, place):
    """Is it given to the teacher with a reason, and are the others graded?"""
    steps = {"sanitize": [Breaks]} if place == "sanitize" else {"steps": [Breaks, SAVE]}
    converter(chain, **steps).start()
    assert "(ValueError: the step broke)" in about(chain, "bob").reason
    assert "reason" not in about(chain, "cy")
    with Gradebook(f"sqlite:///{chain.course / 'gradebook.db'}") as gradebook:
        left = {
            one.student.id: one.needs_manual_grade for one in gradebook.assignment_submissions(TINY)
        }
    assert left == {"ada": False, "bob": True, "cy": False}
    assert sum(chain.scores("bob").values()) == 0
    graded = (chain.course / "autograded" / "bob" / TINY / f"{TINY}.ipynb").read_text()
    assert "number + number" in graded
    assert "secret" not in graded


@pytest.mark.parametrize("mend", ["release", "notebook", "gradebook", "json"])
def test_what_the_teacher_lacks_is_said_and_nothing_is_lost(chain, mend, caplog):
    """With marks there, does a missing release or gradebook stop the command before it removes them?"""
    converter(chain).start()
    before = sorted(path.read_bytes() for path in chain.course.glob("autograded/*/*/*"))
    release = chain.course / "release" / TINY
    if mend == "release":
        shutil.rmtree(release)
    elif mend == "notebook":
        (release / f"{TINY}.ipynb").unlink()
    elif mend == "json":
        (release / f"{TINY}.ipynb").chmod(0o644)
        (release / f"{TINY}.ipynb").write_text("no JSON")
    else:
        (chain.course / "gradebook.db").unlink()
    again = converter(chain)
    again.force = True
    with pytest.raises(NbGraderException, match="nothing was graded"):
        again.start()
    assert f"nbgrader generate_assignment {TINY}" in caplog.text
    assert sorted(path.read_bytes() for path in chain.course.glob("autograded/*/*/*")) == before


@pytest.mark.parametrize("who", ["a[1]", "o'hara", "zoë müller", "*"])
def test_any_name_of_a_folder_is_a_student(chain, who):
    """Can one be graded alone whose id a pattern would read otherwise?"""
    edit(chain.lay(who), RIGHT)
    converter(chain, student=who).start()
    assert "reason" not in about(chain, who)


def test_one_student_without_a_notebook(chain):
    """Does the formgrader's button, which grades one student, mark one who sent nothing?"""
    (chain.course / "submitted" / "bob" / TINY / f"{TINY}.ipynb").unlink()
    converter(chain, student="bob").start()
    assert about(chain, "bob").reason == f"There is no file {TINY}.ipynb in the submission."


def test_a_failure_of_the_grader_is_tried_again(chain):
    """Does a killed worker cost a learner nothing?"""
    converter(chain, steps=[FailsTwice, SAVE]).start()
    assert FailsTwice.left == 0
    assert "reason" not in about(chain, "bob")


def test_without_isolation_nothing_is_graded_and_nothing_is_lost(chain, monkeypatch):
    """Does the command end at once, before a class is marked with 0 for it?"""
    converter(chain).start()

    def missing():
        raise IsolationMissing.because("there are no namespaces")

    monkeypatch.setattr(bubblewrap, "require", missing)
    again = converter(chain, steps=["revise.grading.execute.IsolatedExecute", SAVE])
    again.force = True
    with pytest.raises(NbGraderException, match="--no-isolation"):
        again.start()
    assert "reason" not in about(chain, "bob")


def test_a_student_who_is_not_there_is_an_error(chain):
    with pytest.raises(NbGraderException, match="No notebooks were matched"):
        converter(chain, student="nobody").start()


def test_a_link_in_the_graded_folder_is_removed(chain):
    converter(chain, student="ada", steps=[ComesLate, SAVE]).start()
    assert "reason" not in about(chain, "ada")
    assert not os.path.lexists(chain.course / "autograded" / "ada" / TINY / "link")


def test_the_formgraders_list_survives_timestamps(chain):
    """Do the pages of the formgrader come, whatever stands in timestamp.txt?"""
    for who, make in (("ada", os.mkfifo), ("bob", lambda path: path.write_text("soon"))):
        path = chain.course / "submitted" / who / TINY / "timestamp.txt"
        path.unlink()
        make(path)
    one = converter(chain)
    api = NbGraderAPI(coursedir=one.coursedir)
    students = {row["student"]: row["timestamp"] for row in api.get_submissions(TINY)}
    assert students == {"ada": None, "bob": None, "cy": "2026-03-01T09:00:00"}
    assert api.autograde(TINY, "cy")["success"]


def test_flags_are_for_the_teacher(chain):
    """Do flags go into the graded notebook, and a forged reason of the learner's not?"""
    path = chain.course / "submitted" / "ada" / TINY / f"{TINY}.ipynb"
    content = json.loads(path.read_text())
    content["metadata"]["revise"] |= {"reason": "forged", "notes": ["forged"], "flags": []}
    for cell in content["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
    path.write_text(json.dumps(content))
    converter(chain, student="ada").start()
    assert "forged" not in str(about(chain, "ada"))
    flagged = {flag["cell"] for flag in about(chain, "ada").flags}
    assert flagged == {
        "tiny-double--of-two", "tiny-double--of-others", "tiny-greet--has-a-heading", "tiny-greet--greets",
    }  # fmt: skip
