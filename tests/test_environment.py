"""The three descriptions of the environment say the same, and the wheel holds what runs."""

import importlib.metadata
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
LOCK = [
    Requirement(line)
    for line in (ROOT / "requirements.lock").read_text().splitlines()
    if not line.startswith("#")
]
# The oldest Python that the course promises, and the newest that classes have today.
PYTHONS = ["3.11.0", "3.14.0"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]


EXTRAS = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
REQUIREMENTS = [Requirement(line) for line in PROJECT["dependencies"] + EXTRAS]


def environment(python, platform):
    """Return what markers ask for, of a machine like the ones of a class."""
    return {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "sys_platform": platform,
        "platform_machine": "x86_64",
    }


def pin(requirement, python, platform):
    """Return the version that the lock holds a requirement to, there, or None."""
    there = environment(python, platform)
    pins = [
        entry
        for entry in LOCK
        if canonicalize_name(entry.name) == canonicalize_name(requirement.name)
        and (entry.marker is None or entry.marker.evaluate(there))
    ]
    assert len(pins) < 2, f"{requirement.name} is pinned twice on {platform}, Python {python}"
    return next(iter(next(iter(pins)).specifier)).version if pins else None


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_lock_pins_what_pyproject_asks_for(requirement, python, platform):
    pinned = pin(requirement, python, platform)
    if requirement.marker and not requirement.marker.evaluate(environment(python, platform)):
        assert pinned is None
        return
    assert pinned, f"{requirement.name} is not in requirements.lock. Run: make lock"
    assert requirement.specifier.contains(pinned), f"{requirement} is pinned to {pinned}: make lock"


def test_the_lock_is_for_the_oldest_python_as_well():
    """Would a machine with the first Python 3.11 find a pin that refuses it?

    Debian 12 has 3.11.2, and a library may ask for a later one.
    """
    refused = []
    for distribution in importlib.metadata.distributions():
        requires = distribution.metadata.get("Requires-Python", "")
        name = Requirement(distribution.name)
        same = pin(name, PYTHONS[0], "linux") == distribution.version
        if same and not SpecifierSet(requires).contains(PYTHONS[0]):
            refused.append(f"{distribution.name} {distribution.version} needs Python {requires}")
    assert not refused


def test_the_lock_is_plain_pins():
    """Could a machine's path, an index or an address have slipped in?"""
    assert not [line for line in LOCK if line.url or str(line.specifier)[:2] != "=="]


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
