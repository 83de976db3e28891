"""The image's recipe and Binder's files: what can be said of them where no engine is."""

import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from revise.hub import wall

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "deploy" / "image" / "Dockerfile"
LINES = RECIPE.read_text().splitlines()


def test_the_recipe_passes_the_linter():
    done = subprocess.run(
        [Path(sys.executable).parent / "hadolint", RECIPE], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def copied():
    """What the recipe takes from the course."""
    for line in LINES:
        if line.startswith("COPY "):
            yield from line.split()[1:-1]


def test_what_the_recipe_copies_is_there_and_is_sent_to_the_engine():
    wanted = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    assert set(copied()) == wanted
    for name in copied():
        assert (ROOT / name).exists(), name


def test_no_answer_is_in_the_image():
    """source/ and sections/ have the solutions and the hidden checks."""
    assert not [name for name in copied() if name.startswith(("source", "sections/0", "gradebook"))]
    assert {*wall.PUBLISHED} <= {*copied()}


def test_the_image_is_pinned_by_the_lock_and_runs_as_nobody_special():
    recipe = "\n".join(LINES)
    assert "pip install --constraint requirements.lock" in recipe
    assert LINES.index("USER 1000") < next(
        i for i, line in enumerate(LINES) if line.startswith("CMD")
    )
    assert f"REVISE_COURSE={wall.COURSE} " in recipe
    assert f"HOME={wall.HOME}" in recipe
    (extras,) = {line.split("'")[1] for line in LINES if "'.[" in line}
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(extras.strip(".[]").split(",")) <= set(known)


def test_binder_builds_the_environment_at_the_root():
    """repo2docker reads environment.yml, `start` and the like from a folder for Binder, where there is
    one, and then nowhere else. It stages the whole course where pip installs from it.

    https://repo2docker.readthedocs.io/en/latest/configuration/
    """
    assert not [name for name in ("binder", ".binder", "Dockerfile") if (ROOT / name).exists()]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (pip,) = (one["pip"] for one in environment["dependencies"] if isinstance(one, dict))
    assert "-e ." in pip


def test_binders_start_runs_what_it_is_given_with_the_learners_settings(tmp_path):
    start = ROOT / "start"
    assert start.stat().st_mode & 0o111
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        [start, "sh", "-c", 'echo "$JUPYTER_CONFIG_PATH"; echo "$1"', "sh", "as it is"],
        env={"PATH": path, "HOME": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    settings, given = done.stdout.splitlines()
    assert given == "as it is"
    for folder in settings.split(":"):
        assert (Path(folder) / "labconfig" / "page_config.json").is_file()
