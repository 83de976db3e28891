"""The wall around a learner's server, as the spawner builds it."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from revise.errors import IsolationMissing
from revise.grading.isolation import bubblewrap
from revise.hub import wall
from tests.grading import tiny

USER = 200_123


@pytest.fixture
def inside(tmp_path):
    """Run Python behind the wall of a home, in a course with something to hide; return what it printed."""
    try:
        bubblewrap.require()
    except IsolationMissing as missing:
        pytest.skip(missing.reason)
    course = tiny.empty_course(tmp_path / "course")
    (course / "gradebook.db").write_text("marks")
    (course / "notebooks").mkdir()
    (course / "notebooks" / "01_tiny.ipynb").write_text("{}")
    home = tmp_path / "homes" / "ada"
    home.mkdir(parents=True)
    (home / "kept.txt").write_text("from yesterday")
    if os.getuid() == 0:
        os.chown(home, USER, USER)

    def command(code):
        return wall.command([sys.executable, "-c", code], home=home, course=course, user=USER)

    def run(code, **environment):
        done = subprocess.run(
            command(code), env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    run.home, run.course, run.command = home, course, command
    return run


def test_a_home_lasts_and_is_where_one_is(inside):
    code = "import os; print(os.getcwd(), open('kept.txt').read()); open('new.txt', 'w').write('today')"
    assert inside(code) == f"{wall.HOME} from yesterday"
    assert (inside.home / "new.txt").read_text() == "today"


def test_what_is_published_can_be_read_and_not_written(inside):
    code = f"""
import os
print(sorted(os.listdir({wall.COURSE!r})))
try:
    open({wall.COURSE!r} + "/notebooks/01_tiny.ipynb", "a")
except OSError as error:
    print(error.strerror)
"""
    names, refused = inside(code).splitlines()
    assert names == "['nbgrader_config.py', 'notebooks', 'sections', 'work']"
    assert refused in ("Read-only file system", "Permission denied")


def test_nothing_else_of_the_machine_is_there(inside):
    hidden = [
        inside.course,
        inside.course / "gradebook.db",
        inside.home.parent,
        "/var",
        "/etc/shadow",
    ]
    code = f"import os; print([path for path in {[*map(str, hidden)]} if os.path.exists(path)])"
    assert inside(code) == "[]"


def test_processes_are_ones_own(inside):
    code = "import os; print(len([name for name in os.listdir('/proc') if name.isdigit()]), os.getuid())"
    count, user = inside(code).split()
    assert int(count) <= 3
    assert user == "1000"


def test_the_machine_sees_an_ordinary_user(inside):
    if os.getuid() != 0:
        pytest.skip("only root has users to give")
    inside("open('mine.txt', 'w')")
    assert (inside.home / "mine.txt").stat().st_uid == USER


def test_tmp_and_shared_memory_are_ones_own_and_can_be_written(inside):
    code = """
import os, pathlib
for folder in ("/tmp", "/dev/shm"):
    assert os.listdir(folder) == [], folder
    (pathlib.Path(folder) / "a").write_text("a")
print("written")
"""
    assert inside(code) == "written"


def test_a_link_in_a_home_leads_nowhere_outside(inside):
    (inside.home / "work").symlink_to(inside.course)
    code = f"import os; print(os.path.exists({wall.COURSE!r} + '/work/gradebook.db'))"
    assert inside(code) == "False"


def test_a_token_is_in_the_environment_and_not_in_the_command(inside):
    assert inside("import os; print(os.environ['TOKEN'])", TOKEN="secret") == "secret"


def test_more_namespaces_are_refused(inside):
    code = "import subprocess; print(subprocess.run(['unshare', '-Ur', 'true'], stderr=-3).returncode != 0)"
    assert inside(code) == "True"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_everything_inside_ends_with_the_process_that_the_hub_knows(inside, how):
    """The hub interrupts that one, or is killed with it."""
    code = "import subprocess; open('up', 'w').close(); subprocess.run(['sleep', '600'])"
    process = subprocess.Popen(inside.command(code), start_new_session=True)
    for _ in range(300):
        family = psutil.Process(process.pid).children(recursive=True)
        if (inside.home / "up").exists() and any(one.name() == "sleep" for one in family):
            break
        time.sleep(0.1)
    process.send_signal(how)
    process.wait()
    assert len(family) >= 3
    _gone, left = psutil.wait_procs(family, timeout=20)
    assert left == []
