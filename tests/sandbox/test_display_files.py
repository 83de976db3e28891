"""Trees, logs, frames and the results of commands."""

import re
from types import SimpleNamespace

import pytest

from revise.sandbox.display import Log, Tree, frame, log_bundle, result_bundle, shorten, tree_bundle


def lay(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


class TestTree:
    def test_it_is_drawn_as_tree_draws_it(self, tmp_path):
        lay(
            tmp_path / "library",
            "manage.py",
            "catalog/views.py",
            "catalog/templates/home.html",
            "library/urls.py",
        )
        assert tree_bundle(tmp_path / "library")["text/plain"].split("\n") == [
            "library/",
            "├── catalog/",
            "│   ├── templates/",
            "│   │   └── home.html",
            "│   └── views.py",
            "├── library/",
            "│   └── urls.py",
            "└── manage.py",
            "",
            "3 directories, 4 files",
        ]

    def test_what_running_leaves_behind_is_hidden(self, tmp_path):
        lay(
            tmp_path,
            "a.py",
            ".git/config",
            "__pycache__/a.pyc",
            "db.sqlite3",
            "db.sqlite3-wal",
            "server.log",
        )
        text = str(Tree(tmp_path))
        assert "└── a.py\n\n0 directories, 1 file" in text
        assert len(text.split("\n")) == 4

    def test_links_are_not_followed(self, tmp_path):
        """Does a link to its own folder end?"""
        (tmp_path / "loop").symlink_to(tmp_path)
        assert "└── loop\n" in str(Tree(tmp_path))

    def test_it_shows_the_files_of_now(self, tmp_path):
        tree = Tree(tmp_path)
        lay(tmp_path, "late.py")
        assert "late.py" in tree._repr_mimebundle_()["text/plain"]


class TestLog:
    def test_it_is_a_string(self):
        log = Log("GET / 200\nGET /x 404\n")
        assert str(log) == "GET / 200\nGET /x 404\n"
        assert "404" in log
        assert log.splitlines()[1] == "GET /x 404"

    def test_the_last_lines_are_shown(self):
        shown = (
            Log("".join(f"line {n}\n" for n in range(1, 101)))
            ._repr_mimebundle_()["text/plain"]
            .split("\n")
        )
        assert shown[0] == "… 60 earlier lines: print() shows the whole log"
        assert shown[1:] == [f"line {n}" for n in range(61, 101)]

    def test_tracebacks_in_it_are_short(self):
        log = Log(TRACEBACK.format(site="/x/site-packages", here="/y"))
        assert "… 2 frames of libraries" in log._repr_mimebundle_()["text/plain"]
        assert "/x/site-packages/django" in str(log)

    @pytest.mark.parametrize("text", ["", "\n"])
    def test_an_empty_log_says_so(self, text):
        assert log_bundle(text) == {"text/plain": "(the log is empty)"}


class TestFrame:
    def test_the_browser_chooses_the_address(self):
        html = frame("http://127.0.0.1:51234", "/admin/?next=/")._repr_mimebundle_()["text/html"]
        (tag,) = re.findall("<iframe[^>]*>", html)
        assert "src=" not in tag
        assert 'data-revise-page="http://127.0.0.1:51234/admin/?next=/"' in tag
        assert "proxy/${port}${path}" in html
        assert "JSON.parse(config.textContent)" in html
        assert "told.baseUrl" in html
        assert "!hub &&" in html  # on a hub through its proxy, whatever its name

    def test_a_plain_link_works_without_scripts(self):
        html = frame("http://127.0.0.1:51234", "books/")._repr_mimebundle_()["text/html"]
        assert (
            '<a data-revise-link href="http://127.0.0.1:51234/books/" target="_blank" rel="noopener">/books/</a>'
            in html
        )

    def test_the_path_cannot_leave_its_attribute(self):
        html = frame("http://127.0.0.1:1", '/"><script>alert(1)</script>')._repr_mimebundle_()[
            "text/html"
        ]
        assert html.count("<script") == 1
        assert "&quot;&gt;&lt;script&gt;alert" in html

    def test_text_names_the_path_and_no_port(self):
        text = frame("http://127.0.0.1:51234", "/admin/")._repr_mimebundle_()["text/plain"]
        assert text == "/admin/ (run this cell in JupyterLab to see the page)"

    def test_two_runs_differ_in_the_port_alone(self):
        one, other = (
            frame(f"http://127.0.0.1:{port}", "/")._repr_mimebundle_() for port in (8001, 8002)
        )
        assert one["text/html"].replace("8001", "8002") == other["text/html"]

    def test_a_url_without_a_port_is_refused(self):
        with pytest.raises(ValueError, match=r"needs a URL with a port, not 'http://example\.org'"):
            frame("http://example.org")._repr_mimebundle_()


def result(stdout="", stderr="", returncode=0, display=None):
    return SimpleNamespace(stdout=stdout, stderr=stderr, returncode=returncode, display=display)


class TestResult:
    def test_stdout_alone_is_plain_text(self):
        assert result_bundle(result("No changes detected\n")) == {
            "text/plain": "No changes detected"
        }

    def test_it_reads_as_in_a_terminal(self):
        bundle = result_bundle(result("Applying…\n", "CommandError: <b>no</b>\n", 1))
        assert bundle["text/plain"] == "Applying…\nCommandError: <b>no</b>\nexit status 1"
        assert (
            '<pre class="rv-bad">CommandError: &lt;b&gt;no&lt;/b&gt;</pre>' in bundle["text/html"]
        )
        assert '<pre class="rv-bad">exit status 1</pre>' in bundle["text/html"]

    def test_the_last_expression_follows_what_was_printed(self):
        display = {"text/plain": "a table", "text/html": "<table></table>"}
        bundle = result_bundle(result("printed\n", display=display))
        assert bundle["text/plain"] == "printed\na table"
        assert bundle["text/html"].endswith("<pre>printed</pre><table></table></div>")

    def test_an_expression_without_html_stays_text(self):
        assert result_bundle(result(display={"text/plain": "3"})) == {"text/plain": "3"}

    def test_silence_is_said(self):
        assert result_bundle(result(display={})) == {"text/plain": "(no output)"}

    def test_a_long_output_folds_its_beginning(self):
        bundle = result_bundle(result("".join(f"{n}\n" for n in range(100)), returncode=1))
        assert "<summary>40 earlier lines</summary><pre>0\n1\n" in bundle["text/html"]
        assert "</details><pre>40\n" in bundle["text/html"]
        assert bundle["text/plain"].startswith("0\n1\n")


TRACEBACK = """\
Traceback (most recent call last):
  File "{site}/django/core/handlers/base.py", line 197, in _get_response
    response = wrapped_callback(request)
               ^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{site}/django/core/x.py", line 2, in f
    g()
  [Previous line repeated 996 more times]
  File "{here}/sandbox/library/catalog/views.py", line 12, in book_list
    return render(bok)
                  ^^^
NameError: name 'bok' is not defined

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "{site}/django/y.py", line 3, in h
    raise
RuntimeError: two lines
  of words
"""


def test_a_traceback_keeps_the_learners_lines(tmp_path):
    text = TRACEBACK.format(site="/home/me/.venv/lib/python3.11/site-packages", here=tmp_path)
    assert shorten(text, tmp_path).split("\n") == [
        "Traceback (most recent call last):",
        "  … 2 frames of libraries",
        '  File "sandbox/library/catalog/views.py", line 12, in book_list',
        "    return render(bok)",
        "                  ^^^",
        "NameError: name 'bok' is not defined",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        "  … 1 frame of libraries",
        "RuntimeError: two lines",
        "  of words",
        "",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "No changes detected", '  File "x.py", line 1\n    x=\n     ^\nSyntaxError: invalid'],
)
def test_other_text_stays_as_it_is(text):
    assert shorten(text) == text


def test_the_package_knows_its_names_only():
    from revise.sandbox import display

    assert callable(display.queryset_bundle)
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        display.nonsense  # noqa: B018
