"""revise lab: what JupyterLab is started with, and what is said when it cannot be."""

import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_notebook

from revise import lab
from revise.cli import main
from revise.course import Course
from revise.errors import ForeignKernel, KernelMissing

PUBLISHED = "02_django_fundamentals.ipynb"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course to open, in the current folder, with a Jupyter of the test's own."""
    for variable in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "REVISE_COURSE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    root = tmp_path / "course"
    (root / "sections").mkdir(parents=True)
    (root / "sections" / "syllabus.toml").write_text("section = []\n")
    (root / "notebooks").mkdir()
    nbformat.write(new_notebook(), root / "notebooks" / PUBLISHED)
    monkeypatch.chdir(root)
    return Course(root)


@pytest.fixture
def started(monkeypatch):
    """The commands that would have replaced this process."""
    commands = []
    monkeypatch.setattr(os, "execv", lambda program, command: commands.append(command))
    # What `revise lab` puts into the environment is taken out again.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return commands


def run(*arguments):
    return CliRunner().invoke(main, ["lab", *arguments])


def kernel(tmp_path, monkeypatch, program):
    """Put a kernel named python3 before every other."""
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {"argv": [program, "-m", "ipykernel"], "display_name": "P", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))


def test_it_lays_the_copies_and_opens_jupyterlab_on_work(course, started):
    result = run("--no-browser", "--port=9999")
    assert result.exit_code == 0, result.output
    assert result.output == f"Laid in work/: {PUBLISHED}\n"
    (command,) = started
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/work" in command
    assert command[-2:] == ["--no-browser", "--port=9999"]


def test_the_second_time_lays_nothing_and_says_nothing(course, started):
    run()
    result = run()
    assert result.output == ""
    assert len(started) == 2


def test_a_newer_course_is_told_in_one_line(course, started):
    run()
    nbformat.write(new_notebook(metadata={"newer": True}), course.root / "notebooks" / PUBLISHED)
    (line,) = run().output.splitlines()
    assert PUBLISHED in line
    assert "Your copy is kept" in line
    assert "`revise update`" in line


def test_a_copy_that_is_no_notebook_is_told_in_one_line(course, started):
    run()
    (course.root / "work" / PUBLISHED).write_text("{")
    (line,) = run().output.splitlines()
    assert f"work/{PUBLISHED} could not be read as a notebook" in line
    assert len(started) == 2


def test_no_notebooks_is_one_line(course, started):
    (course.root / "notebooks" / PUBLISHED).unlink()
    result = run()
    assert result.exit_code == 2
    assert (
        result.output
        == "revise: notebooks/ holds no notebook. Build the course first: make build\n"
    )
    assert not started


def test_outside_of_a_course_is_one_line(tmp_path, monkeypatch, started):
    monkeypatch.delenv("REVISE_COURSE", raising=False)
    monkeypatch.chdir(tmp_path)
    result = run()
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_only_root_needs_allow_root(course, monkeypatch, user, allowed):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    command = lab.jupyterlab(course, teacher=False, no_browser=True)
    assert ("--allow-root" in command) is allowed


def test_the_environments_own_kernel_is_found(course):
    lab.require_kernel()


def test_no_ipykernel_is_a_missing_kernel(course, monkeypatch):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(KernelMissing, match="make lab"):
        lab.require_kernel()


def test_another_pythons_kernel_is_refused(course, tmp_path, monkeypatch, started):
    """Would the cells run in a Python without Django?"""
    kernel(tmp_path, monkeypatch, "/somewhere/else/bin/python3")
    with pytest.raises(ForeignKernel, match="install --sys-prefix"):
        lab.require_kernel()
    result = run()
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
    assert not started


def test_a_link_to_the_base_python_is_another_python(course, tmp_path, monkeypatch):
    """A venv's python is a link to the base Python; following it would take both for one."""
    kernel(tmp_path, monkeypatch, str(Path(sys.executable).resolve()))
    with pytest.raises(ForeignKernel):
        lab.require_kernel()


def test_a_kernel_that_names_this_python_in_full_is_ours(course, tmp_path, monkeypatch):
    kernel(tmp_path, monkeypatch, sys.executable)
    lab.require_kernel()


def test_a_learner_gets_of_nbgrader_only_validate(course):
    """The others complain to learners, who have no gradebook and no exchange."""
    settings = lab.environment(course, teacher=False)["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    (page,) = (Path(folder) for folder in settings if "learner" in Path(folder).name)
    config = json.loads((page / "labconfig" / "page_config.json").read_text())
    disabled = config["disabledExtensions"]
    assert "@jupyter/nbgrader:formgrader" in disabled
    assert "@jupyter/nbgrader:validate-assignment" not in disabled


def test_a_teacher_gets_all_of_nbgrader(course):
    settings = lab.environment(course, teacher=True)["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert [Path(folder).name for folder in settings] == ["course"]


def test_the_users_own_configuration_still_counts(course, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/theirs")
    paths = lab.environment(course, teacher=False)["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert paths[-1] == "/theirs"
