"""What an author is told: a text that cannot be built, an exam that cannot be drawn."""

from revise.errors.course import CourseError


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


class CannotAdopt(CourseError):
    """An edit of a built notebook cannot be brought back into the section's text."""

    @classmethod
    def cell(cls, cell, path, why):
        return cls(
            f"the edit of cell {cell!r} cannot be brought back: {why}. Make it in {path} yourself."
        )


class UnknownConcept(CourseError):
    """No concept of the syllabus fits the pattern."""

    @classmethod
    def like(cls, pattern, close):
        hint = f"did you mean {close!r}?" if close else "sections/syllabus.toml lists them."
        return cls(f"no concept fits {pattern!r}; {hint}")


class NotEnoughPoints(CourseError):
    """The exercises on the wanted concepts cannot make up the exam that was asked for."""

    @classmethod
    def of(cls, patterns, asked, there):
        if not there:
            return cls(
                f"no built section has an exercise on {patterns}. Build one first: `revise build SECTION`."
            )
        return cls(
            f"the exercises on {patterns} have {there:g} points together, not {asked:g}. Ask for fewer "
            "points, or name more concepts."
        )

    @classmethod
    def smallest(cls, patterns, asked, least):
        return cls(
            f"no exercise on {patterns} has {asked:g} points or fewer: the smallest has {least:g}. Ask "
            "for more points."
        )


class BadAssignmentName(CourseError):
    """An exam cannot have that name."""

    @classmethod
    def named(cls, name, why):
        return cls(f"{name!r} cannot name an exam: {why}. Give another --name.")


class AssignmentExists(CourseError):
    """Another assignment of that name is there already, perhaps released."""

    @classmethod
    def at(cls, path):
        return cls(
            f"{path} exists already, and is another one. Give this exam a --name of its own, or move that "
            "one away."
        )


class ExamFails(CourseError):
    """The reference solutions do not earn their points side by side; no exam was written."""

    @classmethod
    def of(cls, failures):
        return cls(
            "the exercises that were drawn do not run in one notebook, so nothing was written: "
            f"{'; '.join(failures)}. Draw with another --seed, or from fewer sections."
        )
