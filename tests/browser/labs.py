"""A JupyterLab of the tests' own, started by `revise lab` as a learner starts it."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# Minutes, not seconds: the machine may be busy with other tests.
PATIENCE = 180


@dataclass
class Lab:
    """A running JupyterLab on a copy of the course, with a home of its own."""

    course: Path
    address: str
    token: str
    process: subprocess.Popen

    def link(self, path: str = "") -> str:
        return f"{self.address}{path}?token={self.token}"

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def copy_course(course: Path, target: Path) -> Path:
    """Copy what a learner's checkout has and `revise lab` reads."""
    (target / "sections").mkdir(parents=True)
    shutil.copy(course / "sections" / "syllabus.toml", target / "sections")
    shutil.copy(course / "nbgrader_config.py", target)
    (target / "notebooks").mkdir()
    for notebook in (course / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, target / "notebooks")
    return target


def newcomers_environment(home: Path) -> dict[str, str]:
    """Return this environment for somebody whose home is ``home``: nothing of ours is set in it."""
    ours = ("JUPYTER", "REVISE", "XDG", "IPYTHON", "PYTEST", "NBGRADER", "DJANGO")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"HOME": str(home)}


def start(course: Path, home: Path, *options: str) -> Lab:
    """Start `revise lab` for somebody who has never used Jupyter, and wait until it answers."""
    home.mkdir(exist_ok=True)
    runtime = home / "runtime"
    environment = newcomers_environment(home) | {"JUPYTER_RUNTIME_DIR": str(runtime)}
    log = home / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "revise.cli",
                "lab",
                "--no-browser",
                "--ServerApp.port=0",
                *options,
            ],
            cwd=course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                server = json.loads(file.read_text())
            except ValueError:  # half written
                continue
            return Lab(course, server["url"], server["token"], process)
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"revise lab did not come up:\n{log.read_text()}")
