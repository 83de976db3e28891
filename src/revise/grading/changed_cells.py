"""Keep the gradebook in step with an assignment that changes after learners have handed in."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    MissingEntry,
    Notebook,
    SolutionCell,
    SourceCell,
    TaskCell,
)
from nbgrader.preprocessors import SaveCells


class SaveChangedCells(SaveCells):
    """nbgrader's SaveCells, for an assignment that has submissions too.

    nbgrader refuses to add or remove a cell then (its issue 1699) and has its release removed on
    the way. Here only answers travel, so an answer can be graded against another release. Cells
    that are gone leave the gradebook with their marks and comments; new ones come in, and each
    submission gets an empty mark for them; all else stays, comments and marks by hand too. The
    gradebook is copied before a row is removed. What changed is logged, a line each.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        if notebook is not None and notebook.submissions:
            said = self._said_of_points(notebook)
            said += self._exchange_cells(notebook)
            for line in said:
                self.log.warning(line)
            if said or self._sources_changed(notebook):
                self.log.warning(
                    "%s has submissions: grade them again with `revise grade %s`.",
                    self.notebook_id, self.assignment_id,
                )  # fmt: skip
        super()._create_notebook(nb)

    def _exchange_cells(self, notebook: Notebook) -> list[str]:
        """Remove the cells that are gone and add the new ones, in one transaction; say which."""
        gone, new = self._difference(notebook)
        if gone:
            self._copy_gradebook()
        said = [f"{name} is gone, with its marks and comments" for name in _names(gone)]
        said += [f"{name} is new" for name in _names(new)]
        try:
            for cell in gone:
                self._remove(cell)
            # A cell that becomes one of another kind has the same name: first out, then in.
            self.gradebook.db.flush()
            for cell in new:
                self._add(cell, notebook)
            self.gradebook.db.commit()
        except BaseException:
            self.gradebook.db.rollback()
            raise
        return said

    def _difference(self, notebook: Notebook) -> tuple[list, list]:
        kinds = (
            (GradeCell, notebook.grade_cells, self.new_grade_cells),
            (SolutionCell, notebook.solution_cells, self.new_solution_cells),
            (TaskCell, notebook.task_cells, self.new_task_cells),
            (SourceCell, notebook.source_cells, self.new_source_cells),
        )
        gone, new = [], []
        for kind, old, wanted in kinds:
            known = {cell.name for cell in old}
            gone += [cell for cell in old if cell.name not in wanted]
            new += [kind(name=name, **info) for name, info in wanted.items() if name not in known]
        return gone, new

    def _remove(self, cell: BaseCell | SourceCell) -> None:
        if not isinstance(cell, SourceCell):
            for kind in (Grade, Comment):
                for row in self.gradebook.db.query(kind).filter(kind.cell_id == cell.id):
                    self.gradebook.db.delete(row)
            self.gradebook.db.flush()
        self.gradebook.db.delete(cell)

    def _add(self, cell: BaseCell | SourceCell, notebook: Notebook) -> None:
        """Add ``cell``, and to each submission what nbgrader's ``add_submission`` gives it."""
        cell.notebook_id = notebook.id
        self.gradebook.db.add(cell)
        self.gradebook.db.flush()
        marks = [Grade] * isinstance(cell, GradeCell | TaskCell)
        marks += [Comment] * isinstance(cell, SolutionCell | TaskCell)
        for submission in notebook.submissions:
            for kind in marks:
                self.gradebook.db.add(kind(cell_id=cell.id, notebook_id=submission.id))

    def _said_of_points(self, notebook: Notebook) -> list[str]:
        said = []
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            info = self.new_grade_cells.get(cell.name) or self.new_task_cells.get(cell.name)
            if info is None or info["max_score"] == cell.max_score:
                continue
            line = f"{cell.name} gives {info['max_score']:g} points, before {cell.max_score:g}"
            marks = self.gradebook.db.query(Grade).filter(Grade.cell_id == cell.id)
            if by_hand := marks.filter(Grade.manual_score.isnot(None)).count():
                line += f"; marks by hand stay as they are: {by_hand}"
            said.append(line)
        return said

    def _sources_changed(self, notebook: Notebook) -> bool:
        return any(
            cell.source != self.new_source_cells[cell.name]["source"]
            for cell in notebook.source_cells
            if cell.name in self.new_source_cells
        )

    def _copy_gradebook(self) -> None:
        """Copy the gradebook beside itself, where it is a file."""
        database = self.gradebook.engine.url.database
        if self.gradebook.engine.dialect.name != "sqlite" or not database:
            return
        path = Path(database)
        copy = path.with_name(f"{path.name}.before-{datetime.now():%Y-%m-%d-%H%M%S-%f}")
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        self.log.warning("The gradebook as it was: %s", copy.name)


def _names(cells: list) -> list[str]:
    return list(dict.fromkeys(cell.name for cell in cells))
