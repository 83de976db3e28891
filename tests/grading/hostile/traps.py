"""What stands outside and must not be touched, read or reached, and the look at it afterwards."""

import contextlib
import hashlib
import os
import secrets
import socket
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import revise

ENVIRONMENT = "REVISE_TESTS_SECRET"
# Where a file called breach-… would have come from inside.
WATCHED = (
    *(
        "/",
        "/tmp",
        "/var/tmp",
        "/dev",
        "/dev/shm",
        "/run",
        "/root",
        "/etc",
        "/usr/local",
        "/usr/bin",
    ),
    *(sys.prefix, f"{sys.prefix}/lib", str(Path(os.__file__).parent)),
    *(str(Path(revise.__file__).parent), str(Path.home()), os.getcwd()),
)
FIRST_SLEEP = 870_000


@dataclass
class Traps:
    """Things outside: a course with other people's work, secrets, and listeners nobody may reach."""

    course: Path
    """The course on this machine: its folders hold ``hidden``, the word of the hidden checks."""
    outside: Path
    hidden: str
    secret: str = field(default_factory=lambda: f"of-the-grader-{secrets.token_hex(8)}")
    visitors: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.outside.mkdir()
        (self.outside / "canary").write_text(self.hidden)
        other = self.course / "submitted" / "somebody" / "01_trial"
        other.mkdir(parents=True)
        (other / "01_trial.ipynb").write_text(f"the answers of somebody: {self.hidden}")
        (self.course / "gradebook.db").write_text(f"every mark, and {self.hidden}")
        self.socket_name = f"revise-tests-{secrets.token_hex(6)}"
        self.listeners = [
            _listener(socket.AF_INET, ("127.0.0.1", 0)),
            _listener(socket.AF_UNIX, f"\0{self.socket_name}"),
            _listener(socket.AF_UNIX, str(self.course / "socket")),
        ]
        for listener in self.listeners:
            threading.Thread(target=self._welcome, args=(listener,), daemon=True).start()
        os.environ[ENVIRONMENT] = self.secret
        self.before = self._manifest()

    def _welcome(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # closed at the end
            while True:
                visitor, _address = listener.accept()
                self.visitors.append(f"a visitor on {listener.getsockname()}")
                visitor.close()

    def words(self, number: int, name: str) -> dict[str, str]:
        """Return what the words between two ``@`` stand for in the code of an attack."""
        return {
            "@NAME@": name,
            "@MARK@": f"revise-left-{number}",
            "@SLEEP@": str(FIRST_SLEEP + number),
            "@PORT@": str(self.listeners[0].getsockname()[1]),
            "@SOCKET@": self.socket_name,
            "@PID@": str(os.getpid()),
            "@COURSE@": str(self.course),
            "@OUTSIDE@": str(self.outside),
        }

    def touched(self) -> list[str]:
        """Return what was changed, made or reached outside since the traps were laid."""
        after = self._manifest()
        paths = sorted(self.before.keys() | after.keys())
        changed = [str(path) for path in paths if self.before.get(path) != after.get(path)]
        return changed + self.visitors

    def _manifest(self) -> dict[Path, tuple]:
        own = [path for root in (self.course, self.outside) for path in root.rglob("*")]
        fixed = [
            Path(sys.executable),
            Path(os.__file__),
            Path("/etc/passwd"),
            Path(revise.__file__),
        ]
        breaches = [path for place in WATCHED for path in Path(place).glob("breach-*")]
        return {path: _state(path) for path in (*own, *fixed, *breaches)}

    def close(self) -> None:
        """Take the traps away."""
        del os.environ[ENVIRONMENT]
        for listener in self.listeners:
            listener.close()


def left_running(words: dict[str, str]) -> list[str]:
    """Return the processes on this machine that carry the marks of one attack."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            comm = Path(f"/proc/{name}/comm").read_text().strip()
            line = (
                Path(f"/proc/{name}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="replace")
            )
            told = {comm, *line.split()}
            if told & {words["@MARK@"], words["@SLEEP@"]}:
                found.append(f"{name} {comm} {line}")
    return found


def below(pid: int) -> set[int]:
    """Return every process below ``pid``."""
    from revise.sandbox import processes

    return set(processes.descendants(pid))


def _listener(family: int, address) -> socket.socket:
    listener = socket.socket(family)
    listener.bind(address)
    listener.listen()
    return listener


def _state(path: Path) -> tuple:
    about = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return about.st_mode, about.st_uid, about.st_size, content
