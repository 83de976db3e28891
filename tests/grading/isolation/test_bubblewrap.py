"""The wall's command: what it needs of the machine, and what it says where that is missing."""

import pytest

from revise.errors import IsolationMissing
from revise.grading.isolation import bubblewrap
from tests.grading.isolation.forbidden import forbidden_bwrap


def test_another_system_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(IsolationMissing, match=r"another system.*--no-isolation"):
        bubblewrap.require()


def test_a_machine_without_user_namespaces_is_refused(monkeypatch, tmp_path):
    forbidden_bwrap(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(IsolationMissing, match="No permissions to create new namespace"):
        bubblewrap.require()


def test_an_environment_cannot_lie_below_tmp(monkeypatch):
    monkeypatch.setattr("sys.prefix", "/tmp/course/.venv")
    with pytest.raises(IsolationMissing, match=r"/tmp/course/.venv is needed inside.*move"):
        bubblewrap.command(["true"], env={})


def test_the_environment_is_a_list():
    command = bubblewrap.command(["true"], env={"LANG": "C.UTF-8"})
    assert "--clearenv" in command
    assert command[command.index("--setenv") :][:3] == ["--setenv", "LANG", "C.UTF-8"]
