"""The server: always fresh, always answering, whatever the learner's code does."""

import concurrent.futures
import os
import shutil
import signal
import socket
import time

import pytest
import requests

from revise import said

PLAIN = "from django.http import HttpResponse\n\ndef home(request):\n    return HttpResponse({})\n"


@pytest.fixture
def session(library):
    return library.session()


def line_of(library, text):
    """Return the number of the last line of ``catalog/views.py`` that holds ``text``."""
    lines = library.read("catalog/views.py").splitlines()
    return max(number for number, line in enumerate(lines, 1) if text in line)


class TestFreshness:
    def test_a_saved_file_is_served_at_once(self, session, view):
        for text in ("one", "two", "three"):
            view(PLAIN.format(repr(text)))
            assert session.get("/").text == text

    def test_the_first_connection_after_a_save_ends_for_its_client(self, session, view, library):
        """Does the worker that the request had started hold no second end of it?"""
        view(PLAIN.format("'before'"))
        session.get("/")
        view(PLAIN.format("'after'"))
        port = int(library.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            received = b"".join(iter(lambda: connection.recv(4096), b""))
        assert received.endswith(b"after")

    def test_two_saves_in_one_second_of_one_size_are_told_apart(self, session, view, library):
        path = library.path / "catalog/views.py"
        for text in "abcdef":
            view(PLAIN.format(repr(text)))
            os.utime(path, (1_800_000_000, 1_800_000_000))
            assert session.get("/").text == text

    def test_byte_code_from_a_terminal_is_never_run(self, session, view, library):
        """A terminal's ``python manage.py`` writes it, dated to the second."""
        import py_compile

        path = library.path / "catalog/views.py"
        view(PLAIN.format("'old'"))
        os.utime(path, (1_800_000_000, 1_800_000_000))
        py_compile.compile(str(path))
        view(PLAIN.format("'new'"))
        os.utime(path, (1_800_000_000, 1_800_000_000))
        assert session.get("/").text == "new"
        assert (
            library.shell("from catalog.views import home; home(None).content.decode()").value
            == "new"
        )

    def test_a_template_and_a_static_file_are_fresh_too(self, session, write):
        for text in ("first", "other"):
            write("catalog/templates/catalog/home.html", text)
            write("catalog/static/catalog/note.txt", text)
            assert session.get("/").text == text
            assert session.get("/static/catalog/note.txt").text == text

    def test_a_file_that_comes_or_goes_counts(self, session, view, library, write):
        view(
            "from django.http import HttpResponse\ntry:\n    from .extra import TEXT\nexcept ImportError:\n    TEXT = 'none'\n\ndef home(request):\n    return HttpResponse(TEXT)\n"
        )
        assert session.get("/").text == "none"
        write("catalog/extra.py", "TEXT = 'here'\n")
        assert session.get("/").text == "here"
        (library.path / "catalog/extra.py").unlink()
        assert session.get("/").text == "none"

    def test_what_a_view_keeps_in_memory_stays_while_no_file_is_saved(self, session, view):
        view(
            "import itertools\nfrom django.http import HttpResponse\ncount = itertools.count(1)\n\ndef home(request):\n    return HttpResponse(next(count))\n"
        )
        assert [session.get("/").text for _ in range(3)] == ["1", "2", "3"]

    def test_a_row_saved_by_a_view_loads_nothing_again(self, session, view, library):
        view(
            "import os\nfrom django.http import HttpResponse\n\ndef home(request):\n    Book.objects.filter(pk=1).update(copies=5)\n    print('seen')\n    return HttpResponse(os.getpid())\n"
        )
        assert session.get("/").text == session.get("/").text


class TestBrokenProject:
    @pytest.mark.parametrize(
        "path",
        [
            "library/settings.py",
            "library/urls.py",
            "library/asgi.py",
            "catalog/models.py",
            "catalog/views.py",
            "catalog/admin.py",
            "catalog/apps.py",
            "catalog/urls.py",
            "members/models.py",
        ],
    )
    def test_a_syntax_error_in_any_file_is_answered_and_mended(self, session, library, write, path):
        assert session.get("/books/").status_code == 200
        good = library.read(path)
        write(path, good + "\n\ndef broken(:\n")
        line = len(good.splitlines()) + 3
        response = session.get("/books/")
        assert (
            said(response)
            == f"GET /books/ returned 500 (SyntaxError: invalid syntax, {path} line {line})"
        )
        assert "def broken(:" in response.text
        write(path, good)
        assert session.get("/books/").status_code == 200

    def test_an_import_loop_is_answered(self, session, write, library):
        write("catalog/one.py", "from .two import b\na = 1\n")
        write("catalog/two.py", "from .one import a\nb = 2\n")
        write("catalog/urls.py", "from . import one\n" + library.read("catalog/urls.py"))
        text = said(session.get("/"))
        assert text.startswith(
            "GET / returned 500 (ImportError: cannot import name 'a' from partially initialized module 'catalog.one'"
        )
        assert text.endswith("(catalog/one.py), catalog/two.py line 1)")

    def test_a_bad_setting_is_answered(self, session, write, library):
        write(
            "library/settings.py",
            library.read("library/settings.py") + "\nINSTALLED_APPS += ['nowhere']\n",
        )
        assert (
            said(session.get("/"))
            == "GET / returned 500 (ModuleNotFoundError: No module named 'nowhere')"
        )

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("import sys; sys.exit('no')", "500 (SystemExit: no, catalog/models.py line 1)"),
            (
                "import os; os._exit(3)",
                "502 (the server process ended with exit status 3 while it was loaded)",
            ),
        ],
    )
    def test_an_exit_at_import_is_answered(self, session, write, library, code, words):
        good = library.read("catalog/models.py")
        write("catalog/models.py", f"{code}\n{good}")
        assert said(session.get("/")) == f"GET / returned {words}"
        write("catalog/models.py", good)
        assert session.get("/").status_code == 200

    def test_an_endless_import_is_answered_and_tried_again_once_mended(
        self, impatient, session, write, library
    ):
        good = library.read("catalog/models.py")
        write("catalog/models.py", f"while True:\n    pass\n{good}")
        for _ in range(3):  # the second and third are told at once
            response = session.get("/")
            assert response.status_code == 504
            assert "the project was not loaded within 2 s, catalog/models.py line" in said(response)
        write("catalog/models.py", good)
        assert session.get("/").status_code == 200

    def test_a_failing_database_is_told_with_the_learners_line(self, session, library, view):
        view(
            "from django.shortcuts import render\n\ndef home(request):\n    Book.objects.raw('nonsense')[0]\n"
        )
        line = line_of(library, "nonsense")
        assert said(session.get("/")) == (
            f'GET / returned 500 (OperationalError: near "nonsense": syntax error, catalog/views.py line {line})'
        )

    def test_the_body_of_a_large_request_is_taken_before_the_answer(self, session, write):
        write("catalog/views.py", "broken(")
        assert session.post("/", data=b"x" * 3_000_000).status_code == 500

    def test_head_is_answered_without_a_body(self, session, write):
        write("catalog/views.py", "broken(")
        assert session.head("/").status_code == 500


