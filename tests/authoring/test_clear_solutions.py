"""The stub that stands in the place of a solution."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from revise.authoring.clear_solutions import ClearSolutions, stub_for


def answer(source: str, kind=new_code_cell) -> nbformat.NotebookNode:
    cell = kind(source)
    cell.metadata.nbgrader = {
        "solution": True,
        "grade": False,
        "locked": False,
        "grade_id": "a--answer",
    }
    return cell


def cleared(*cells, config=None) -> list[str]:
    notebook, _ = ClearSolutions(config=config or Config()).preprocess(
        new_notebook(cells=list(cells)), {}
    )
    return [cell.source for cell in notebook.cells]


def region(first_lines: str, indent: str = "") -> str:
    return (
        f"{first_lines}{indent}### BEGIN SOLUTION\n{indent}secret\n{indent}### END SOLUTION\nafter"
    )


@pytest.mark.parametrize(
    "magic",
    [
        "",
        "%%time\n",
        "%%writefile {shop}/catalog/views.py\n",
        "%%writefile -a views.py\n",
        '%%writefile "my views.py"\n',
        "%%writefile {shop}/manage\n",
    ],
)
def test_python_gets_a_line_that_raises(magic):
    """Does a blank Python answer fail by itself, in a cell and in a file?"""
    (source,) = cleared(answer(region(magic)))
    assert source == f'{magic}raise NotImplementedError("YOUR CODE HERE")\nafter'


def test_the_stub_is_indented_as_the_solution_was():
    """Is a blank function body still valid Python?"""
    (source,) = cleared(answer(region("def due(day):\n", indent="    ")))
    assert source == 'def due(day):\n    raise NotImplementedError("YOUR CODE HERE")\nafter'
    compile(source, "blank", "exec")


@pytest.mark.parametrize(
    "name", ["page.html", "library.css", "notes.txt", "compose.yaml", "Dockerfile.dev"]
)
def test_other_files_get_words(name):
    """Is there no Python in a blank template?"""
    magic = f"%%writefile {{shop}}/{name}\n"
    (source,) = cleared(answer(region(magic)))
    assert source == f"{magic}YOUR CODE HERE\nafter"


def test_every_solution_in_a_cell_is_cleared():
    """Do two regions in one cell each get their stub?"""
    (source,) = cleared(answer(region("%%writefile a.html\n") + "\n" + region("")))
    assert source.count("YOUR CODE HERE") == 2
    assert "secret" not in source


def test_an_answer_without_a_region_keeps_its_magic_line():
    """Does the learner still see which file to write when the whole cell is the solution?"""
    assert cleared(answer("%%writefile a.css\nsecret")) == ["%%writefile a.css\nYOUR CODE HERE"]
    assert cleared(answer("secret = 1")) == ['raise NotImplementedError("YOUR CODE HERE")']


def test_other_cells_stay_as_they_are():
    """Are demos and text untouched, and Markdown answers left to nbgrader?"""
    demo, text = new_code_cell("%%writefile a.html\n<p>"), new_markdown_cell("%%writefile a.html")
    assert cleared(demo, text, answer("why", new_markdown_cell)) == [
        demo.source,
        text.source,
        "YOUR ANSWER HERE",
    ]


def test_nbgraders_errors_stay():
    """Is a solution outside of an answer cell still refused?"""
    with pytest.raises(RuntimeError, match="non-solution cell"):
        cleared(new_code_cell(region("")))
    with pytest.raises(RuntimeError, match="no end solution"):
        cleared(answer("### BEGIN SOLUTION\nsecret"))


def test_the_stub_can_be_configured_under_nbgraders_name():
    """Does `c.ClearSolutions.code_stub` in nbgrader_config.py reach this class?"""
    config = Config({"ClearSolutions": {"code_stub": {"python": "pass", "text": "…"}}})
    assert cleared(answer(region("%%writefile a.txt\n")), config=config) == [
        "%%writefile a.txt\n…\nafter"
    ]


def test_cells_of_other_languages_are_text():
    """Is a shell or SQL answer not given Python?"""
    assert stub_for(new_code_cell("%%bash\nls")) == "text"
    assert stub_for(new_code_cell("%%writefile")) == "python"
    assert stub_for(new_code_cell("%%writefile 'a.html\n")) == "text"
