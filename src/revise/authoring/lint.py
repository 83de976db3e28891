"""The rules of an exercise that can be read off the text, before anything runs."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from revise.authoring.names import answer_names, hidden_names, setup_names
from revise.authoring.problems import Problem
from revise.authoring.section import Exercise, SectionText
from revise.course import Section

Rule = Callable[[SectionText, Section], Iterator[Problem]]
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
MOST_CONCEPTS, MOST_HINTS, LEAST_WRONG, LEAST_RIGHT = 3, 3, 3, 1
LONGEST_ID = 40


def lint(text: SectionText, section: Section) -> list[Problem]:
    """Return every rule that the section breaks, in the order of the text."""
    problems = [problem for rule in RULES for problem in rule(text, section)]
    return sorted(problems, key=lambda problem: problem.line)


def uncovered(text: SectionText, section: Section) -> list[str]:
    """Return the concepts of the section that no exercise grades."""
    graded = {concept for exercise in text.exercises for concept in exercise.concepts}
    return [concept for concept in section.concepts if concept not in graded]


def _ids(text: SectionText, section: Section) -> Iterator[Problem]:
    count = Counter(exercise.id for exercise in text.exercises)
    for exercise in text.exercises:
        problem = _problem(text, exercise)
        if (
            not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", exercise.id)
            or len(exercise.id) > LONGEST_ID
        ):
            yield problem(
                "the id does not read", f"Use at most {LONGEST_ID} of a-z, 0-9 and single hyphens."
            )
        if not exercise.id.startswith(f"{section.id}-"):
            yield problem(
                "the id does not begin with its section", f"Call it {section.id}-{exercise.id}."
            )
        if count[exercise.id] > 1:
            yield problem("the id is used twice", "Give each exercise an id of its own.")


def _concepts(text: SectionText, section: Section) -> Iterator[Problem]:
    for exercise in text.exercises:
        problem = _problem(text, exercise)
        if not 1 <= len(exercise.concepts) <= MOST_CONCEPTS:
            yield problem(
                f"it has {len(exercise.concepts)} concepts", f"Name 1 to {MOST_CONCEPTS}."
            )
        for concept in exercise.concepts:
            if concept not in section.concepts:
                yield problem(
                    f"no concept is called {concept}", "sections/syllabus.toml lists them."
                )


def _anatomy(text: SectionText, section: Section) -> Iterator[Problem]:
    for exercise in text.exercises:
        problem = _problem(text, exercise)
        if not exercise.task.source.lstrip().startswith("#"):
            yield problem("the task has no title", "Start it with a heading that has a verb.")
        if not exercise.answers:
            yield problem("it has no answer cell", 'Add a code cell with role="answer".')
        if all(check.hidden for check in exercise.checks):
            yield problem("it has no visible check", 'Add a code cell with check="…" points=1.')
        if not any(check.hidden for check in exercise.checks):
            yield problem(
                "it has no hidden check", "Add a check cell with hidden=true and fresh inputs."
            )
        if not 1 <= len(exercise.hints) <= MOST_HINTS:
            yield problem(
                f"it has {len(exercise.hints)} hints",
                f"Number 1 to {MOST_HINTS} in a hints region.",
            )
        behaviours = Counter(check.behaviour for check in exercise.checks)
        for behaviour in [name for name, times in behaviours.items() if times > 1]:
            yield problem(f"two checks are called {behaviour!r}", "Name each after what it checks.")


def _variants(text: SectionText, section: Section) -> Iterator[Problem]:
    for exercise in text.exercises:
        problem = _problem(text, exercise)
        if len(exercise.wrong) < LEAST_WRONG:
            yield problem(
                f"it has {len(exercise.wrong)} wrong answers", f"Write at least {LEAST_WRONG}."
            )
        if len(exercise.right) < LEAST_RIGHT:
            yield problem("it has no other right answer", 'Add a code cell with right="…".')
        for wrong in exercise.wrong:
            if not wrong.says:
                mend = 'Add says="…", words that its learner must be shown.'
                yield Problem(
                    text.path, wrong.line, exercise.id, f"{wrong.title!r} says nothing", mend
                )


def _solutions(text: SectionText, section: Section) -> Iterator[Problem]:
    for exercise in text.exercises:
        for cell in exercise.answers.values():
            lines = [line.strip() for line in cell.source.splitlines()]
            if lines.count(BEGIN) != 1 or lines.count(END) != 1:
                mend = f"Put the solution between one {BEGIN} and one {END}."
                yield Problem(text.path, cell.line, exercise.id, "the solution is not marked", mend)


def _problem(text: SectionText, exercise: Exercise) -> Callable[[str, str], Problem]:
    return lambda what, mend: Problem(text.path, exercise.line, exercise.id, what, mend)


RULES: tuple[Rule, ...] = (
    _ids, _concepts, _anatomy, _variants, _solutions, setup_names, answer_names, hidden_names,
)  # fmt: skip