@pytest.mark.usefixtures("impatient")
class TestViewsThatNeverReturn:
    @pytest.mark.parametrize(
        "code",
        [
            "def home(request):\n    while True:\n        pass  # here\n",
            "import time\n\ndef home(request):\n    time.sleep(600)  # here\n",
            "async def home(request):\n    while True:\n        pass  # here\n",
            "import asyncio\n\nasync def home(request):\n    await asyncio.sleep(600)  # here\n",
            "import asyncio\n\nasync def wait():\n    await asyncio.Event().wait()  # here\n\nasync def home(request):\n    await wait()\n",
        ],
        ids=["sync loop", "sync sleep", "async loop", "async sleep", "awaits for ever"],
    )
    def test_it_is_answered_with_the_line_where_it_hung(self, session, library, view, code):
        view(code)
        response = session.get("/?page=1")
        place = line_of(library, "here")
        text = said(response)
        assert response.status_code == 504
        # A loop is met on either of its lines.
        assert text in {
            f"GET /?page=1 returned 504 (no answer within 2 s, catalog/views.py line {line})"
            for line in (place, place - 1)
        }
        assert session.get("/books/").status_code == 200

    def test_others_are_answered_meanwhile(self, session, library, view):
        view("import time\n\ndef home(request):\n    time.sleep(600)\n")
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            slow = pool.submit(session.get, "/")
            time.sleep(0.3)
            assert library.session().get("/books/").status_code == 200
            assert slow.result().status_code == 504

    def test_one_that_blocks_the_loop_costs_the_waiting_ones_nothing_but_time(
        self, session, library, view
    ):
        view("import time\n\nasync def home(request):\n    time.sleep(600)\n")
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            slow = pool.submit(session.get, "/")
            time.sleep(0.5)
            waiting = [pool.submit(library.session().get, "/books/") for _ in range(2)]
            assert slow.result().status_code == 504
            assert [each.result().status_code for each in waiting] == [200, 200]

    def test_a_stream_that_stops_is_cut_off(self, session, view):
        view(
            "import asyncio\nfrom django.http import StreamingHttpResponse\n\n"
            "async def parts():\n    yield 'begun '\n    await asyncio.sleep(600)\n\n"
            "async def home(request):\n    return StreamingHttpResponse(parts())\n"
        )
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            session.get("/")
        assert session.get("/books/").status_code == 200

    def test_a_stream_that_goes_on_is_not(self, session, view):
        view(
            "import asyncio\nfrom django.http import StreamingHttpResponse\n\n"
            "async def parts():\n    for number in range(7):\n        yield str(number)\n        await asyncio.sleep(0.5)\n\n"
            "async def home(request):\n    return StreamingHttpResponse(parts())\n"
        )
        assert session.get("/").text == "0123456"

    def test_a_client_that_sends_nothing_hurts_nobody(self, session, library):
        host, port = library.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as idle:
            time.sleep(2.5)
            assert session.get("/books/").status_code == 200
            idle.sendall(b"GET /books/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(15) == b"HTTP/1.1 200 OK"

    def test_a_client_that_sends_half_a_request_is_told(self, session, library):
        host, port = library.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"GET /books/ HTTP/1.1\r\nHo")
            assert slow.recv(100).startswith(b"HTTP/1.1 408 Request Timeout")
        assert session.get("/books/").status_code == 200


