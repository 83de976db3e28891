"""One line about a response."""

from revise import said


def test_it_names_method_path_and_status(library):
    session = library.session()
    assert said(session.get("/books/99/")) == "GET /books/99/ returned 404"
    assert said(session.get("/books/", params={"page": 2})) == "GET /books/?page=2 returned 200"
    assert said(session.head("/books/")) == "HEAD /books/ returned 200"


def test_it_names_where_a_redirect_leads(library):
    response = library.session().get("/books", allow_redirects=False)
    assert said(response) == "GET /books returned 301 to /books/"


def test_it_names_the_host_of_a_redirect_that_leaves_the_site(library, view):
    """Does an open redirect show as one?"""
    view(
        "from django.http import HttpResponseRedirect\n\n\n"
        'def home(request):\n    return HttpResponseRedirect("https://evil.example/x")\n'
    )
    response = library.session().get("/", allow_redirects=False)
    assert said(response) == "GET / returned 302 to https://evil.example/x"


def test_it_names_the_exception_and_the_learners_line(library, view):
    view("def home(request):\n    return nothing\n")
    line = library.read("catalog/views.py").splitlines().index("    return nothing") + 1
    assert said(library.session().get("/")) == (
        f"GET / returned 500 (NameError: name 'nothing' is not defined, catalog/views.py line {line})"
    )


def test_an_exception_may_speak_any_language_in_many_lines(library, view):
    view('def home(request):\n    raise ValueError("książka\\nнет 100% \\x00")\n')
    assert "(ValueError: książka нет 100%" in said(library.session().get("/"))
