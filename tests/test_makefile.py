"""make: sets up once, sets up again when it must, and says in one line what is missing.

The Python that make finds here is a stand-in which writes down what it was asked to do, so that no
test installs anything. The real set-up is what ran these tests.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

STAND_IN = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
    *version_info*) exit ${OLD:-0} ;;
    *ensurepip*) exit ${NO_VENV:-0} ;;
    -V) echo "Python 3.9.1" ;;
    *"-m venv"*)
        mkdir -p .venv/bin
        cp "$0" .venv/bin/python
        printf '#!/bin/sh\\necho "revise $*"\\n' > .venv/bin/revise
        chmod +x .venv/bin/revise ;;
esac
"""


@pytest.fixture
def course(tmp_path):
    """A folder with what make reads, in a path with a space."""
    course = tmp_path / "my course"
    course.mkdir()
    (course / "deploy" / "hub").mkdir(parents=True)
    hub = [f"deploy/hub/{name}" for name in ("no-deps.txt", "package.json")]
    for name in ("Makefile", "pyproject.toml", "requirements.lock", *hub):
        shutil.copy(ROOT / name, course / name)
    python = tmp_path / "python"
    python.write_text(STAND_IN)
    python.chmod(0o755)
    return course


def make(course, *arguments, **variables):
    """Run make; return its result and what was asked of pip since the last time."""
    calls = course.parent / "calls"
    calls.write_text("")
    environment = {"PATH": os.environ["PATH"], "CALLS": str(calls), **variables}
    command = ["make", *arguments]
    if "PYTHON" not in variables:
        command.append(f"PYTHON={course.parent / 'python'}")
    result = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    result.installs = [call for call in calls.read_text().splitlines() if "pip install" in call]
    return result


def test_the_first_run_sets_up_and_opens_the_lab(course):
    result = make(course, "lab", "ARGS=--no-browser")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "revise lab --no-browser"
    (install,) = result.installs
    assert "--constraint requirements.lock" in install


def test_the_second_run_installs_nothing(course):
    make(course, "lab")
    result = make(course, "lab")
    assert result.stdout == "revise lab\n"
    assert result.installs == []


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements.lock"])
def test_a_newer_course_is_installed(course, changed):
    make(course, "lab")
    later = (course / ".venv" / ".revise-lab").stat().st_mtime + 10
    os.utime(course / changed, (later, later))
    assert len(make(course, "lab").installs) == 1


def test_a_course_that_was_moved_is_set_up_again(course):
    """An environment holds the path it was made in."""
    make(course, "lab")
    moved = course.rename(course.with_name("moved"))
    assert len(make(moved, "lab").installs) == 1
    assert make(moved, "lab").installs == []


def test_an_environment_whose_python_went_away_is_made_again(course):
    make(course, "lab")
    (course / ".venv" / "bin" / "python").unlink()
    assert len(make(course, "lab").installs) == 1


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"OLD": "1"}, "needs Python 3.11 or newer, and .* is Python 3.9.1"),
        ({"NO_VENV": "1"}, "has no venv module: install it"),
        ({"PYTHON": "/nowhere/python3"}, "/nowhere/python3 was not found"),
        ({"PYTHON": ""}, "needs Python 3.11 or newer, and none was found"),
        ({"OS": "Windows_NT"}, "runs in WSL"),
    ],
)
def test_what_is_missing_is_said_in_one_line(course, variables, words):
    result = make(course, "lab", **variables)
    assert result.returncode != 0
    # make adds its own "make: *** [target] Error 1".
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]
    assert len(lines) == 1
    assert re.search(words, lines[0])
    assert not (course / ".venv").exists()


def test_make_alone_lists_the_targets(course):
    listed = make(course).stdout
    for target in ("lab", "test", "lint", "build", "lock"):
        assert f"make {target} " in listed
