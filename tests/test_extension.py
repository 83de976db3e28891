"""``%load_ext revise`` in a real IPython shell, and in a real kernel."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

# The shell is a singleton (ipytest asks IPython for it), so each scenario has its own process.
RUN = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor", history_load_length=0)
shell.history_manager.enabled = False
shell.run_line_magic("load_ext", "revise.extension")
for cell in sys.stdin.read().split("# cell\\n"):
    shell.run_cell(cell, store_history=True)
    print("-- end of cell")
"""


def run(*cells, tmp_path):
    """Run the cells; return what each printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:revise", "-c", RUN],
        input="# cell\n".join(cells),
        env={
            "PATH": "/usr/bin:/bin",
            "IPYTHONDIR": str(tmp_path),
            "PYTHONPATH": ":".join(filter(None, sys.path)),
        },
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stderr == ""
    return [part.strip("\n") for part in done.stdout.split("-- end of cell\n")][:-1]


CHECK = """\
status = 200
assert status == 404, (
    f"GET /books/99/ returned {status}, expected 404: there is no book 99. "
    "Look at the lookup in book_detail."
)
"""


@pytest.fixture
def cells(tmp_path):
    return lambda *sources: run(*sources, tmp_path=tmp_path)


def test_a_failing_check_says_its_words_first(cells):
    (shown,) = cells(CHECK)
    assert shown.split("\n") == [
        "✗ GET /books/99/ returned 200, expected 404: there is no book 99. Look at",
        "  the lookup in book_detail.",
        "",
        "    assert 200 == 404",
        "",
        "In[1], line 2:  assert status == 404",
    ]


def test_a_check_without_words_shows_what_was_compared(cells):
    (shown,) = cells(
        "class R:\n    code = 3\n    __repr__ = lambda self: 'R()'\nassert R().code == 4"
    )
    lines = shown.split("\n")
    assert lines[0] == "✗ assert 3 == 4"
    assert "     +  where 3 = R().code" in lines
    assert lines[-1] == "In[1], line 4:  assert R().code == 4"


def test_words_of_several_lines_stay_whole(cells):
    (shown,) = cells("assert 1 == 2, 'first\\nassert that\\nthird'")
    assert shown.split("\n") == [
        "✗ first",
        "  assert that",
        "  third",
        "",
        "    assert 1 == 2",
        "",
        "In[1], line 1:  assert 1 == 2",
    ]


def test_an_assert_in_the_learners_function_shows_both_places(cells):
    _, shown = cells("def f(x):\n    assert x > 0, 'x must be positive'\n", "f(-1)")
    assert shown.startswith("✗ x must be positive\n\n    assert -1 > 0\n")
    assert shown.endswith("In[2], line 1:  f(-1)\nIn[1], line 2:  assert x > 0")


def test_an_assert_in_a_learners_file_names_the_file(cells, tmp_path):
    (tmp_path / "mine.py").write_text("def f():\n    assert False, 'not here'\n")
    (shown,) = cells("import sys; sys.path.insert(0, '')\nfrom mine import f\nf()")
    assert shown.endswith("In[1], line 3:  f()\nmine.py, line 2:  assert False")


def test_an_assert_in_a_library_keeps_its_traceback(cells):
    (shown,) = cells("from unittest.mock import Mock\nMock().assert_called()")
    assert "Traceback (most recent call last)" in shown
    assert "unittest/mock.py" in shown


def test_other_exceptions_keep_their_traceback(cells):
    (shown,) = cells("1 / 0")
    assert "ZeroDivisionError                         Traceback (most recent call last)" in shown
    (shown,) = cells("raise NotImplementedError('later')")
    assert "Traceback (most recent call last)" in shown


def test_an_unwritten_answer_is_not_attempted(cells):
    stub = 'raise NotImplementedError("YOUR CODE HERE")'
    top, _, called = cells(stub, f"def due_date(day):\n    {stub}", "due_date(1)")
    assert top.startswith("○ not attempted: this cell still says YOUR CODE HERE.")
    assert called.startswith("○ not attempted: due_date() still says YOUR CODE HERE.")
    assert called.endswith(f"In[3], line 1:  due_date(1)\nIn[2], line 2:  {stub}")


def test_errors_of_the_course_are_one_clear_line(cells):
    sandbox, blank, timeout = cells(
        "from revise import errors\nraise errors.PortInUse.number(8000)",
        "raise errors.NotAttempted.in_file('catalog/views.py')",
        "raise errors.CommandTimeout.after('manage.py x', 10, 'a.py line 3', '')",
    )
    assert sandbox.split("\n\n")[0] == (
        "✗ the sandbox failed, not your answer: port 8000 is taken by another\n"
        "  program. Leave port out to get a free one, or stop that program."
    )
    assert blank.startswith("○ not attempted: catalog/views.py still says YOUR CODE HERE.")
    assert timeout.startswith("✗ manage.py x did not end within 10 s, it was at a.py line 3\n")
    assert all("Traceback" not in each for each in (sandbox, blank, timeout))


def test_the_exception_is_left_as_it_was_raised(cells):
    _, shown = cells(
        CHECK,
        "import sys, pickle\nprint(vars(sys.last_value), pickle.loads(pickle.dumps(sys.last_value)).args[0][:4])",
    )
    assert shown == "{} GET "


def test_loading_twice_is_loading_once_and_unloading_undoes_it(cells):
    state = "sh = get_ipython(); print(len(sh.ast_transformers), len(sh.custom_exceptions))"
    load, unload = "%load_ext revise.extension", "%unload_ext revise.extension"
    first, _, again, _, gone, bare, _, back = cells(
        state, load, state, unload, state, "assert 1 == 2, 'words'", load, state
    )
    assert first == again == back == "1 3"
    assert gone == "0 0"
    assert "Traceback" in bare
    assert "assert 1 == 2" in bare
    assert "✗" not in bare


def test_unloading_keeps_what_the_notebook_had_set_up(tmp_path):
    before = (
        "import ipytest; ipytest.config(rewrite_asserts=True);"
        "f = get_ipython().display_formatter.mimebundle_formatter;"
        "mine = lambda thing: {'text/plain': 'mine'};"
        "f.for_type_by_name('requests.models', 'Response', mine)"
    )
    after = "print(len(get_ipython().ast_transformers), f.lookup_by_type('requests.models.Response') is mine)"
    unload, load = "%unload_ext revise.extension", "%load_ext revise.extension"
    assert run(unload, before, load, unload, after, tmp_path=tmp_path)[-1] == "1 True"


def test_loading_imports_neither_django_nor_requests(cells):
    (shown,) = cells(
        "import sys; print([name for name in ('django', 'requests', 'sqlparse') if name in sys.modules])"
    )
    assert shown == "[]"


def test_a_response_shows_itself(cells):
    made = "import requests\nr = requests.Response(); r.status_code = 204; r._content = b''\n"
    (shown,) = cells(made + "print(get_ipython().display_formatter.format(r)[0]['text/plain'])")
    assert shown == "(no request)\nHTTP/1.1 204\n\n(no body)"


def test_what_cannot_be_shown_shows_its_repr(cells):
    (shown,) = cells("import requests\nodd = requests.Response()\nodd.history = None\nodd")
    assert shown == "Out[1]: <Response [None]>"


DJANGO = """\
import os, django
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
                   INSTALLED_APPS=["django.contrib.contenttypes"])
