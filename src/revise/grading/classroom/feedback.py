"""Write the pages of feedback, by nbgrader's own converter and the course's steps."""

import functools
from pathlib import Path

from nbconvert.writers import FilesWriter
from nbgrader.converters import GenerateFeedback, NbGraderException

from revise.grading.classroom import exporter, state
from revise.grading.classroom.bookkeeper import Submission


class FeedbackWriter(GenerateFeedback):
    """nbgrader's ``GenerateFeedback``, for one submission after the other, its exporter made once."""

    def open(self) -> None:
        """Make what nbgrader makes for each command."""
        self.force = True
        self.writer = FilesWriter(parent=self, config=self.config)
        made = exporter.unchecked(self.exporter_class)
        self.exporter = made(parent=self, config=self.config)
        for step in self.preprocessors:
            self.exporter.register_preprocessor(step)
        # The tasks are the same on each page, and their Markdown is a third of its cost.
        filters = self.exporter.environment.filters
        if "task_html" in filters:
            filters["task_html"] = functools.cache(filters["task_html"])

    def write(self, graded: Path) -> str:
        """Write the pages of the graded notebooks in ``graded``; return why not, or nothing."""
        self.assignments = {str(graded): [str(path) for path in sorted(graded.glob("*.ipynb"))]}
        try:
            self.convert_notebooks()
        except NbGraderException as error:
            return f"No feedback was written: {str(error) or 'nbgrader could not make the page'}"
        return ""

    def is_there(self, submission: Submission, graded: Path) -> bool:
        """Return whether the pages are there, and no older than what was graded."""
        folder = Path(self._format_dest(submission.assignment, submission.student))
        try:
            made = (graded / state.MARKER).stat().st_mtime
            pages = [folder / f"{path.stem}.html" for path in graded.glob("*.ipynb")]
            return all(page.stat().st_mtime >= made for page in pages)
        except OSError:
            return False
