"""The map of concepts as HTML: a page of its own, and a piece for a notebook."""

from collections.abc import Iterable
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from revise.progress.survey import SectionSurvey, State
from revise.progress.terminal import SIGNS, points, sums


def page(surveys: Iterable[SectionSurvey], day: date) -> str:
    """Return one self-contained page: no script, nothing fetched, light and dark, wide and narrow."""
    surveys = list(surveys)
    return _template("page.html").render(surveys=surveys, sums=sums(surveys), day=day)


def fragment(surveys: Iterable[SectionSurvey]) -> str:
    """Return the same map without a page around it, in the colours of the notebook's theme."""
    return _template("map.html").render(surveys=list(surveys))


def _template(name: str):
    environment = Environment(
        loader=PackageLoader("revise.progress", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        states=list(State), signs={state: sign for state, (sign, _) in SIGNS.items()}, points=points
    )
    return environment.get_template(name)
