"""Building a section: what is written, what is refused, and that nothing is lost."""

import nbformat
import pytest

from revise.answers import role
from revise.authoring.build import build, stale
from revise.errors import EditedByHand, ReferenceFailed, SectionMissing


@pytest.fixture
def built(section):
    """The section, built once."""
    build(section)
    return section


def read(path):
    return nbformat.read(path, as_version=4)


def by_id(path):
    return {cell.id: cell for cell in read(path).cells}


def test_both_editions_are_valid_and_say_what_their_cells_are(built):
    for path in (built.source, built.notebook):
        notebook = read(path)
        nbformat.validate(notebook)
        check = by_id(path)["python-functions-late-fee--three-days"]
        assert check.metadata["revise"] == {
            "exercise": "python-functions-late-fee",
            "role": "check",
            "behaviour": "three-days",
            "concepts": ["python.functions.defining"],
        }
        assert check.metadata["nbgrader"]["points"] == 2


def test_cell_ids_read_and_are_unique(built):
    ids = [cell.id for cell in read(built.notebook).cells]
    assert len(set(ids)) == len(ids)
    assert ids[:4] == ["1-python-1", "1-python-2", "functions-1", "functions-2"]
    assert "python-functions-sort-key--answer-order" in ids


def test_the_task_states_points_and_concepts_once(built):
    task = by_id(built.notebook)["python-functions-late-fee--task"].source
    assert task.startswith("### Compute a late fee\n\n*3 points · `python.functions.defining`*\n")


def test_hints_are_folded(built):
    assert by_id(built.notebook)["python-functions-late-fee--hint"].source.count("<details>") == 2


def test_the_learners_edition_holds_no_solution_and_no_hidden_check(built):
    text = built.notebook.read_text()
    for secret in ("min(days * 20", "secret_input", "lambda pair: pair[1]", "BEGIN", "forgets"):
        assert secret not in text
    source = built.source.read_text()
    assert "min(days * 20" in source
    assert "secret_input" in source


def test_no_variant_reaches_a_notebook(built):
    for path in (built.source, built.notebook):
        assert "itemgetter" not in path.read_text()
        assert "pair[0]" not in path.read_text()


def test_demos_show_their_output_and_exercises_do_not(built):
    cells = by_id(built.notebook)
    assert cells["functions-2"].outputs[0].text == "total 6\n"
    for cell in cells.values():
        if role(cell) and cell.cell_type == "code":
            assert cell.outputs == []


def test_only_steady_demos_are_compared(built):
    tags = {id: cell.metadata.get("tags", []) for id, cell in by_id(built.notebook).items()}
    assert tags["functions-2"] == ["nbval-check-output"]
    assert tags["functions-3"] == ["volatile"]
    assert tags["functions-4"] == ["raises-exception"]


def test_the_same_text_builds_the_same_bytes(built):
    before = built.source.read_bytes(), built.notebook.read_bytes()
    build(built)
    assert (built.source.read_bytes(), built.notebook.read_bytes()) == before
    assert stale(built) == []


def test_a_changed_text_is_stale(built):
    text = built.text.read_text()
    built.text.write_text(text.replace("A demo.", "A better demo."))
    assert len(stale(built)) == 2


def test_an_edit_in_source_is_not_overwritten(built):
    edited = built.source.read_text().replace("expected 60. Look", "expected sixty. Look")
    built.source.write_text(edited)
    with pytest.raises(EditedByHand, match=r"late-fee--three-days.*revise adopt 01_python"):
        build(built)
    assert built.source.read_text() == edited
    build(built, force=True)
    assert "sixty" not in built.source.read_text()


def test_an_answer_typed_into_the_published_notebook_is_not_overwritten(built):
    notebook = read(built.notebook)
    notebook.cells[-3].source = "my answer"
    nbformat.write(notebook, built.notebook)
    with pytest.raises(EditedByHand, match="Answer in work/ instead"):
        build(built)


def test_running_a_built_notebook_is_no_edit(built):
    notebook = read(built.source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 99
    nbformat.write(notebook, built.source)
    build(built)


def test_a_failing_reference_publishes_nothing(section, rewrite):
    rewrite("return min(days * 20, fee_limit)", "return days")
    with pytest.raises(ReferenceFailed, match="late-fee--three-days: AssertionError"):
        build(section)
    assert not section.notebook.exists()


def test_a_reference_that_writes_on_stderr_publishes_nothing(section, rewrite):
    rewrite('print("total", math.prod([2, 3]))', 'import sys; print("loud", file=sys.stderr)')
    with pytest.raises(ReferenceFailed, match="functions-2: loud"):
        build(section)


def test_a_section_without_text_is_told(section):
    section.text.unlink()
    with pytest.raises(SectionMissing, match="revise new 01_python"):
        build(section)


def test_a_stored_frame_keeps_its_words_only(section, rewrite):
    """Would a published notebook load whatever listens on the frame's old port?"""
    rewrite(
        "object()\n",
        "from revise.sandbox.display import frame\n\nframe('http://127.0.0.1:8000', '/admin/')\n",
    )
    build(section)
    output = by_id(section.notebook)["functions-3"].outputs[0]
    assert output.data == {"text/plain": "/admin/ (run this cell in JupyterLab to see the page)"}
