"""The map of concepts for a terminal."""

from collections.abc import Iterable, Iterator

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from revise.progress.survey import Concept, SectionSurvey, State

SIGNS = {
    State.MASTERED: ("✓", "green"),
    State.SHAKY: ("◐", "yellow"),
    State.FAILED: ("✗", "red"),
    State.UNTOUCHED: ("·", "dim"),
}
PLAIN_WIDTH = 100


class Map:
    """What ``rich`` prints: a heading and the topics of each section, then the sums."""

    def __init__(self, surveys: Iterable[SectionSurvey]):
        self.surveys = list(surveys)

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        for survey in self.surveys:
            yield heading(survey)
            yield Padding(topics(survey), (0, 0, 1, 2))
        yield legend()
        yield Text(sums(self.surveys), style="bold")


def heading(survey: SectionSurvey) -> Text:
    """Return a section's title, with its concepts and points."""
    counted = f"{survey.count(State.MASTERED)} of {len(survey.concepts)} mastered"
    return Text.assemble((survey.heading, "bold"), (f"  {counted}, {points(survey)}", "dim"))


def points(survey: SectionSurvey) -> str:
    """Return a section's points in words."""
    if not survey.of:
        return "not published yet"
    return f"{survey.points:g} of {survey.of:g} points"


def topics(survey: SectionSurvey) -> Table:
    """Return a section's topics, one a row, with their concepts."""
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=24, max_width=32)
    table.add_column()
    for topic in survey.topics:
        table.add_row(topic.title, Columns(map(word, topic.concepts), padding=(0, 2)))
    return table


def word(concept: Concept) -> Text:
    """Return a concept with its sign."""
    sign, style = SIGNS[concept.state]
    return Text(f"{sign} {concept.name}", style=style)


def legend() -> Text:
    """Return what the signs mean."""
    meanings = [Text(f"{sign} {state}", style=style) for state, (sign, style) in SIGNS.items()]
    return Text("   ").join(meanings)


def sums(surveys: list[SectionSurvey]) -> str:
    """Return what all sections come to: ``12 of 193 concepts mastered, 41 of 826 points``."""
    concepts = sum(len(survey.concepts) for survey in surveys)
    mastered = sum(survey.count(State.MASTERED) for survey in surveys)
    earned, of = sum(one.points for one in surveys), sum(one.of for one in surveys)
    return f"{mastered} of {concepts} concepts mastered, {earned:g} of {of:g} points"


def plain(surveys: Iterable[SectionSurvey]) -> str:
    """Return the map as plain text, for where there is no HTML."""
    # Without force_jupyter it would show the map itself, and capture nothing.
    console = Console(width=PLAIN_WIDTH, color_system=None, force_jupyter=False)
    with console.capture() as capture:
        console.print(Map(surveys))
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
