"""The process between a kernel and a program it started: it passes on signals, and ends the program.

Forked by the zygote. It holds the read end of a lifeline: when that closes, which it does also when
the kernel is killed, the program and everything it started are ended.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time

from . import processes, warm
from .wire import close_all, write_line

KILL = signal.SIGRTMIN + 1 if processes.LINUX else signal.SIGINFO
"""Sent to this process it kills the program: SIGKILL itself cannot be passed on."""
PASSED_ON = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGWINCH,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGCONT,
)
END_SECONDS = 2.0


def host(fds, *, argv, folder, env, log):
    """Run the program ``argv`` in ``folder`` until it has ended or the lifeline closes.

    ``fds``: the lifeline, and where the program's id and exit status are told. Returns the exit status.
    """
    lifeline, news = fds
    processes.adopt_orphans()
    os.chdir("/")
    hosting = Hosting(lifeline, news)
    try:
        hosting.start(argv, folder, env, log)
    except OSError as error:
        write_line(news, {"failed": f"{argv[0]} could not be started: {error.strerror}"})
        return 1
    write_line(news, {"pid": hosting.pid})
    try:
        hosting.wait()
    finally:
        hosting.end()
    return 0


class Hosting:
    """A program, and what is left of it: it may hand its work to another process (USR2 of gunicorn)."""

    def __init__(self, lifeline, news):
        self.lifeline, self.news = lifeline, news
        self.pid = None
        self.ended = False
        self.wakeup, self._writer = os.pipe()
        for fd in (self.wakeup, self._writer):
            os.set_blocking(fd, False)

    def start(self, argv, folder, env, log):
        """Start the program in a session of its own, its output appended to ``log``."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        with open(log, "ab", opener=_no_link) as output:
            begin = self._fork if warm.is_warm(argv[0]) else _execute
            self.pid = begin(argv, folder, env, output)
        for number in PASSED_ON:
            signal.signal(number, lambda number, _frame: self.pass_on(number))
        signal.signal(KILL, lambda *_: self.pass_on(signal.SIGKILL))

    def _fork(self, argv, folder, env, output):
        """Start a program whose imports are here; return its id."""
        pid = processes.fork()
        if pid == 0:
            processes.live(lambda: self._be_program(argv, folder, env, output))
        return pid

    def _be_program(self, argv, folder, env, output):
        close_all([self.lifeline, self.news, self.wakeup, self._writer])
        return warm.run(argv, folder=folder, env=env, output=output)

    def pass_on(self, number):
        """Signal the program; when it has ended, what it left to go on in its place."""
        target = (
            self.pid if not self.ended else next(iter(processes.descendants(os.getpid())), None)
        )
        if target:
            with contextlib.suppress(ProcessLookupError):
                os.kill(target, number)

    def wait(self):
        """Return when the lifeline closes, or the program has ended and nothing of it is left."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.lifeline, selectors.EVENT_READ)
            selector.register(self.wakeup, selectors.EVENT_READ)
            while True:
                self._reap()
                if self.ended and not processes.descendants(os.getpid()):
                    return
                readable = [key.fd for key, _ in selector.select()]
                if self.lifeline in readable and not os.read(self.lifeline, 1):
                    return
                with contextlib.suppress(BlockingIOError):
                    os.read(self.wakeup, 4096)

    def _reap(self):
        for pid, status, _usage in processes.reap():
            if pid == self.pid:
                self.ended = True
                write_line(self.news, {"ended": status})

    def end(self):
        """End the program by SIGTERM; then kill whatever is left."""
        self.pass_on(signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        while processes.descendants(os.getpid()) and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.005)
        if not self.ended:
            processes.kill_group(self.pid)
        processes.sweep()


def _execute(argv, folder, env, output):
    """Start a program; return its id."""
    program = subprocess.Popen(
        argv,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=processes.die_with_parent,
    )
    program.returncode = 0  # it is reaped by its host, with everything that it leaves behind
    return program.pid


def _no_link(path, flags):
    return os.open(path, flags | os.O_NOFOLLOW, 0o644)
