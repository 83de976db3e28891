"""A QuerySet as a table, with the SQL that fetched it.

As Django's own ``repr`` does, showing a QuerySet asks for 21 rows and caches nothing: the
QuerySet stays as lazy as it was. Columns hold what the row has; a foreign key shows as its id
(``author_id``), because showing the author would run a query for each row.

Used in the kernel and in the project's forked shell: it imports Django only when called.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .markup import count, details, escape, page, pre, span, visible

SHOWN_ROWS = 20
SHOWN_QUERIES = 8
WIDEST_CELL = 60


@dataclass
class Table:
    """Columns and rows as text, which columns hold numbers, and what it took to fetch them."""

    columns: list
    rows: list
    numbers: set = field(default_factory=set)
    total: int = 0
    queries: list = field(default_factory=list)
    fetched_before: bool = False


def queryset_bundle(queryset):
    """Return the MIME bundle of a Django QuerySet; runs its query, and a count when rows are left out.

    Raises what the database raises (``OperationalError``, ``SynchronousOnlyOperation`` in a
    kernel that is not set up for the ORM): the caller shows that as an error of the learner's.
    """
    table = fetch(queryset)
    return {"text/plain": as_text(table), "text/html": as_html(table)}


def fetch(queryset):
    """Run the QuerySet and return its `Table`."""
    from django.db import connections

    recorder = _Recorder(connections[queryset.db])
    # One row more than is shown tells whether there are more.
    # An evaluated QuerySet serves its slice from its cache: then no query runs, and none is shown.
    cached = queryset._result_cache is not None
    with recorder.connection.execute_wrapper(recorder):
        rows = list(queryset[: SHOWN_ROWS + 1])
    # Not recorded: the learner's QuerySet did not ask for it.
    total = queryset.count() if len(rows) > SHOWN_ROWS else len(rows)
    columns = column_names(queryset, rows)
    values = [row_values(row, columns) for row in rows[:SHOWN_ROWS]]
    return Table(
        columns=[visible(name) for name in columns],
        rows=[[cell(value) for value in row] for row in values],
        numbers={
            place for place, column in enumerate(zip(*values, strict=True)) if are_numbers(column)
        },
        total=total,
        queries=recorder.queries,
        fetched_before=cached,
    )


class _Recorder:
    """Keeps the SQL of what runs on a connection (Django's "database instrumentation")."""

    def __init__(self, connection):
        self.connection = connection
        self.queries = []

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        # With its parameters in place, as the database had it.
        self.queries.append(self.connection.ops.last_executed_query(context["cursor"], sql, params))
        return result


def column_names(queryset, rows):
    """Return the columns: keys of ``.values()``, places of ``.values_list()``, or fields in hand."""
    query = queryset.query
    named = list(
        getattr(query, "selected", None)
        or (*query.extra_select, *query.values_select, *query.annotation_select)
    )
    fields = [each.attname for each in queryset.model._meta.concrete_fields]
    if not rows:
        # Only .values() and .values_list() select by name; a plain QuerySet's names are annotations.
        return named if query.values_select else fields + named
    first = rows[0]
    if hasattr(first, "_meta"):
        # only() and defer() leave fields out; reading one would run a query for each row.
        return [name for name in fields if name not in first.get_deferred_fields()] + named
    if isinstance(first, dict):
        return list(first)
    if not isinstance(first, tuple):
        return named[:1] or ["value"]
    names = list(getattr(first, "_fields", named))
    return names if len(names) == len(first) else [str(number) for number in range(len(first))]


def row_values(row, columns):
    """Return the row's values in the order of the columns."""
    if hasattr(row, "_meta"):
        return [getattr(row, name) for name in columns]
    if isinstance(row, dict):
        return [row.get(name) for name in columns]
    return list(row) if isinstance(row, tuple) else [row]


def are_numbers(values):
    """Say whether a column is numbers; NULL may be among them."""
    kinds = {type(value) for value in values} - {type(None)}
    return bool(kinds) and kinds <= {int, float, Decimal}


def cell(value):
    """Return a value as one short line."""
    text = " ".join(visible(value).split("\n"))
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 1] + "…"


def caption(table):
    """Return ``3 books``, or ``the first 20 of 1,234 rows``."""
    if table.total > len(table.rows):
        return f"the first {len(table.rows)} of {table.total:,} rows"
    return count(table.total, "row")


def cost(table):
    """Return how many queries ran, in words, and which part of the SQL is not the learner's."""
    if table.queries:
        ran = count(len(table.queries), "query")
        limit = f"LIMIT {SHOWN_ROWS + 1}"
        return f"{ran} ({limit} comes from showing it)" if limit in table.queries[0] else ran
    return "no query: the rows were fetched before" if table.fetched_before else "no query"


def readable(sql):
    """Return the SQL on several lines; as it is where it is too long to be worth it."""
    import sqlparse

    try:
        return visible(
            sqlparse.format(str(sql), reindent=True, wrap_after=50, strip_whitespace=True)
        )
    except sqlparse.exceptions.SQLParseError:
        return visible(sql)


def statements(table):
    """Return the SQL of the queries, the first few in full."""
    shown = [readable(sql) for sql in table.queries[:SHOWN_QUERIES]]
    if len(table.queries) > SHOWN_QUERIES:
        shown.append(f"… {count(len(table.queries) - SHOWN_QUERIES, 'more query')}")
    return "\n\n".join(shown)


def drawn_text(table):
    """Return the columns and rows, aligned as psql aligns them."""
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]

    def line(cells):
        placed = (
            text.rjust(width) if place in table.numbers else text.ljust(width)
            for place, (text, width) in enumerate(zip(cells, widths, strict=True))
        )
        return (" " + " | ".join(placed)).rstrip()

    rule = "+".join("-" * (width + 2) for width in widths)
    return "\n".join([line(table.columns), rule, *map(line, table.rows)])


def as_text(table):
    """Return the table with aligned columns, what it took, and the SQL."""
    drawn = drawn_text(table)
    return "\n\n".join(
        filter(None, [f"{drawn}\n({caption(table)})", cost(table), statements(table)])
    )


def drawn_html(table):
    """Return the columns and rows as an HTML table."""
    css = ["rv-number" if place in table.numbers else "" for place in range(len(table.columns))]
    head = "".join(
        f'<th class="{name}">{escape(text)}</th>'
        for name, text in zip(css, table.columns, strict=True)
    )
    rows = (
        "<tr>"
        + "".join(
            f'<td class="{name}">{escape(text)}</td>' for name, text in zip(css, row, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    drawn = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<div class="rv-wide">{drawn}</div>'


def as_html(table):
    """Return the table, the SQL under it."""
    sql = statements(table)
    return page(
        drawn_html(table),
        f"<p>{span(f'{caption(table)} · {cost(table)}', 'rv-dim')}</p>",
        pre(sql) if len(table.queries) <= 3 else details("SQL", pre(sql)),
    )
