"""Where submissions are made from attacks and graded in one nursery: as the grader does it, minus the gradebook."""

import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell

from revise import answers, execution
from revise.authoring.bare import bare_notebook
from revise.authoring.build import load
from revise.authoring.editions import instructor_edition, learner_edition
from revise.course import Course
from revise.errors import GradingFailed
from revise.grading.feedback.echoes import RemoveEchoes
from revise.grading.feedback.hidden_checks import HideHiddenChecks
from revise.grading.feedback.page import FeedbackPage
from revise.grading.feedback.summary import Summarise
from revise.grading.isolation.limits import MIB, Limits
from revise.grading.isolation.nursery import Nursery
from revise.grading.isolation.outcome import Outcome
from revise.grading.judge.job import fill, job_of

from .attack import PLAIN, PREDICTION, Attack
from .traps import Traps, below, left_running

SECTION = "01_trial"
SYLLABUS = """
[[section]]
id = "trial"
notebook = "01_trial"
title = "Trial"
topics = [
  { id = "python", title = "Python", concepts = ["functions", "classes", "decorators", "prediction"] },
  { id = "django", title = "Django", concepts = ["pages", "modules"] },
]
"""
TEXT = Path(__file__).with_name("course.md")
LIMITS = Limits(
    cell_seconds=6,
    notebook_seconds=60,
    memory=400 * MIB,
    process_memory=2048 * MIB,
    processes=64,
    files=64 * MIB,
    file_size=32 * MIB,
    descriptors=256,
    output=100_000,
    notebook_output=2 * MIB,
)
IN_FLIGHT = 4
BROKEN = "the grader broke"
# What the one who comes next finds of those before: printed by its answer, read by the tests.
EVIDENCE = """
import builtins, json as _json, os as _os, random as _random, sys as _sys
_places = {place: _os.listdir(place) for place in ("/tmp", "/dev/shm", "/var/tmp", ".", _os.path.expanduser("~"))
           if _os.path.isdir(place)}
print("evidence", _json.dumps({
    "random": [_random.random(), _random.getrandbits(64)],
    "places": _places,
    "unix": open("/proc/net/unix").read(),
    "shm": open("/proc/sysvipc/shm").read() if _os.path.exists("/proc/sysvipc/shm") else "",
    "keys": open("/proc/keys").read() if _os.path.exists("/proc/keys") else "",
    "environment": dict(_os.environ),
    "poison": [hasattr(thing, "poison") for thing in (builtins, _json, _sys)],
    "umask": _os.umask(0o022),
}))
"""


@dataclass
class Result:
    """What came of an attack, and of the honest submission that ran right after it."""

    attack: Attack
    notebook: NotebookNode
    points: dict[str, float]
    flags: list[dict]
    reason: str
    page: str
    left: list[str]
    next_points: dict[str, float]
    next_flags: list[dict]
    evidence: dict
    seconds: float
    cpu: float = 0.0

    def outputs(self, *, hidden: bool = False) -> str:
        """Return all outputs of the graded notebook; those of hidden checks only when asked for."""
        cells = [
            cell
            for cell in self.notebook.cells
            if cell.cell_type == "code"
            and (hidden or not cell.metadata.get("revise", {}).get("hidden"))
        ]
        return json.dumps([cell.outputs for cell in cells])

    def printed(self) -> str:
        """Return what cells printed, as text."""
        streams = (o for cell in self.notebook.cells for o in cell.get("outputs", []))
        return "".join(o.text for o in streams if o.output_type == "stream")


