"""The three descriptions of the environment say the same, and the wheel holds what runs."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text().splitlines()
PINS = {
    canonicalize_name(name): version
    for name, _, version in (line.partition("==") for line in LOCK if not line.startswith("#"))
}
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]


EXTRAS = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
REQUIREMENTS = [Requirement(line) for line in PROJECT["dependencies"] + EXTRAS]


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_the_lock_pins_what_pyproject_asks_for(requirement):
    pin = PINS.get(canonicalize_name(requirement.name))
    assert pin, f"{requirement.name} is not in requirements.lock. Run: make lock"
    assert requirement.specifier.contains(pin), f"{requirement} is pinned to {pin}. Run: make lock"


def test_the_lock_is_plain_pins():
    """Could a machine's path, an index or an address have slipped in?"""
    unpinned = [line for line in LOCK if not line.startswith("#") and "==" not in line]
    assert not unpinned
    assert not [line for line in LOCK if "/" in line or "@" in line or line.startswith("-")]


def test_conda_has_a_python_the_course_runs_on():
    (python,) = (line for line in CONDA if isinstance(line, str) and line.startswith("python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.removeprefix("python="))


def test_conda_installs_the_course_itself_with_the_locks_pins():
    """Nothing but the project may be listed: a second list of requirements would drift."""
    assert [line for line in CONDA if isinstance(line, str) and not line.startswith("python=")] == [
        "pip"
    ]
    (pip,) = (entry["pip"] for entry in CONDA if isinstance(entry, dict))
    assert pip == ["-c requirements.lock", "-e ."]


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    """Do the sandbox's projects ship, with their HTML, CSS and JSON?"""
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("revise-*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "revise"
    wanted = {
        f"revise/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert any(name.endswith(".html") for name in wanted)
    assert wanted <= shipped, sorted(wanted - shipped)
