"""A QuerySet as a table: a real Django and a real SQLite, in a process of their own."""

import json
import subprocess
import sys

import pytest

# A script beside an app package, since a reverse relation needs an installed app.
MODELS = """
from django.db import models

class Author(models.Model):
    name = models.CharField(max_length=50)

class Book(models.Model):
    title = models.CharField(max_length=90)
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    price = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ["id"]
"""
SCRIPT = """
import json, sys, django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["shop"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()
from django.db import connection
from django.db.models import Count, F, Value
from shop.models import Author, Book
from revise.sandbox.display import queryset_bundle

with connection.schema_editor() as editor:
    editor.create_model(Author)
    editor.create_model(Book)
herbert, evil = Author.objects.create(name="Herbert"), Author.objects.create(name="<script>alert(1)</script>")
for number in range(25):
    Book.objects.create(title=f"Dune {number}", author=herbert, price=None if number else "9.50")
Book.objects.create(title="a\\nb\\x1b" + "x" * 90, author=evil)

fetched = Author.objects.all()
len(fetched)
shown = {}
for code in json.load(sys.stdin):
    queryset = eval(code)
    shown[code] = queryset_bundle(queryset)
    shown[code]["stays lazy"] = queryset._result_cache is None
json.dump(shown, sys.stdout)
"""
ALL = "Book.objects.all()"
FEW = "Book.objects.filter(id__lte=2)"
AUTHORS = "Author.objects.all()"
PREFETCHED = "Author.objects.prefetch_related('books')"
MANY_QUERIES = "Book.objects.only('title').prefetch_related('author')[:12]"
CODES = [
    *(ALL, FEW, AUTHORS, PREFETCHED, MANY_QUERIES, "fetched", "Book.objects.none()"),
    "Author.objects.annotate(n=Count('books')).order_by('id')",
    "Author.objects.values('name', n=Count('books')).order_by('-n')",
    "Author.objects.values_list('name', flat=True)",
    "Author.objects.values_list('id', 'name', named=True)",
    "Author.objects.values_list('name', F('id') + 1, 'id')",
    "Author.objects.filter(id=9).values('name')",
    "Author.objects.filter(id=9).annotate(x=Value(1))",
    "Author.objects.filter(id=1).union(Author.objects.filter(id=2)).order_by('id')",
    "Book.objects.defer('price', 'title')[:1]",
    "Book.objects.filter(title__startswith='a')",
    "Book.objects.select_related('author')[:1]",
]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Return the bundle of each QuerySet of ``CODES``, by its code."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").touch()
    (folder / "shop" / "models.py").write_text(MODELS)
    (folder / "main.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "main.py"],
        input=json.dumps(CODES),
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return json.loads(done.stdout)


def table(bundle):
    """Return the drawn table's lines, without the SQL."""
    return bundle["text/plain"].split("\n\n")[0].split("\n")


def test_text_is_a_table_with_its_sql(shown):
    assert shown[FEW]["text/plain"].split("\n") == [
        " id | title  | author_id | price",
        "----+--------+-----------+-------",
        "  1 | Dune 0 |         1 |  9.50",
        "  2 | Dune 1 |         1 |  None",
        "(2 rows)",
        "",
        "1 query (LIMIT 21 comes from showing it)",
        "",
        'SELECT "shop_book"."id", "shop_book"."title",',
        '       "shop_book"."author_id", "shop_book"."price"',
        'FROM "shop_book"',
        'WHERE "shop_book"."id" <= 2',
        'ORDER BY "shop_book"."id" ASC',
        "LIMIT 21",
    ]


def test_twenty_rows_are_shown_and_the_rest_counted(shown):
    lines = table(shown[ALL])
    assert len(lines) == 2 + 20 + 1
    assert lines[-1] == "(the first 20 of 26 rows)"
    assert "1 query" in shown[ALL]["text/plain"]
    assert "COUNT" not in shown[ALL]["text/plain"]
    assert shown[ALL]["text/html"].count("<tr>") == 1 + 20


def test_values_are_escaped(shown):
    html = shown[AUTHORS]["text/html"]
    assert "<script" not in html
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in html.replace(' class=""', "")


def test_a_long_value_is_one_short_line(shown):
    (line,) = table(shown["Book.objects.filter(title__startswith='a')"])[2:-1]
    title = line.split(" | ")[1]
    assert title == "a b␛" + "x" * 55 + "…"


def test_showing_leaves_the_queryset_lazy(shown):
    assert shown[ALL]["stays lazy"]
    assert shown[PREFETCHED]["stays lazy"]


def test_a_queryset_fetched_before_runs_nothing(shown):
    text = shown["fetched"]["text/plain"]
    assert "no query: the rows were fetched before" in text
    assert "Herbert" in text


def test_none_runs_nothing(shown):
    assert shown["Book.objects.none()"]["text/plain"] == (
        " id | title | author_id | price\n----+-------+-----------+-------\n(0 rows)\n\nno query"
    )


def test_queries_of_prefetching_are_counted_and_shown(shown):
    text = shown[PREFETCHED]["text/plain"]
    assert "\n2 queries " in text
    assert 'WHERE "shop_book"."author_id" IN (1,' in text


def test_many_queries_are_counted_and_folded(shown):
    """Does an N+1 show itself?"""
    assert "\n14 queries\n" in shown[MANY_QUERIES]["text/plain"]
    assert shown[MANY_QUERIES]["text/plain"].endswith("… 6 more queries")
    assert "<summary>SQL</summary>" in shown[MANY_QUERIES]["text/html"]


@pytest.mark.parametrize(
    ("code", "head", "first"),
    [
        ("Author.objects.annotate(n=Count('books')).order_by('id')", "id name n", "1 Herbert 25"),
        ("Author.objects.values('name', n=Count('books')).order_by('-n')", "name n", "Herbert 25"),
        ("Author.objects.values_list('name', flat=True)", "name", "Herbert"),
        ("Author.objects.values_list('id', 'name', named=True)", "id name", "1 Herbert"),
        (
            "Author.objects.values_list('name', F('id') + 1, 'id')",
            "name combinedexpression1 id",
            "Herbert 2 1",
        ),
        ("Author.objects.filter(id=9).values('name')", "name", "(0 rows)"),
        ("Author.objects.filter(id=9).annotate(x=Value(1))", "id name x", "(0 rows)"),
        (
            "Author.objects.filter(id=1).union(Author.objects.filter(id=2)).order_by('id')",
            "id name",
            "1 Herbert",
        ),
        ("Book.objects.defer('price', 'title')[:1]", "id author_id", "1 1"),
    ],
)
def test_columns_are_what_the_rows_have(shown, code, head, first):
    drawn = table(shown[code])
    assert drawn[0].replace("|", "").split() == head.split()
    assert drawn[2].replace("|", "").split() == first.split()


def test_no_column_costs_a_query(shown):
    """Does showing deferred fields or a foreign key run a query for each row?"""
    for code in (
        "Book.objects.defer('price', 'title')[:1]",
        "Book.objects.select_related('author')[:1]",
        ALL,
    ):
        assert "\n1 query" in shown[code]["text/plain"]
