"""The command ``revise``: what a learner, a teacher and an author type."""

import importlib
import sys

import click

from revise.errors import ReviseError

MODULES = (
    "revise.lab",
    "revise.doctor.command",
    "revise.updating.command",
    "revise.grading.check",
    "revise.grading.grade",
    "revise.hub.commands",
    "revise.progress.commands",
    "revise.grading.reporting.command",
    "revise.progress.today_command",
    "revise.authoring.commands",
    "revise.authoring.quiz_command",
)


class Commands(click.Group):
    """A group that shows an error of the course as its one line; a traceback only with --debug."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except ReviseError as error:
            if context.params.get("debug"):
                raise
            click.echo(f"revise: {error}", err=True)
            context.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(package_name="revise")
def main(debug: bool) -> None:
    """Revise backend development: learn, teach and write the course."""


for _module in MODULES:
    for _command in importlib.import_module(_module).COMMANDS:
        main.add_command(_command)

if __name__ == "__main__":
    sys.exit(main())
