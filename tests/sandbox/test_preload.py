"""The zygote must know no settings."""

import subprocess
import sys

import pytest

from revise import Project
from revise.sandbox import preload, starters

CHECK = """
import importlib, os, sys, threading
from revise.sandbox.preload import GROUPS, MODULES
for name in (*MODULES, *(name for group in GROUPS.values() for name in group)):
    importlib.import_module(name)  # one that reads a setting raises ImproperlyConfigured
    conf = sys.modules.get("django.conf")
    assert not (conf and conf.settings.configured), f"{name} configures settings"
from django.apps import apps
tasks = "/proc/self/task"
print(apps.ready, threading.active_count(), len(os.listdir(tasks)) if os.path.isdir(tasks) else 1)
print([name for name in sys.modules if name.startswith("rest_framework") and name.endswith((".views", ".generics", ".renderers"))])
"""


def python(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    ).stdout


def test_all_modules_are_imported_without_settings_and_start_no_thread():
    state, late = python(CHECK).splitlines()
    assert (state, late) == ("False 1 1", "[]")


def test_a_project_that_uses_celery_finds_it_imported(library):
    """And does one that was laid before it, or without it, not pay for that?"""
    is_there = "import sys; 'celery.worker.worker' in sys.modules"
    assert library.shell(is_there).value is False
    queue = Project("library_queue")
    try:
        # Celery is in a project that knows nothing of it: the fork server has imported it.
        assert library.shell(is_there).value is True
        assert queue.shell("from library.celery import app; app.main").value == "library"
    finally:
        queue.stop()


def test_every_group_that_a_starter_names_is_one():
    named = {group for starter in starters.all_starters() for group in starters.imports(starter)}
    assert named == preload.GROUPS.keys()


@pytest.mark.parametrize("missing", [["no_such_module"], ["django.no_such_module"]])
def test_a_module_that_is_not_installed_is_left_out(missing):
    preload.load(missing)


def test_the_learners_rest_framework_settings_count(library, write):
    """Django REST framework reads its settings when it is imported: that must be after the fork."""
    settings = library.read("library/settings.py")
    write(
        "library/settings.py",
        settings.replace('"catalog",', '"catalog", "rest_framework",')
        + '\nREST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}\n',
    )
    code = (
        "from rest_framework.views import APIView; [c.__name__ for c in APIView.renderer_classes]"
    )
    assert library.shell(code).value == ["JSONRenderer"]