@dataclass
class Lab:
    """The course that is attacked, built once, and the nursery in which it is graded."""

    folder: Path
    hidden: str = field(default_factory=lambda: f"sesame-{secrets.token_hex(6)}")

    def __post_init__(self):
        course = self.folder / "course"
        (course / "sections").mkdir(parents=True)
        (course / "sections" / "syllabus.toml").write_text(SYLLABUS)
        text = TEXT.read_text().replace("SECRET", self.hidden)
        (course / "sections" / f"{SECTION}.md").write_text(text)
        self.instructor = instructor_edition(bare_notebook(load(Course(course).section("01"))))
        self.release = learner_edition(self.instructor)
        for name, edition in (("source", self.instructor), ("release", self.release)):
            path = course / name / SECTION / f"{SECTION}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(nbformat.writes(edition))
        self.traps = Traps(course, self.folder / "outside", self.hidden)
        self.nursery = Nursery()
        self.idle = below(self.nursery.process.pid)

    def close(self) -> None:
        """End the nursery and take the traps away."""
        self.nursery.close()
        self.traps.close()

    def run(self, attacks: list[Attack]) -> dict[str, Result]:
        """Grade all attacks, some at the same time, each with an honest submission after it."""
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            return {r.attack.name: r for r in pool.map(self._try, attacks, range(len(attacks)))}

    def _try(self, attack: Attack, number: int) -> Result:
        words = self.traps.words(number, attack.name)
        began = time.monotonic()
        notebook, outcome = self.grade(self.submission(attack, words))
        seconds = time.monotonic() - began
        left = left_running(words)
        following, _outcome = self.grade(self._next())
        about = notebook.metadata.get("revise", {})
        return Result(
            attack, notebook, points(notebook),
            about.get("flags", []), about.get("reason", ""), self.page(notebook), left,
            points(following), following.metadata.get("revise", {}).get("flags", []),
            evidence(following), seconds, outcome.cpu,
        )  # fmt: skip

    def submission(self, attack: Attack, words: dict[str, str]) -> NotebookNode:
        """Return the file that the attack's learner hands in."""

        def filled(source: str) -> str:
            for word, value in words.items():
                source = source.replace(word, value)
            return source

        sources = {f"{exercise}--answer": source for exercise, source in attack.answers.items()}
        sources |= self._reference(attack.right)
        notebook = from_dict(self.release)
        cells = []
        for cell in notebook.cells:
            cell.source = filled(sources.get(cell.id, cell.source))
            own = [source for place, source in attack.own if place == cell.id]
            cells += [cell, *(new_code_cell(filled(source)) for source in own)]
        notebook.cells = cells
        if attack.change:
            attack.change(notebook)
        return notebook

    def _reference(self, exercises: tuple[str, ...]) -> dict[str, str]:
        return {
            cell.id: cell.source
            for cell in self.instructor.cells
            if answers.role(cell) == answers.ANSWER and answers.exercise(cell) in exercises
        }

    def _next(self) -> NotebookNode:
        honest = Attack("next", "nothing", right=PLAIN)
        notebook = self.submission(honest, {})
        for cell in notebook.cells:
            if cell.id == f"{PREDICTION}--answer":
                cell.source += EVIDENCE
        return notebook

    def grade(self, submission: NotebookNode) -> tuple[NotebookNode, Outcome]:
        """Return the graded notebook of a submission: only its answers travel."""
        edition = from_dict(self.instructor)
        graded = answers.put(answers.take(submission, self.release), edition)
        try:
            outcome = Outcome.from_bytes(self.nursery.run(job_of(graded, self.release, LIMITS)))
        except GradingFailed as error:  # no submission may bring the grader to this
            outcome = Outcome(reason=f"{BROKEN}: {error}")
        fill(graded, outcome, self.release)
        return graded, outcome

    def page(self, graded: NotebookNode) -> str:
        """Return the feedback page of a graded notebook."""
        notebook = from_dict(graded)
        marks = execution.marks(notebook)
        for mark in marks:
            cell = next(cell for cell in notebook.cells if cell.id == mark.cell)
            cell.metadata["nbgrader"] |= {"score": mark.points}
        score = {"score": sum(m.points for m in marks), "max_score": sum(m.of for m in marks)}
        resources = {
            "nbgrader": {"notebook": SECTION, "late_penalty": 0, **score},
            "revise": {"release": self.release},
        }
        for step in (RemoveEchoes(), HideHiddenChecks(), Summarise()):
            notebook, resources = step.preprocess(notebook, resources)
        return FeedbackPage().from_notebook_node(notebook, resources)[0]


def points(notebook: NotebookNode) -> dict[str, float]:
    """Return the points of each exercise, by nbgrader's own rule."""
    found: dict[str, float] = {}
    for mark in execution.marks(notebook):
        found[mark.exercise] = found.get(mark.exercise, 0.0) + mark.points
    return found


def evidence(notebook: NotebookNode) -> dict:
    """Return what an honest submission found in the place where another one had been."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for line in output.get("text", "").splitlines():
                if line.startswith("evidence "):
                    return json.loads(line.removeprefix("evidence "))
    return {}
