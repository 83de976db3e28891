"""How nbgrader reads a submission: through ``intake``, whatever stands in the notebook's place."""

from pathlib import Path

from nbconvert.exporters import NotebookExporter

from revise.errors import ReleaseMissing
from revise.grading.intake.submission import read
from revise.grading.released import course_directory, released_edition, released_names


class SubmissionExporter(NotebookExporter):
    """Give the released notebook, with what was taken from the submission in ``resources["revise"]``.

    ``FreshEdition`` then lays the answers. While nbgrader reads what it has sanitised itself, this
    is nbconvert's own exporter (``Autograde.exporter_class``).
    """

    export_from_notebook = None  # only nbgrader uses it: not in JupyterLab's menu

    def from_filename(self, filename: str, resources: dict | None = None, **more) -> tuple:
        """Convert the submission whose notebook should stand at ``filename``.

        Raises ``ReleaseMissing`` without a release, and nothing for what a learner sent.
        """
        if not getattr(self.parent, "_sanitizing", False):
            return super().from_filename(filename, resources, **more)
        path = Path(filename)
        edition = released_edition(self, resources)
        if edition is None:
            raise ReleaseMissing.at(path.name, resources["nbgrader"]["assignment"])
        expected = released_names(course_directory(self), resources["nbgrader"]["assignment"])
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        resources["revise"] = {"taken": read(path, edition, expected)}
        return self.from_notebook_node(edition, resources, **more)
