"""Clean up after nbgrader: keep what it made, and nothing that a learner's program left there.

nbgrader runs a notebook in its folder under ``autograded/``, copies every other file of that folder
to ``feedback/``, and releases each ``*.html`` it finds there. So a learner's program could write
hidden checks into a page and have it sent home.
"""

import shutil
from pathlib import Path

# What nbgrader itself keeps beside a submission, and needs to release its feedback.
NBGRADERS_OWN = {"timestamp.txt", "submission_secret.txt"}


def after_autograde(assignment: str, student: str, notebooks: list[str]) -> None:
    """Keep the graded notebooks and the files that were released with them.

    Also removes the projects that the notebook laid: one for each exercise, gigabytes for a class.
    nbgrader calls this after each submission (``Autograde.post_convert_hook``); ``student`` may be a
    glob, so the folders are read off ``notebooks``, the submitted ones.
    """
    for submitted in _folders(notebooks):
        root, learner, name = submitted.parents[2], submitted.parent.name, submitted.name
        released = {path.name for path in (root / "release" / name).glob("*")}
        _keep(root / "autograded" / learner / name, released | _names(notebooks))


def after_feedback(assignment: str, student: str, notebooks: list[str]) -> None:
    """Keep the pages alone (``GenerateFeedback.post_convert_hook``; ``notebooks`` are the graded ones)."""
    pages = {Path(name).with_suffix(".html").name for name in _names(notebooks)}
    for graded in _folders(notebooks):
        _keep(graded.parents[2] / "feedback" / graded.parent.name / graded.name, pages)


def _folders(notebooks: list[str]) -> set[Path]:
    # COURSE/STEP/LEARNER/ASSIGNMENT/NOTEBOOK.ipynb
    return {Path(notebook).parent for notebook in notebooks}


def _names(notebooks: list[str]) -> set[str]:
    return {Path(notebook).name for notebook in notebooks}


def _keep(folder: Path, names: set[str]) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name in names | NBGRADERS_OWN:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
