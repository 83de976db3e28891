"""What a page about attempts or marks cannot be made of, or written to."""

from revise.errors.base import ReviseError


class AttemptsUnreadable(ReviseError):
    """The learner's record of attempts cannot be read."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"your attempts in {path} cannot be read: {reason}. Nothing was changed. Put a copy of it back "
            "if you have one, or move it away to begin a new record."
        )


class PageNotWritable(ReviseError):
    """A page that was asked for cannot be written."""

    @classmethod
    def at(cls, path, reason):
        return cls(f"{path} cannot be written: {reason}. Give another path.")


class NoGradebook(ReviseError):
    """The course has no gradebook, so there are no marks."""

    @classmethod
    def at(cls, path):
        return cls(
            f"there is no gradebook {path}. `nbgrader generate_assignment ASSIGNMENT` makes it, and "
            "`revise grade ASSIGNMENT` fills it."
        )


class UnknownAssignment(ReviseError):
    """The gradebook has no assignment of that name."""

    @classmethod
    def named(cls, name, known, close=None):
        hint = f"Did you mean {close}?" if close else f"It knows: {', '.join(known) or 'none'}."
        return cls(f"the gradebook knows no assignment {name!r}. {hint}")


class NoMarks(ReviseError):
    """Nobody's submission is graded, so there is nothing to report."""

    @classmethod
    def of(cls, assignment, gradebook):
        which = f"of {assignment} " if assignment else ""
        command = f"revise grade {assignment or 'ASSIGNMENT'}"
        return cls(f"nothing {which}is graded yet in {gradebook}. Grade it first: {command}")


class ReportNotWritten(ReviseError):
    """The report cannot be written where it was asked for."""

    @classmethod
    def at(cls, path, reason):
        return cls(f"cannot write {path}: {reason}. Name another place with --output.")

    @classmethod
    def over(cls, path):
        return cls(
            f"{path} exists and is no report, so it is not overwritten. Name another place with --output."
        )
