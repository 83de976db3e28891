"""``revise doctor``: what this machine can do, and how to mend what it cannot."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
def doctor(as_json: bool) -> None:
    """Say what this machine can and cannot do for the course, each with its mend.

    It tries everything: it starts the servers that the sections use, and ends them. Nothing of yours is
    changed. Exits with 1 when something is missing that a learner needs.
    """
    # Here, since they take a second to import and `revise --help` needs none of them.
    from rich.console import Console

    from revise.doctor.examination import examination
    from revise.doctor.findings import as_json as plain
    from revise.doctor.findings import passed, show

    if as_json:
        findings = list(examination())
        click.echo(json.dumps(plain(findings), indent=2, ensure_ascii=False))
    else:
        findings = show(examination(), Console())
    raise SystemExit(0 if passed(findings) else 1)


COMMANDS = (doctor,)
