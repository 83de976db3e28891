"""What a learner reads of a response, from a real HTTP exchange."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from revise.sandbox.answers import to_header
from revise.sandbox.display import response_bundle
from revise.sandbox.display.body import describe, fold

JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
FAILED = "NameError: name 'bok' is not defined, catalog/views.py line 12"
ANSWERS = {
    "/books/1/": (
        200,
        {**JSON, "X-Frame-Options": "DENY", "Vary": "Accept"},
        b'{"title": "Dune", "id": 1}',
    ),
    "/cookies/": (200, {"Set-Cookie": ["a=1; Path=/", "b=2; HttpOnly"]}, b"hello"),
    "/moved/": (302, {"Location": "/books/1/?page=2#top"}, b""),
    "/evil/": (200, HTML, b"<script>alert('x')</script>\x1b[31mred\r\n"),
    "/evil-header/": (200, {**JSON, "X-Note": "<img src=x onerror=alert(1)>"}, b"{}"),
    "/cover.png": (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n" + bytes(400)),
    "/empty/": (204, {}, b""),
    "/long/": (200, HTML, b"".join(b"<p>line %d</p>\n" % number for number in range(1, 101))),
    "/broken/": (
        500,
        {**HTML, "X-Exception": to_header(FAILED.replace("bok", "bök")).decode("latin-1")},
        b"<h1>Server Error</h1>",
    ),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        code, headers, body = ANSWERS[self.path.split("?")[0]]
        self.send_response(code)
        for name, value in headers.items():
            for each in value if isinstance(value, list) else [value]:
                self.send_header(name, each)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def get():
    """Return a function that requests a path and returns the response."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield lambda path, **options: requests.get(
        f"http://127.0.0.1:{server.server_port}{path}", timeout=5, **options
    )
    server.shutdown()
    server.server_close()
    thread.join()


def plain(response):
    return response_bundle(response)["text/plain"]


def html(response):
    return response_bundle(response)["text/html"]


def test_text_is_the_exchange_without_the_host(get):
    assert plain(get("/books/1/?q=dune")).split("\n") == [
        "GET /books/1/?q=dune HTTP/1.1",
        "HTTP/1.1 200 OK",
        "Content-Type: application/json",
        "(5 more headers: Server, Date, X-Frame-Options, Vary, Content-Length)",
        "",
        "{",
        '  "title": "Dune",',
        '  "id": 1',
        "}",
    ]


def test_html_folds_all_headers(get):
    shown, folded = html(get("/books/1/")).split("<details>", 1)
    assert "<b>GET /books/1/ HTTP/1.1</b>" in shown
    assert "Vary" not in shown
    assert "<summary>6 headers</summary>" in folded
    assert "X-Frame-Options: DENY\nVary: Accept" in folded


def test_each_cookie_has_its_line(get):
    assert "Set-Cookie: a=1; Path=/\nSet-Cookie: b=2; HttpOnly\n" in plain(get("/cookies/"))


def test_redirects_are_steps_before_the_answer(get):
    first, second, body = plain(get("/moved/")).split("\n\n")
    assert first == "GET /moved/ HTTP/1.1\nHTTP/1.1 302 Found\nLocation: /books/1/?page=2#top"
    assert second.startswith("GET /books/1/?page=2 HTTP/1.1\nHTTP/1.1 200 OK\n")
    assert "Dune" in body
    assert "HTTP/1.1 302 Found" in html(get("/moved/"))


def test_a_redirect_not_followed_has_no_body(get):
    assert plain(get("/moved/", allow_redirects=False)).endswith("(no body)")


@pytest.mark.parametrize("path", ["/evil/", "/evil-header/"])
def test_nothing_from_the_project_becomes_markup(get, path):
    """May a body or a header of the learner's run a script in the notebook?"""
    shown = html(get(path))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown or "&lt;img src=x" in shown


def test_control_characters_are_shown_not_obeyed(get):
    assert plain(get("/evil/")).endswith("<script>alert('x')</script>␛[31mred")


def test_bytes_are_summed_up(get):
    assert plain(get("/cover.png")).endswith(
        "(408 bytes of image/png: 89 50 4e 47 0d 0a 1a 0a 00 00 00 00 …)"
    )


def test_an_empty_body_is_said(get):
    assert plain(get("/empty/")).startswith("GET /empty/ HTTP/1.1\nHTTP/1.1 204 No Content\n")
    assert plain(get("/empty/")).endswith("(no body)")


def test_a_long_page_is_cut_and_the_rest_folded(get):
    text, page = plain(get("/long/")), html(get("/long/"))
    assert "<p>line 25</p>\n(75 more lines, " in text
    assert "line 26" not in text
    assert text.endswith("; response.text has it all)")
    shown, folded = page.split("<summary>75 more lines")
    assert "&lt;p&gt;line 25&lt;/p&gt;" in shown
    assert "&lt;p&gt;line 100&lt;/p&gt;" in folded


def test_an_unread_stream_stays_unread(get):
    """Does showing a response without end hang the notebook?"""
    response = get("/books/1/", stream=True)
    assert plain(response).endswith("(body not read: the response is a stream)")
    assert json.loads(response.raw.read()) == {"title": "Dune", "id": 1}
    response.close()


