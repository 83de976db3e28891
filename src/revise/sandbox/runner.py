"""Run one command in a project through the zygote, and wait for it with a time limit."""

import json
import os
import signal
import tempfile
import time

from ..errors import CommandTimeout, SandboxError
from . import processes, tracebacks
from .forkserver import fork_server
from .result import Result
from .wire import ready

READ = 65536  # bytes
MOST_OUTPUT = 20_000_000  # bytes kept of each stream: an endless print must not fill the memory
MOST_ANSWER = 64_000_000  # bytes of a shell's value; half of one is none
LAST_WORDS = 300  # characters of output told with a timeout
START_SECONDS = 60.0
AFTER_THE_KILL_SECONDS = 5.0
FOR_THE_STACK_SECONDS = 0.3


def run_command(request, *, folder, timeout, what):
    """Run ``request`` in ``folder``; return its `Result`.

    ``timeout`` is in seconds; ``what`` names the command in an error. Raises CommandTimeout when it
    did not end in time (it is killed, with its group), SandboxError when it could not be started.
    """
    with tempfile.TemporaryFile() as stacks:
        pipes = [os.pipe() for _ in range(3)]
        readers = [reader for reader, _ in pipes]
        writers = [writer for _, writer in pipes]
        child = None
        try:
            child = fork_server().ask({"op": "run", **request}, [*writers, os.dup(stacks.fileno())])
            ended, parts = _collect(child, readers, timeout)
            if child.pid is None:
                raise SandboxError("the sandbox's fork server does not answer. Restart the kernel.")
            if not ended:
                where = _where(child, stacks, folder)
                _end(child)
                text = b"".join(parts[:2]).decode(errors="replace").strip()[-LAST_WORDS:]
                raise CommandTimeout.after(what, timeout, where, text)
            return _result(request["kind"], child, parts)
        except BaseException:  # also an interrupted cell: nothing may go on running
            if child is not None:
                _end(child)
            raise
        finally:
            if child is not None:
                child.close()
            for reader in readers:
                os.close(reader)


def _collect(child, readers, timeout):
    """Return ``(ended, outputs)``: whether the child ended in time, and what each pipe gave."""
    outputs = {reader: bytearray() for reader in readers}
    limits = dict(zip(readers, (MOST_OUTPUT, MOST_OUTPUT, MOST_ANSWER), strict=True))
    still_open = set(readers)
    started, deadline = False, time.monotonic() + START_SECONDS
    while not child.ended:
        if child.pid and not started:  # the zygote may still have been warming up
            started, deadline = True, time.monotonic() + timeout
        left = deadline - time.monotonic()
        if left <= 0:
            break
        for source in ready([child, *still_open], left):
            if source is child:
                child.read_report()
            elif not _read_some(source, outputs, limits[source]):
                still_open.discard(source)
    # The pipes may be held open by something that outlives the command: take what is there.
    while still_open and (readable := ready(still_open, 0)):
        still_open -= {
            source for source in readable if not _read_some(source, outputs, limits[source])
        }
    return child.ended, [bytes(outputs[reader]) for reader in readers]


def _read_some(source, outputs, limit):
    data = os.read(source, READ)
    if len(outputs[source]) < limit:
        outputs[source] += data
    return data


def _where(child, stacks, folder):
    """Ask a command that hangs for its stack; return the learner's line, or None."""
    child.signal(signal.SIGUSR1)
    deadline = time.monotonic() + FOR_THE_STACK_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.02)
        size = os.fstat(stacks.fileno()).st_size
        dump = os.pread(stacks.fileno(), size, 0).decode(errors="replace")
        if where := tracebacks.place_in_dump(dump, folder):
            return where
    return None


def _end(child):
    child.kill()
    child.wait(AFTER_THE_KILL_SECONDS)


def _result(kind, child, parts):
    stdout, stderr, answer = parts
    message = _read_answer(answer)
    if kind == "shell" and not message:  # os._exit, a signal: it could not tell by itself
        message = {"error": f"the process {processes.ending(child.status)}"}
    return Result(
        returncode=child.status,
        stdout=stdout.decode(errors="replace"),
        stderr=stderr.decode(errors="replace"),
        value=message.get("value"),
        error=message.get("error"),
        display=message.get("display", {}),
        cpu=child.cpu,
    )


def _read_answer(data):
    """Return what a shell told of its value. The learner's code may have written there too."""
    if len(data) >= MOST_ANSWER:
        return {"error": f"the value is too large: more than {MOST_ANSWER // 1_000_000} MB"}
    try:
        message = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        message = None
    as_told = isinstance(message, dict) and isinstance(message.get("display", {}), dict)
    if not as_told or not isinstance(message.get("error"), str | None):
        return {"error": "what the process told of its value cannot be read"}
    return message
