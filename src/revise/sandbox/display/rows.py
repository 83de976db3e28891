"""The rows of an SQL statement as a table, as psql draws it; a plan as text."""

from .markup import escape, page, pre, span, visible
from .queryset import SHOWN_ROWS, Table, are_numbers, caption, cell, drawn_html, drawn_text

PLAN = ["QUERY PLAN"]


def rows_bundle(columns, rows):
    """Return the MIME bundle of the rows of a statement; the first twenty are shown."""
    if columns == PLAN and all(isinstance(row[0], str) for row in rows):
        text = visible("\n".join(row[0] for row in rows))
        return {"text/plain": text, "text/html": page(pre(text))}
    shown = rows[:SHOWN_ROWS]
    by_column = enumerate(zip(*shown, strict=True))
    table = Table(
        columns=[visible(name) for name in columns],
        rows=[["" if value is None else cell(value) for value in row] for row in shown],
        numbers={place for place, values in by_column if are_numbers(values)},
        total=len(rows),
    )
    said = f"({caption(table)})"
    return {
        "text/plain": f"{drawn_text(table)}\n{said}",
        "text/html": page(drawn_html(table), f"<p>{span(escape(said), 'rv-dim')}</p>"),
    }
