"""What a teacher is told: a submission, a gradebook or a machine that cannot be graded with."""

from revise.errors.base import ReviseError
from revise.errors.course import CourseError


class IsolationMissing(ReviseError):
    """This machine cannot run learners' code behind a wall; ``reason`` says why."""

    reason = "unknown"

    @classmethod
    def because(cls, reason):
        error = cls(
            f"Learners' code cannot be isolated here: {reason}. Grade on Linux with user namespaces, "
            "or, if you trust every submission, run `revise grade ASSIGNMENT --no-isolation`."
        )
        error.reason = reason
        return error


class GradingFailed(ReviseError):
    """The grader itself failed; it is no submission's fault."""

    @classmethod
    def because(cls, reason):
        return cls(
            f"The grader failed: {reason}. Run the command again: it goes on where it stopped."
        )


class UnreadableSubmission(ReviseError):
    """A file of a submission cannot be read as a notebook; the message is the learner's reason."""

    @classmethod
    def missing(cls, name):
        return cls(f"There is no file {name} in the submission.")

    @classmethod
    def not_a_file(cls, kind):
        return cls(f"The notebook is not a file: it is {kind}.")

    @classmethod
    def not_readable(cls, reason):
        return cls(f"The notebook cannot be read: {reason}.")

    @classmethod
    def too_large(cls, size, most):
        return cls(
            f"The file is too large: {size >> 20} MB, at most {most >> 20} MB are read. "
            "Clear the outputs and submit again."
        )

    @classmethod
    def not_a_notebook(cls, why):
        return cls(f"The file is not a notebook: {why}.")


class ReleaseMissing(CourseError):
    """What was handed out is not there, so no submission can be held against it."""

    @classmethod
    def at(cls, path, assignment, why="it does not exist"):
        return cls(
            f"{path} cannot be read: {why}. Submissions are held against it, so nothing was graded and "
            f"nothing was changed. Put it back, or run `nbgrader generate_assignment {assignment}` first."
        )


class NothingToGrade(ReviseError):
    """No submission of that assignment is there."""

    @classmethod
    def of(cls, assignment, folder, close=None, student=None):
        whose = f" of {student}" if student else ""
        hint = (
            f"Did you mean {close}?" if close else f"`nbgrader collect {assignment}` gets them in."
        )
        return cls(f"there is no submission{whose} of {assignment} in {folder}. {hint}")


class NotReleased(ReviseError):
    """The gradebook does not know the assignment."""

    @classmethod
    def named(cls, assignment, gradebook):
        return cls(
            f"{gradebook} does not know {assignment!r}. Make its release first: "
            f"nbgrader generate_assignment {assignment}"
        )


class NothingGraded(ReviseError):
    """Something is missing on the teacher's side: no submission was touched."""

    @classmethod
    def because(cls, reason):
        return cls(f"nothing was graded: {reason}")


class GradingAlready(ReviseError):
    """Another run grades in this course: two would write the gradebook at once."""

    @classmethod
    def at(cls, folder):
        return cls(f"another `revise grade` works in {folder}. Wait for it, or stop it.")


class GradebookUnusable(ReviseError):
    """The gradebook cannot be read or written."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"the gradebook {path} cannot be used: {reason}. What was graded is kept. If nbgrader was "
            "upgraded, back it up and run `nbgrader db upgrade`; then start again to go on."
        )


class NoScheduler(ReviseError):
    """No Dask scheduler answers at the address."""

    @classmethod
    def at(cls, address, reason):
        return cls(
            f"no Dask scheduler answers at {address}: {reason}. Start one with `dask scheduler`, and "
            "workers on machines that have this course installed."
        )

    @classmethod
    def not_installed(cls):
        return cls("--scheduler needs Dask. Install it: pip install 'revise[dask]'")


class SchedulerLost(ReviseError):
    """The Dask scheduler went away during a run."""

    @classmethod
    def at(cls, address):
        return cls(
            f"the Dask scheduler at {address} is gone. What was graded is kept: start the same command "
            "again to go on."
        )

    @classmethod
    def without_workers(cls, address):
        return cls(
            f"the Dask scheduler at {address} has no workers. Start one: dask worker {address}. What was "
            "graded is kept: start the same command again to go on."
        )


class WorkerDiffers(ReviseError):
    """A machine of the cluster has another version of the course."""

    @classmethod
    def on(cls, machine, theirs, ours):
        return cls(
            f"the Dask worker on {machine} has version {theirs} of the course, this machine has {ours}. "
            "Install the same on both, and start the worker again."
        )
