"""Answer both questions about a learner's notebook at the same time."""

from revise import answers
from revise.execution import COMPARED
from revise.grading.compare import Comparison
from revise.grading.find import Target
from revise.grading.report import Report
from revise.grading.run import run


def verdict(target: Target) -> Report:
    """Put the answers of ``target`` into its published edition, run that, and return what came of it.

    nbval's comparison and nbgrader's checks run at the same time, each in a kernel and a folder of
    its own. A notebook without demos has nothing to compare. Raises ``KernelMissing`` when the
    edition's kernel is not installed.
    """
    answered = answers.put(answers.take(target.notebook, target.edition), target.edition)
    if not any(COMPARED in cell.metadata.get("tags", []) for cell in target.edition.cells):
        results = run(answered, target.edition).results
        return Report(str(target.path), target.name, results, differences=None)
    with Comparison(answered) as comparison:
        done = run(answered, target.edition)
        # A kernel that an answer ended cannot show what the rest would: compare without it.
        differences = [] if done.deadly else comparison.differences()
    if done.deadly:
        with Comparison(done.notebook) as comparison:
            differences = comparison.differences()
    return Report(str(target.path), target.name, done.results, differences)
