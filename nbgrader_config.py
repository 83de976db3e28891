"""nbgrader's settings for this course, each with its reason.

Every nbgrader command started in this folder, and JupyterLab started here, reads this file.
"""

import contextlib
import os
import sys
import warnings
from pathlib import Path

from revise.grading import formgrader
from revise.grading.formgrader import indexes, lists
from revise.grading.intake import converter

# traitlets gives this file `get_config` and `__file__`.
c = get_config()  # noqa: F821
course = Path(__file__).resolve().parent

# --- The course -----------------------------------------------------------------------------

c.CourseDirectory.course_id = "backend-revise"

# The folder of this file, so that a command means the same from wherever it is started
# (with `--course-dir`), and tests can run on a copy of the course.
c.CourseDirectory.root = str(course)

# What never travels with a notebook:
# - sandbox: the projects that a notebook lays beside itself; they are laid again when graded;
# - *.py, *.so: a file beside a notebook is imported before a library of the same name, so a
#   learner's `requests.py` would be run by the checks. Answers are cells, never files.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "sandbox", "*.py", "*.so", ".revise*",
]  # fmt: skip

# --- The exchange: how notebooks go to learners and come back ---------------------------------

# Inside the course, so that one machine needs no root. On a server with accounts for learners,
# name a folder here that all of them can reach, and give them this line and the course id.
exchange = course / "exchange"
c.Exchange.root = str(exchange)

# nbgrader wants the folder to exist before anything is released: without it the formgrader can
# neither release nor collect. Releasing then opens it to everyone on the machine, by itself.
# A read-only course: validating still works, and the exchange says what it needs.
with contextlib.suppress(OSError):
    exchange.mkdir(exist_ok=True)

# A renamed or missing notebook is refused when it is submitted, where the learner can mend it.
c.ExchangeSubmit.strict = True

# --- Releasing --------------------------------------------------------------------------------

# nbgrader's own list and order, with three steps replaced by the course's. InstantiateTests is left
# out: there is no AUTOTEST here.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    # An answer is often an HTML or CSS file, whose stub cannot be Python's.
    "revise.authoring.clear_solutions.ClearSolutions",
    # Every demo shows its output before it is run; nbgrader's ClearOutput would take it away.
    "revise.authoring.clear_exercise_outputs.ClearExerciseOutputs",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    # In nbgrader's place for SaveCells, which refuses to add or remove a cell after the first hand-in.
    "revise.grading.changed_cells.SaveChangedCells",
    # After the checksums and SaveCells: the gradebook keeps the hidden tests, the release does not.
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    # Again, for the sources as learners have them: Validate compares with these.
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The whole marker and not only its words, which a lesson may say.
c.ClearSolutions.begin_solution_delimeter = "### BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "### END SOLUTION"
c.ClearHiddenTests.begin_test_delimeter = "### BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "### END HIDDEN TESTS"

# --- Grading ----------------------------------------------------------------------------------

# Every submission's folder gets a result: also one without a notebook, with a renamed one, with a
# broken timestamp, or that no step can get through. nbgrader has no setting for these.
converter.install()

# Reads whatever stands in the notebook's place, and takes nothing but answers.
c.Autograde.exporter_class = "revise.grading.intake.exporter.SubmissionExporter"

c.Autograde.sanitize_preprocessors = [
    # First: everything after it sees the course's own notebook with the learner's answers.
    "revise.grading.fresh_edition.FreshEdition",
    # nbgrader's own, which then find what they look for: they hold the cells against the gradebook.
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

c.Autograde.autograde_preprocessors = [
    # In nbgrader's place for Execute, which runs learners' code as the teacher, with the checks
    # beside it. docs/grading.md says what this one stops.
    "revise.grading.execute.IsolatedExecute",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    # After the marks: what a learner's code displayed is seen in the teacher's browser.
    "revise.grading.intake.plain_outputs.PlainOutputs",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A graded cell that the gradebook has and the release has not is marked; without this its mark
# stays empty and the submission waits for a teacher.
c.OverwriteCells.add_missing_cells = True

# Seconds a cell may take (nbgrader's default is 30). A check may wait for several requests of
# 10 seconds each, on a machine that grades other submissions as well.
c.IsolatedExecute.cell_seconds = 60
# Seconds for a whole submission. The longest section's reference takes less than one minute.
c.IsolatedExecute.notebook_seconds = 1200
# MiB, and processes with their threads, for all that a submission starts.
c.IsolatedExecute.memory = 3072
c.IsolatedExecute.processes = 512

# Validate, in the learner's own kernel, is still nbgrader's.
c.Execute.timeout = 60
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": "the cell did not end within 60 seconds",
    "traceback": ["CellTimeoutError: the cell did not end within 60 seconds"],
}

# The kernel's own log on the terminal, not a notebook's: warnings about its sockets for every
# submission would hide what nbgrader says.
c.Execute.extra_arguments = ["--log-level=ERROR"]

# What of a cell's output is kept, in lines: a print in an endless loop fills no disk.
c.LimitOutput.max_lines = 200
c.LimitOutput.max_traceback = 60

# What a learner's program wrote beside the graded notebook goes: a project for each exercise is
# gigabytes for a class, and nbgrader would copy it all to feedback/.
c.Autograde.post_convert_hook = "revise.grading.tidy.after_autograde"

# No IgnorePattern: what a library writes on stderr costs a graded cell its marks, here and under
# Validate, which knows no IgnorePattern. The sandbox silences it at its source.

# --- Feedback ---------------------------------------------------------------------------------

# nbgrader's page shows hidden tests (its issue 917), runs scripts that a learner wrote, and is
# not made for a phone. These steps and this page replace it; docs/teacher.md shows how it looks.
c.GenerateFeedback.preprocessors = [
    # Marks and the teacher's comments, from the gradebook.
    "nbgrader.preprocessors.GetGrades",
    # Which cell is what, from the release: never from the submission, which could deny a hidden check.
    "revise.grading.feedback.course_cells.RestoreCourseCells",
    # While the hidden sources are still there to be looked for in what other cells put out.
    "revise.grading.feedback.echoes.RemoveEchoes",
    "revise.grading.feedback.hidden_checks.HideHiddenChecks",
    # After hiding, so that nothing hidden can reach the summary's words.
    "revise.grading.feedback.summary.Summarise",
]
# nbgrader releases every *.html that lies in feedback/, also one that a learner's program wrote.
c.GenerateFeedback.post_convert_hook = "revise.grading.tidy.after_feedback"

c.GenerateFeedback.exporter_class = "revise.grading.feedback.page.FeedbackPage"

# --- Formgrader -------------------------------------------------------------------------------

# The course's template before nbgrader's: a page on which marks are set fetches nothing from elsewhere.
c.HTMLExporter.extra_template_basedirs = [str(formgrader.TEMPLATES), str(formgrader.NBGRADERS)]

# No list of all these settings above the assignments.
c.FormgradeExtension.debug = False

# Without these a page of a large class takes many times as long.
indexes.install()
lists.install()

# --- The machine ------------------------------------------------------------------------------

# nbgrader starts `alembic` by name to make the gradebook; in an environment that is not
# activated (`.venv/bin/nbgrader …`) it would not be found.
programs = str(Path(sys.executable).parent)
if programs not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join(filter(None, [programs, os.environ.get("PATH")]))

# SQLAlchemy 2 warns about how nbgrader 0.9 fills a new gradebook; what it stores is right.
warnings.filterwarnings("ignore", message="Object of type <Submitted.* not in session")

# Each kernel warns about frozen modules and its debugger, which nobody uses while grading.
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
