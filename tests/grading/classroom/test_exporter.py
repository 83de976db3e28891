"""The exporter that keeps notebooks in memory: what it saves changes nothing that is written."""

import nbformat
import pytest
from jsonschema import ValidationError
from nbgrader.nbgraderformat import MetadataValidator

from revise import execution
from revise.grading.classroom import exporter
from tests.grading.tiny import tiny_notebook


def test_a_notebook_is_written_as_nbgrader_writes_it():
    """Are the bytes those of nbformat, with outputs, transient metadata and odd characters?"""
    notebook = execution.execute(tiny_notebook())
    notebook.metadata["signature"] = "goes"
    notebook.cells[0].source += "\n\u2028 é \U0001f600\n"
    expected = nbformat.writes(notebook) + "\n"
    assert exporter.as_text(nbformat.from_dict(notebook)) == expected


def test_metadata_is_still_checked():
    """Is metadata that nbgrader refuses refused, also after it has seen others?"""
    notebook = tiny_notebook()
    with exporter.metadata_checked_once():
        MetadataValidator().validate_nb(notebook)
        notebook.cells[-1].metadata["nbgrader"]["points"] = "three"
        with pytest.raises(ValidationError):
            MetadataValidator().validate_nb(notebook)
    notebook.cells[-1].metadata["nbgrader"]["points"] = 3
    MetadataValidator().validate_nb(notebook)