django.setup()
from django.contrib.contenttypes.models import ContentType
types = ContentType.objects.order_by("id")
"""


def test_an_error_of_the_database_is_shown_once(cells):
    """Is the learner's error Django's own, once, without our frames?"""
    (shown,) = cells(DJANGO + "types")
    assert shown.endswith("OperationalError: no such table: django_content_type")
    assert shown.count("was the direct cause of the following") == 1
    assert "revise" not in shown


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """Return the outputs of each cell, run in a real kernel."""
    sources = [
        "%load_ext revise.extension",
        CHECK,
        DJANGO + "types",
        "os.environ['DJANGO_ALLOW_ASYNC_UNSAFE'] = 'true'\nfrom django.db import connection\n"
        "with connection.schema_editor() as editor:\n    editor.create_model(ContentType)\n"
        "ContentType.objects.create(app_label='<script>', model='b')\ntypes",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    book = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(book, allow_errors=True, timeout=60).execute(
        cwd=str(tmp_path_factory.mktemp("book"))
    )
    return [cell.outputs for cell in book.cells]


def test_a_kernel_sends_an_error_output(notebook):
    """Do nbgrader and nbval see the failure?"""
    (output,) = notebook[1]
    assert output.output_type == "error"
    assert output.ename == "AssertionError"
    assert output.evalue.startswith("GET /books/99/ returned 200, expected 404")
    assert "".join(output.traceback).startswith("\x1b[1m✗ GET /books/99/ returned 200")
    assert len("\n".join(output.traceback).split("\n")) < 8


def test_the_orm_in_a_kernel_is_refused_by_django_itself(notebook):
    (output,) = notebook[2]
    assert output.ename == "SynchronousOnlyOperation"
    assert "revise" not in "".join(output.traceback)


def test_a_queryset_in_a_kernel_is_a_table(notebook):
    (output,) = notebook[3]
    assert output.output_type == "execute_result"
    assert output.data["text/plain"].startswith(
        " id | app_label | model\n----+-----------+-------\n  1 | <script>  | b\n"
    )
    assert '<td class="">&lt;script&gt;</td>' in output.data["text/html"]
