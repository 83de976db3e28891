"""Every error of the course, each beside its message.

An error is one clear line: what happened, why, what to do. They cross processes (a kernel, a
grading worker), so each keeps its message as its only argument and survives pickling.
"""


class ReviseError(Exception):
    """The base of all errors of the course: catch it to catch them all."""


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
        return cls(f"{name!r} cannot name a project: use letters, digits, '-' and '_'.")


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


class CourseError(ReviseError):
    """The course on disk is not as it should be."""


class NoCourse(CourseError):
    """No folder from the given one upwards is a course."""

    @classmethod
    def above(cls, start):
        return cls(f"{start} is not inside a course. Go to the folder that holds sections/.")


class UnknownSection(CourseError):
    """The syllabus has no section of that name."""

    @classmethod
    def named(cls, name, close):
        hint = f"did you mean {close!r}?" if close else "sections/syllabus.toml lists them."
        return cls(f"no section is named {name!r}; {hint}")


class SectionMissing(CourseError):
    """A file of a section does not exist (yet)."""

    @classmethod
    def at(cls, path, mend):
        return cls(f"{path} does not exist. {mend}")


class SectionExists(CourseError):
    """A new section would overwrite one that is written."""

    @classmethod
    def at(cls, path):
        return cls(f"{path} exists already and is not overwritten. Edit it, or move it away first.")


class SectionProblems(CourseError):
    """A section's text cannot be built: a line for each problem, with file, line and mend."""

    @classmethod
    def of(cls, problems):
        return cls("\n".join(str(problem) for problem in problems))


class EditedByHand(CourseError):
    """A built file was edited; building again would lose the edit."""

    @classmethod
    def at(cls, path, mend):
        return cls(f"{path} was edited by hand and is not overwritten. {mend}")


class ReferenceFailed(CourseError):
    """The reference solutions fail their own notebook, which is therefore not published."""

    @classmethod
    def of(cls, section, failures):
        listed = "\n".join(f"  {failure}" for failure in failures)
        return cls(f"The reference run of {section} fails; nothing was published.\n{listed}")


class KernelMissing(CourseError):
    """The Jupyter kernel that a notebook asks for is not installed."""

    @classmethod
    def named(cls, name):
        return cls(
            f"no Jupyter kernel is named {name!r}. Run `make lab` once, or pip install ipykernel."
        )


class CannotAdopt(CourseError):
    """An edit of a built notebook cannot be brought back into the section's text."""

    @classmethod
    def cell(cls, cell, path, why):
        return cls(
            f"the edit of cell {cell!r} cannot be brought back: {why}. Make it in {path} yourself."
        )


class NoNotebooks(CourseError):
    """``notebooks/`` holds no published notebook, so there is nothing to learn from."""

    @classmethod
    def at(cls, folder):
        return cls(f"{folder}/ holds no notebook. Build the course first: make build")


class WorkNotWritable(CourseError):
    """The learner's copies cannot be laid in ``work/``."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"cannot write {path}: {reason}. Make that folder yours, or copy the course to one that is."
        )


class ForeignKernel(CourseError):
    """The kernel ``python3`` would run another Python than the course's environment."""

    @classmethod
    def named(cls, name, program, ours):
        return cls(
            f"the Jupyter kernel {name!r} runs {program}, which is not the course's Python. "
            f"Put the right one back: {ours} -m ipykernel install --sys-prefix"
        )


class NoSuchNotebook(CourseError):
    """There is no notebook at the path that was given."""

    @classmethod
    def at(cls, path, close=None):
        hint = (
            f"Did you mean {close}?"
            if close
            else "Give a section (`revise check 02`) or the path of a notebook."
        )
        return cls(f"there is no notebook {path}. {hint}")


class NotANotebook(CourseError):
    """The file is not a Jupyter notebook: not JSON, or JSON of something else."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"{path} is not a notebook: {reason}. Open it in JupyterLab, or fetch a fresh copy (`make lab`)."
        )


class NotOfTheCourse(CourseError):
    """The notebook was not made from any section of the course."""

    @classmethod
    def at(cls, path, root):
        return cls(
            f"{path} is no notebook of the course in {root}: none of its cells is known there."
        )