class TestDeath:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("os._exit(3)", "ended with exit status 3"),
            ("os.kill(os.getpid(), 9)", "was killed by SIGKILL"),
            ("ctypes.string_at(0)", "was killed by SIGSEGV"),
        ],
    )
    def test_a_view_that_ends_the_process_is_answered(self, session, view, code, words):
        view(f"import os, ctypes\n\ndef home(request):\n    {code}\n")
        response = session.get("/")
        assert said(response) == f"GET / returned 502 (the server process {words})"
        assert session.get("/books/").status_code == 200

    def test_a_killed_supervisor_is_started_again_at_the_same_address(self, library):
        url = library.url
        assert requests.get(f"{url}/books/").status_code == 200
        assert library._server.alive
        os.kill(library._server.child.pid, signal.SIGKILL)
        time.sleep(0.3)
        assert library.url == url
        assert requests.get(f"{library.url}/books/").status_code == 200

    def test_each_http_connection_is_closed_so_that_the_next_request_is_fresh(self, session):
        assert session.get("/books/").headers["Connection"] == "close"

    def test_what_is_no_http_is_refused_and_hurts_nobody(self, session, library):
        host, port = library.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as other:
            other.sendall(b"\x16\x03\x01 hello\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 400")
            assert other.recv(100) is not None
        assert session.get("/books/").status_code == 200


class TestLog:
    def test_it_holds_requests_prints_and_tracebacks(self, session, view, library):
        view(
            "import sys\n\ndef home(request):\n    print('to stdout')\n    print('to stderr', file=sys.stderr)\n    return nothing\n"
        )
        session.get("/?q=1")
        log = str(library.log)
        assert '"GET /?q=1 HTTP/1.1" 500 Internal Server Error' in log
        assert "to stdout\n" in log
        assert "to stderr\n" in log
        assert "NameError: name 'nothing' is not defined" in log
        assert (library.path / "server.log").read_text() == log

    def test_a_traceback_is_there_without_debug_too(self, session, view, write, library):
        write(
            "library/settings.py",
            library.read("library/settings.py").replace("DEBUG = True", "DEBUG = False"),
        )
        view("def home(request):\n    return nothing\n")
        assert "NameError: name 'nothing' is not defined, catalog/views.py" in said(
            session.get("/")
        )
        assert "NameError: name 'nothing' is not defined" in str(library.log)

    def test_requests_are_logged_where_the_project_sets_its_own_logging(
        self, session, write, library
    ):
        write(
            "library/settings.py",
            library.read("library/settings.py")
            + "\nLOGGING = {'version': 1, 'disable_existing_loggers': True}\n",
        )
        session.get("/books/")
        assert '"GET /books/ HTTP/1.1" 200' in str(library.log)


class TestPages:
    def test_static_files_are_served(self, session):
        response = session.get("/static/catalog/library.css")
        assert response.headers["Content-Type"].startswith("text/css")
        assert session.get("/static/admin/css/base.css").status_code == 200
        assert session.get("/static/nothing.css").status_code == 404

    def test_a_page_may_be_framed_by_a_browser_only(self, session):
        by_hand = session.get("/admin/login/")
        framed = session.get("/admin/login/", headers={"Sec-Fetch-Dest": "iframe"})
        assert by_hand.headers["X-Frame-Options"] == "DENY"
        assert "X-Frame-Options" not in framed.headers

    def test_behind_jupyters_proxy_links_forms_and_files_stay_below_it(self, session):
        hub = {"Host": "hub.example.org", "X-Forwarded-Context": "/user/me/proxy/8000"}
        page = session.get("/admin/login/", headers=hub)
        assert page.status_code == 200
        # A hub without TLS gets no word from the browser that this is a frame.
        assert "X-Frame-Options" not in page.headers
        assert 'href="/user/me/proxy/8000/static/admin/css/base.css"' in page.text
        redirect = session.get("/admin/", headers=hub, allow_redirects=False)
        assert (
            redirect.headers["Location"]
            == "/user/me/proxy/8000/admin/login/?next=/user/me/proxy/8000/admin/"
        )
        form = {
            "username": "x",
            "password": "y",
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        }
        posted = session.post(
            "/admin/login/", data=form, headers={**hub, "Origin": "https://hub.example.org"}
        )
        assert "Please enter the correct username" in posted.text
        # And beside it, as before.
        assert 'href="/static/admin/css/base.css"' in session.get("/admin/login/").text


def test_a_server_that_lost_its_log_goes_on(session, library):
    session.get("/books/")
    (library.path / "server.log").unlink()
    assert str(library.log) == ""
    assert session.get("/books/").status_code == 200


def test_a_project_moved_away_and_back_is_served_again(session, library):
    session.get("/books/")
    shutil.move(library.path, "elsewhere")
    assert session.get("/books/").status_code == 500
    shutil.move("elsewhere", library.path)
    assert session.get("/books/").status_code == 200