def test_a_response_made_by_hand_shows_itself():
    response = requests.Response()
    response.status_code = 200
    response._content = b"x"
    assert plain(response) == "(no request)\nHTTP/1.1 200\n\nx"


def test_the_learners_exception_comes_before_the_body(get):
    expected = FAILED.replace("bok", "bök")
    blocks = plain(get("/broken/")).split("\n\n")
    assert blocks[1:] == [expected, "<h1>Server Error</h1>"]
    assert f'<pre class="rv-bad">{expected}</pre>' in html(get("/broken/"))


def test_the_bundle_is_the_same_each_time(get):
    assert plain(get("/cookies/")) == plain(get("/cookies/"))


@pytest.mark.parametrize(
    ("content", "content_type", "shown"),
    [
        (b'{"b": 1, "a": "\xc3\xa9"}', "application/problem+json", '{\n  "b": 1,\n  "a": "é"\n}'),
        (b'{"b": ', "application/json", '{"b": '),
        (b"[" * 100_000, "application/json", "["),
        (b"caf\xe9", "text/plain; charset=latin-1", "café"),
        (b"caf\xc3\xa9", "text/plain", "café"),
        (b"x", "text/plain; charset=klingon", "x"),
        (b"plain words", "", "plain words"),
        (b"<a/>", "application/soap+xml", "<a/>"),
    ],
)
def test_text_is_read_as_its_type_says(content, content_type, shown):
    assert describe(content, content_type).shown.startswith(shown)


@pytest.mark.parametrize(
    ("content", "content_type"), [(b"\0\1", ""), (b"\xff\xfe", ""), (b"x", "application/zip")]
)
def test_what_is_no_text_is_not_shown(content, content_type):
    body = describe(content, content_type)
    assert not body.shown
    assert body.note.startswith(f"{len(content)} byte")


def test_one_endless_line_is_cut_too():
    body = fold("x" * 100_000)
    assert len(body.shown) == 4_000
    assert len(body.rest) < 21_000
    assert body.note == "1 more line, 96,000 characters"


DEBUG_SITE = """
import sys, json, django
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template import Context, Engine
from django.urls import path
from django.test import Client

settings.configure(DEBUG=True, ALLOWED_HOSTS=["testserver"], ROOT_URLCONF=__name__, SECRET_KEY="x",
                   MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"], LOGGING_CONFIG=None,
                   TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
django.setup()

def gone(request):
    raise Http404("No Book matches <b>the</b> query.")

def broken(request):
    return missing_name

def page(request):
    return HttpResponse(Engine(debug=True).from_string("one\\n{% nonsense %}").render(Context()))

def unfound(request):
    return render(request, "shop/missing.html")

urlpatterns = [path("gone/", gone, name="gone"), path("broken/", broken), path("page/", page), path("unfound/", unfound)]
client = Client(raise_request_exception=False, enforce_csrf_checks=True)
pages = [client.get("/gone/"), client.get("/nowhere/"), client.get("/broken/"), client.post("/gone/"),
         client.get("/page/"), client.get("/unfound/")]
json.dump([page.content.decode() for page in pages], sys.stdout)
"""


@pytest.fixture(scope="module")
def debug_pages(tmp_path_factory):
    """Return Django's own pages for: a missing object, a missing page, an exception, a missing CSRF token."""
    script = tmp_path_factory.mktemp("site") / "site_views.py"
    script.write_text(DEBUG_SITE)
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, check=True, text=True
    )
    return [describe(page.encode(), "text/html; charset=utf-8") for page in json.loads(done.stdout)]


def test_a_debug_page_is_reduced_to_its_words(debug_pages):
    gone, nowhere, _, csrf, _, _ = debug_pages
    assert gone.shown.split("\n")[:3] == [
        "Page not found (404)",
        "No Book matches <b>the</b> query.",
        "Raised by: __main__.gone",
    ]
    assert "  gone/ [name='gone']" in nowhere.shown.split("\n")
    assert "didn’t match any of these" in nowhere.shown
    assert "CSRF verification failed. Request aborted." in csrf.shown
    assert all(page.is_debug_page and not page.rest for page in (gone, nowhere, csrf))


def test_a_debug_page_keeps_the_learners_part_of_the_traceback(debug_pages):
    """Does the notebook show their line, and nothing of this machine?"""
    broken = debug_pages[2]
    assert broken.shown.startswith("NameError at /broken/\nname 'missing_name' is not defined")
    assert "site_views.py" in broken.rest
    assert "    return missing_name" in broken.rest
    assert "of libraries" in broken.rest
    for machine in ("site-packages", sys.executable, "DEBUG", "SECRET_KEY"):
        assert machine not in broken.shown + broken.rest


def test_a_debug_page_of_a_template_says_which_line(debug_pages):
    *_, page, unfound = debug_pages
    assert page.shown.split("\n")[:2] == [
        "TemplateSyntaxError at /page/",
        "Invalid block tag on line 2: 'nonsense'. Did you forget to register or load this tag?",
    ]
    assert "error at line 2" in page.shown
    assert unfound.shown.startswith("TemplateDoesNotExist at /unfound/\nshop/missing.html")
