"""``revise check``: both questions about a learner's notebook, which is only ever read."""

import json

import click


@click.command()
@click.argument("notebook", metavar="SECTION|NOTEBOOK")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def check(notebook: str, as_json: bool) -> None:
    """Check your answers, and that the notebook still shows what it should.

    Give a section (02) to check your copy in work/, or the path of a notebook. It is run in another
    folder and never changed. Exits with 0 when all exercises pass and nothing differs, with 1 when
    not, with 2 when there is nothing to check.
    """
    # Here, since they take a second to import and `revise --help` needs none of them.
    from rich.console import Console

    from revise.grading.find import find
    from revise.grading.verdict import verdict

    report = verdict(find(notebook))
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        report.show(Console())
    raise SystemExit(0 if report.passed else 1)


COMMANDS = (check,)
