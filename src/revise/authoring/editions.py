"""The steps from a section's bare notebook to the two editions that are kept in git."""

from collections.abc import Callable

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import ClearHiddenTests

from revise import answers
from revise.authoring.bare import VOLATILE
from revise.authoring.clear_solutions import ClearSolutions
from revise.execution import COMPARED, RAISES
from revise.patterns import sanitize
from revise.sandbox.display.frames import PAGE

Step = Callable[[NotebookNode], NotebookNode]


def forget_the_machine(notebook: NotebookNode) -> NotebookNode:
    """Drop what the kernel wrote of itself: its Python version is not the course's."""
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def keep_demo_outputs(notebook: NotebookNode) -> NotebookNode:
    """Drop what the exercises' cells put out: it is the reference solution's, not the reader's."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and answers.role(cell):
            cell.outputs, cell.execution_count = [], None
    return notebook


def tag_cells(notebook: NotebookNode) -> NotebookNode:
    """Mark the demos that nbval compares, and the cells that may fail without stopping Run All."""
    for cell in notebook.cells:
        tags = list(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and not answers.role(cell):
            tags += [COMPARED] * (VOLATILE not in tags and RAISES not in tags)
        elif cell.cell_type == "code" and answers.role(cell) in ("answer", "check"):
            tags += [RAISES]
        if tags:
            cell.metadata["tags"] = tags
    return notebook


def drop_live_frames(notebook: NotebookNode) -> NotebookNode:
    """Keep of a stored frame its words only: nothing, or a stranger, listens on its port now."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if PAGE in data.get("text/html", ""):
                del data["text/html"]
    return notebook


def sanitize_outputs(notebook: NotebookNode) -> NotebookNode:
    """Replace ports, times and tokens in stored outputs, so that every build is the same."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for key in ("text", "evalue"):
                if key in output:
                    output[key] = sanitize(output[key])
            if "traceback" in output:
                output["traceback"] = [sanitize(line) for line in output["traceback"]]
            for mime, data in output.get("data", {}).items():
                if isinstance(data, str):
                    output["data"][mime] = sanitize(data)
    return notebook


def clear_solutions(notebook: NotebookNode) -> NotebookNode:
    """Replace the solutions by stubs, as nbgrader's release does with this course's settings."""
    return ClearSolutions().preprocess(notebook, {})[0]


def clear_hidden_checks(notebook: NotebookNode) -> NotebookNode:
    """Drop the code of the hidden checks, as nbgrader's release does."""
    return ClearHiddenTests().preprocess(notebook, {})[0]


INSTRUCTOR: tuple[Step, ...] = (
    # The exercises' outputs go first: a solution must not survive in what it printed.
    keep_demo_outputs,
    forget_the_machine,
    tag_cells,
    drop_live_frames,
    sanitize_outputs,
)
LEARNER: tuple[Step, ...] = (
    # nbgrader's own order: a solution region may hold the delimiters of a hidden one, not the reverse.
    clear_solutions,
    clear_hidden_checks,
)


def instructor_edition(executed: NotebookNode) -> NotebookNode:
    """Return what ``source/`` holds, from the bare notebook as its reference solutions ran."""
    return _run(INSTRUCTOR, executed)


def learner_edition(instructor: NotebookNode) -> NotebookNode:
    """Return what ``notebooks/`` holds: answers blank, hidden checks gone, demo outputs kept."""
    return _run(LEARNER, instructor)


def _run(steps: tuple[Step, ...], notebook: NotebookNode) -> NotebookNode:
    notebook = from_dict(notebook)
    for step in steps:
        notebook = step(notebook)
    return notebook
