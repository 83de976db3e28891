"""Write a report: a page and a table beside it, each whole or not at all."""

from datetime import datetime
from pathlib import Path

from revise import files
from revise.errors import ReportNotWritten
from revise.grading.reporting.figures import Report
from revise.grading.reporting.page import GENERATOR, as_html
from revise.grading.reporting.table import FIRST, as_csv

ENDINGS = (".html", ".htm")
# With its mark, without which Excel takes UTF-8 for something else.
CSV_ENCODING = "utf-8-sig"
PAGE_HEAD = 1000


def write(report: Report, output: Path) -> tuple[Path, Path]:
    """Write the page and the table of ``report``; return where they are.

    ``output`` is the page, or a folder: one that is there, or whose name has no ending. Raises
    ``ReportNotWritten``, also where it would overwrite a file that is no report.
    """
    is_folder = output.is_dir() or not output.suffix
    page = output / f"{report.name}.html" if is_folder else output
    if page.suffix.lower() not in ENDINGS:
        raise ReportNotWritten.at(page, f"a page's name ends in {ENDINGS[0]}")
    table = page.with_suffix(".csv")
    _refuse_foreign(page, GENERATOR)
    _refuse_foreign(table, ",".join(FIRST))
    _write(table, as_csv(report), CSV_ENCODING)
    _write(page, as_html(report, datetime.now()), "utf-8")
    return page, table


def _refuse_foreign(path: Path, mark: str) -> None:
    """Raise ``ReportNotWritten`` when there is a file at ``path`` whose beginning lacks ``mark``."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            ours = mark in file.read(PAGE_HEAD)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ReportNotWritten.at(path, error.strerror) from None
    if not ours:
        raise ReportNotWritten.over(path)


def _write(path: Path, text: str, encoding: str) -> None:
    try:
        files.replace(path, text.encode(encoding, errors="replace"))
    except OSError as error:
        raise ReportNotWritten.at(path, error.strerror) from None
