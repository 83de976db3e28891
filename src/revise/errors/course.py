"""What is wrong with a course on disk, or with a learner's copies of it."""

from revise.errors.base import ReviseError


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


class KernelMissing(CourseError):
    """The Jupyter kernel that a notebook asks for is not installed."""

    @classmethod
    def named(cls, name):
        return cls(
            f"no Jupyter kernel is named {name!r}. Run `make lab` once, or pip install ipykernel."
        )


class ForeignKernel(CourseError):
    """The kernel ``python3`` would run another Python than the course's environment."""

    @classmethod
    def named(cls, name, program, ours):
        return cls(
            f"the Jupyter kernel {name!r} runs {program}, which is not the course's Python. "
            f"Put the right one back: {ours} -m ipykernel install --sys-prefix"
        )


class NoNotebooks(CourseError):
    """``notebooks/`` holds no published notebook, so there is nothing to learn from."""

    @classmethod
    def at(cls, folder):
        return cls(f"{folder}/ holds no notebook. Build the course first: make build")


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


class WorkNotWritable(CourseError):
    """The learner's copies cannot be laid in ``work/``."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"cannot write {path}: {reason}. Make that folder yours, or copy the course to one that is."
        )


class CannotUpdate(CourseError):
    """One copy in ``work/`` could not be brought up to date; it is as it was."""

    @classmethod
    def writing(cls, path, reason):
        return cls(
            f"cannot write {path}: {reason}. Your copy is as it was. Make that folder yours, or free some space."
        )

    @classmethod
    def saved_meanwhile(cls, path):
        return cls(f"{path} was saved meanwhile, and is kept as it is. Run the same command again.")
