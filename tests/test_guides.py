"""README and guides: their links and anchors lead somewhere, and the commands they name exist."""

import re
import shlex
from pathlib import Path

import click
import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp

from revise.cli import main

ROOT = Path(__file__).parents[1]
GUIDES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "deploy/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
INLINE = re.compile(r"`((?:\.venv/bin/)?(?:revise|nbgrader|make) [^`\n]+)`")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))

guides = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))


def _prose(guide: Path) -> str:
    return FENCE.sub("", guide.read_text())


def _anchors(guide: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them out of its headings."""
    titles = re.findall(r"^#+ +(.+?) *$", _prose(guide), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@guides
def test_every_link_of_a_guide_leads_somewhere(guide):
    for path, anchor in re.findall(
        r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", _prose(guide)
    ):
        target = guide.parent / path if path else guide
        assert target.exists(), f"{guide.name} links to {path}"
        assert not anchor or anchor in _anchors(target), f"{target.name} has no #{anchor}"


def _named(guide: Path) -> list[list[str]]:
    """The words of each command of the course that a guide shows."""
    shown = [
        line
        for language, block in FENCE.findall(guide.read_text())
        if language in ("console", "bash")
        for line in block.splitlines()
    ]
    shown += INLINE.findall(_prose(guide))
    split = (shlex.split(line.removeprefix("$ "), comments=True) for line in shown)
    known = ("revise", "nbgrader", "make")
    return [[Path(words[0]).name, *words[1:]] for words in split
            if words and Path(words[0]).name in known]  # fmt: skip


def _problem(program: str, *words: str) -> str | None:
    """Say what of a command does not exist."""
    plain = [word for word in words if not word.startswith("-")]
    if program == "make":
        unknown = [word for word in plain if "=" not in word and word not in TARGETS]
        return f"make has no target {unknown[0]}" if unknown else None
    if not plain:
        return None
    if program == "nbgrader":
        return None if plain[0] in NbGraderApp.subcommands else f"nbgrader has no {plain[0]}"
    command = main.commands.get(plain[0])
    if command is None:
        return f"revise has no command {plain[0]}"
    options = {name for one in (*command.params, *main.params) for name in one.opts}
    given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    passed_on = isinstance(command, click.Command) and command.context_settings.get(
        "ignore_unknown_options"
    )
    strange = sorted(given - options - {"--help", "-h"})
    return None if passed_on or not strange else f"revise {plain[0]} has no option {strange[0]}"


@guides
def test_every_command_that_a_guide_names_exists(guide):
    problems = {" ".join(words): _problem(*words) for words in _named(guide)}
    assert {words: problem for words, problem in problems.items() if problem} == {}


def test_the_guides_name_commands_at_all():
    """Would the test above see one that does not exist?"""
    assert sum(len(_named(guide)) for guide in GUIDES) > 50
    assert _problem("revise", "prove", "02", "--excercise", "id") == (
        "revise prove has no option --excercise"
    )
    assert _problem("make", "labs") == "make has no target labs"
