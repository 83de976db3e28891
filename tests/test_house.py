"""The house: what is in git names no machine, says what it is for, and documents every command."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from revise.cli import main

ROOT = Path(__file__).parents[1]
FILLED = ["release", "submitted", "autograded", "feedback", "exchange", "work"]


def _tracked():
    """Every file in git, or about to be; a copy of the course without git has nothing to look at."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def _texts():
    for path in _tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text()
        except UnicodeDecodeError:
            continue


# Written so that this file does not match itself.
FOREIGN = {
    "somebody's folder": re.compile(r"(?<![\w.])/(?:home|Users|root|work|opt)/[\w.]+/[\w.]"),
    "an index line": re.compile(r"^\s*--?(?:extra-)?(?:index-url|find-links|trusted-host)\b", re.M),
    "a download address": re.compile(
        r"https?://[\w.-]*(?:py" r"pi\.org|python" r"hosted|npm" r"js\.org|deb" r"ian\.org)", re.I
    ),
    "this checkout": re.compile(re.escape(f"{ROOT}/")),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_in_git_names_a_machine_or_an_address(what):
    """Tests may make up a folder of somebody's."""
    found = [
        f"{name}: {match.group()}"
        for name, text in _texts()
        for match in FOREIGN[what].finditer(text)
        if not (what == "somebody's folder" and name.startswith("tests/"))
    ]
    assert not found


def test_what_is_filled_by_others_is_in_git_and_says_by_whom():
    tracked = {path.relative_to(ROOT).as_posix() for path in _tracked()}
    for folder in FILLED:
        assert (ROOT / folder / "README.md").read_text().startswith("Filled by ")
        # The contents belong to learners: a pull must never meet them.
        assert [name for name in tracked if name.startswith(f"{folder}/")] == [
            f"{folder}/README.md"
        ]


def _commands(group=main, path=("revise",)):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield " ".join((*path, name))


@pytest.mark.parametrize("command", sorted(_commands()))
def test_every_command_is_documented(command):
    guides = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(
        re.search(rf"`{command}\b", guide.read_text())
        or re.search(rf"^\s*(?:\$ )?{command}\b", guide.read_text(), re.M)
        for guide in guides
    ), f"{command} is in no guide: write it into docs/ or README.md"


def test_every_command_says_what_it_does():
    assert not [name for name, command in main.commands.items() if not command.help]


def test_ci_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().rstrip().endswith("make test")
