"""The course's exporter, which keeps the notebook in memory.

nbconvert copies a notebook twice, validates it after each step, and writes it as text; nbgrader reads
that text again for the next round of steps. Of 2.7 CPU seconds for a notebook of 585 cells that was
more than a half.
"""

import contextlib
import json
from collections.abc import Iterator
from types import SimpleNamespace

import jsonschema
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import rwbase
from nbgrader.nbgraderformat import common


def in_memory(exporter_class: type) -> type:
    """Return a subclass of ``exporter_class`` that gives the notebook itself, not its text.

    How it reads a file is the exporter's own. The notebook that is handed over is changed.
    """

    class InMemory(exporter_class):
        def from_notebook_node(self, nb: NotebookNode, resources=None, **kw):
            return _all_steps(self, nb, self._init_resources(resources))

    return InMemory


def unchecked(exporter_class: type) -> type:
    """Return a subclass of ``exporter_class`` that copies and validates nothing between the steps."""

    class Unchecked(exporter_class):
        _preprocess = _all_steps

    return Unchecked


def _all_steps(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
    for step in self._preprocessors:
        nb, resources = step(nb, resources)
    return nb, resources


def as_text(notebook: NotebookNode) -> str:
    """Return what nbgrader writes, to the byte; ``notebook`` is not fit for use afterwards.

    nbformat's own writer copies the notebook first. Raises nbformat's ValidationError.
    """
    nbformat.validate(notebook, relax_add_props=True)
    lines = rwbase.strip_transient(rwbase.split_lines(notebook))
    text = json.dumps(lines, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    return f"{text}\n"


@contextlib.contextmanager
def metadata_checked_once() -> Iterator[None]:
    """Check each piece of nbgrader's metadata once: the cells of a class are the same.

    ``jsonschema.validate`` checks the schema itself before each cell, nine tenths of its time.
    """
    seen: set[str] = set()
    validators: dict[int, jsonschema.Validator] = {}

    def validate(instance: dict, schema: dict) -> None:
        key = json.dumps(instance, sort_keys=True)
        if key not in seen:
            version = instance["schema_version"]
            if version not in validators:
                validators[version] = jsonschema.validators.validator_for(schema)(schema)
            validators[version].validate(instance)
            seen.add(key)

    before, common.jsonschema = common.jsonschema, SimpleNamespace(validate=validate)
    try:
        yield
    finally:
        common.jsonschema = before
