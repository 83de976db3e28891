"""Indexes that nbgrader's gradebook lacks, and what SQLite needs to know to use them.

Its tables have their primary keys and some unique pairs, which seldom begin with what is asked for. So
nbgrader reads all marks of the course to find those of one submission, and does so for every row of a page.
"""

import contextlib

from nbgrader.api import (
    Base,
    BaseCell,
    Comment,
    Grade,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Connection, Index, MetaData, event, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateIndex

ASKED_FOR = (
    BaseCell.__table__.c.notebook_id,
    Comment.__table__.c.notebook_id,
    Grade.__table__.c.notebook_id,
    SubmittedAssignment.__table__.c.student_id,
    SubmittedNotebook.__table__.c.assignment_id,
)
GRADE = Grade.__table__.c
INDEXES = [
    *(Index(f"revise_{column.table.name}_{column.name}", column) for column in ASKED_FOR),
    # All that an average of an assignment needs, without a look at each mark's row.
    Index("revise_grade_scores", GRADE.cell_id, GRADE.auto_score, GRADE.manual_score, GRADE.extra_credit),
]  # fmt: skip


def install() -> None:
    """Have every gradebook that is opened from now on make the indexes that it does not have.

    Called by ``nbgrader_config.py``, which is read again and again. A gradebook of before gets them, too.
    """
    if not event.contains(Base.metadata, "after_create", _complete):
        event.listen(Base.metadata, "after_create", _complete)


def _complete(_metadata: MetaData, connection: Connection, **_about) -> None:
    """Make what is missing; where the gradebook cannot be written just now, reading it is only slower."""
    with contextlib.suppress(DatabaseError):
        for index in INDEXES:
            connection.execute(CreateIndex(index, if_not_exists=True))
        if connection.dialect.name == "sqlite" and not _counted(connection):
            # Not knowing how few notebooks there are, SQLite begins with the marks. Of the other tables
            # it had better not know: with all of them counted, lists of submissions take six times as long and more.
            # https://www.sqlite.org/lang_analyze.html
            connection.execute(text("ANALYZE notebook"))


def _counted(connection: Connection) -> bool:
    """Return whether SQLite knows how many notebooks there are; of an empty table it never does."""
    if not connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")):
        return False
    return bool(connection.scalar(text("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'notebook'")))
