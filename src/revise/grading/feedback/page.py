"""The page a learner is given: one file, no script, nothing fetched, readable on a phone."""

from pathlib import Path

from jinja2 import Environment
from nbconvert.exporters import TemplateExporter
from nbconvert.filters import markdown2html
from traitlets import default


class FeedbackPage(TemplateExporter):
    """Render ``resources["revise"]`` (see ``Summarise``) as one HTML page.

    Everything is escaped by the template engine itself; the one exception is a task's text, which
    comes from the release. The page also forbids scripts in its own header.
    """

    export_from_notebook = None  # only nbgrader uses it: not in JupyterLab's menu
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "page"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(Path(__file__).parent)]

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = True
        environment.filters["task_html"] = task_html
        return environment


def task_html(task: str) -> str:
    """Return a task's Markdown as HTML, without its title, which the page shows itself."""
    return markdown2html(task.partition("\n")[2])
