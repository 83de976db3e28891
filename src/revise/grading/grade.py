"""``revise grade``: a class at once, isolated and in parallel, by nbgrader's own steps."""

import json

import click


@click.command()
@click.argument("assignment")
@click.option("--student", metavar="ID", default="*", help="Grade one learner's submission.")
@click.option("--workers", type=click.IntRange(min=1), help="Submissions at once, on this machine.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run them on a Dask cluster (tcp://host:8786)."
)
@click.option("--all", "everything", is_flag=True, help="Grade again what has not changed, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--no-isolation", is_flag=True, help="Run learners' code as yourself: it can do all you can."
)
@click.option("--no-feedback", is_flag=True, help="Write no feedback pages.")
@click.pass_context
def grade(
    context: click.Context,
    assignment: str,
    student: str,
    workers: int | None,
    scheduler: str | None,
    everything: bool,
    as_json: bool,
    no_isolation: bool,
    no_feedback: bool,
) -> None:
    """Grade the submissions of an assignment: a section (02) or any other name.

    Writes autograded/, the gradebook and feedback/, as nbgrader does. Grades what is new or has changed, and
    goes on where an interrupted run stopped. Exits with 0 when all is graded, with 1 when something could
    not be, with 2 when there is nothing to grade, with 130 when it was interrupted.
    """
    if workers and scheduler:
        raise click.UsageError("--workers is for this machine; a cluster has its own.")
    # Here, since they take a second to import and `revise --help` needs none of them.
    from rich.console import Console

    from revise.grading.classroom.course import Options, grade_class

    if no_isolation:
        click.secho(
            "WITHOUT ISOLATION: learners' code runs as you, with your files and your network.",
            fg="red", bold=True, err=True,
        )  # fmt: skip
    options = Options(
        assignment=assignment,
        student=student,
        workers=workers,
        scheduler=scheduler,
        all=everything,
        isolated=not no_isolation,
        feedback=not no_feedback,
        silent=as_json,
        debug=bool(context.find_root().params.get("debug")),
    )
    try:
        report = grade_class(options)
    except KeyboardInterrupt:  # before there was anything to end in order, or a second time
        raise SystemExit(130) from None
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=True))
    else:
        report.show(Console())
    if report.error:
        raise report.error
    raise SystemExit(report.status)


COMMANDS = (grade,)
