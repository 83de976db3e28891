"""The text of a tiny course: one section of two exercises, in plain Python."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REPOSITORY = Path(__file__).parents[2]
TINY = "01_tiny"
SYLLABUS = """
[[section]]
id = "tiny"
notebook = "01_tiny"
title = "Tiny"
topics = [
  { id = "functions", title = "Functions", concepts = ["defining"] },
  { id = "html", title = "HTML", concepts = ["headings"] },
]

[[section]]
id = "later"
notebook = "02_later"
title = "Later"
topics = [ { id = "one", title = "One", concepts = ["two"] } ]
"""

DOUBLE = "def double(number):\n    ### BEGIN SOLUTION\n    return number * 2  # the reference\n    ### END SOLUTION"
GREETING = (
    "%%writefile greeting.html\n### BEGIN SOLUTION\n<h1>Hello, reference</h1>\n### END SOLUTION"
)
SEEN = """got = double(2)
assert got == 4, f"double(2) returned {got}, expected 4. Look at what double returns." """.strip()
FRESH = """got = double(21000)
assert got == 42000, f"double(21000) returned {got}: the secret message" """.strip()
HEADING = """text = page.read_text() if page.exists() else ""
assert "<h1>" in text, f"greeting.html holds {text!r}, expected an <h1>. Look at the tags." """.strip()
HELLO = """words_of_the_page = page.read_text()
assert "Hello" in words_of_the_page, "no secret greeting in greeting.html" """.strip()
HIDDEN = "# A hidden check: it tries your answer with other inputs.\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


def empty_course(root: Path, syllabus: str = SYLLABUS) -> Path:
    """Lay a course without notebooks in ``root``: a syllabus, and nbgrader's settings."""
    (root / "sections").mkdir(parents=True)
    (root / "sections" / "syllabus.toml").write_text(syllabus)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    return root


def graded(id: str, *, points: float | None = None, solution: bool = False) -> dict:
    about = {
        "grade_id": id,
        "grade": points is not None,
        "locked": not solution,
        "solution": solution,
    }
    about |= {"schema_version": 3, "task": False}
    return about | ({"points": points} if points is not None else {})


def cell(exercise: str, role: str, source: str, **more):
    revise = {"exercise": exercise, "role": role}
    if role in ("task", "hint"):
        return new_markdown_cell(source, id=f"{exercise}--{role}", metadata={"revise": revise})
    behaviour, points = more.pop("behaviour", None), more.pop("points", None)
    id = f"{exercise}--{behaviour or role}"
    if role == "check":
        revise |= {"behaviour": behaviour, **more}
        source = HIDDEN.format(source) if more.get("hidden") else source
    nbgrader = graded(id, points=points, solution=role == "answer")
    return new_code_cell(source, id=id, metadata={"revise": revise, "nbgrader": nbgrader})


def tiny_notebook():
    functions, html = ["tiny.functions.defining"], ["tiny.html.headings", "tiny.functions.defining"]
    setup = {"revise": {"role": "setup"}, "nbgrader": graded("start-2")}
    return new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "revise": {"section": TINY},
        },
        cells=[
            new_markdown_cell("# A tiny section\n\nTwo exercises.", id="start-1"),
            new_code_cell("from pathlib import Path", id="start-2", metadata=setup),
            new_code_cell("import os, random\nprint('2 + 2 =', 2 + 2)\nprint(f'http://127.0.0.1:{random.randint(20000, 60000)}/')", id="start-3"),
            cell("tiny-double", "task", "### Double a number\n\nWrite `double(number)`."),
            cell("tiny-double", "answer", DOUBLE),
            cell("tiny-double", "check", SEEN, behaviour="of-two", points=2, concepts=functions),
            cell("tiny-double", "check", FRESH, behaviour="of-others", points=1, concepts=functions, hidden=True),
            cell("tiny-double", "hint", "<details><summary>Hint 1</summary>\n\nUse `*`.\n\n</details>"),
            new_code_cell("print('the end of it')", id="double-a-number-1"),
            cell("tiny-greet", "task", "### Greet in HTML\n\nWrite `greeting.html`."),
            cell("tiny-greet", "setup", "page = Path('greeting.html')\npage.unlink(missing_ok=True)"),
            cell("tiny-greet", "answer", GREETING),
            cell("tiny-greet", "check", HEADING, behaviour="has-a-heading", points=2, concepts=html),
            cell("tiny-greet", "check", HELLO, behaviour="greets", points=3, concepts=html, hidden=True),
        ],
    )  # fmt: skip


def write(notebook, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return path


def edit(path: Path, sources: dict[str, str]) -> None:
    """Write answers into a notebook, by cell id."""
    notebook = nbformat.read(path, as_version=4)
    for one in notebook.cells:
        one.source = sources.get(one.id, one.source)
    path.chmod(0o644)
    write(notebook, path)
