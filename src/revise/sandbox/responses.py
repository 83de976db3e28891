"""What to say of a response, in one line."""

from urllib.parse import urlsplit

from .answers import EXCEPTION_HEADER, from_header


def said(response):
    """Return method, path and status of a `requests.Response`, and the learner's exception if any.

    >>> said(requests.get(f"{library.url}/books/99/"))
    'GET /books/99/ returned 404'
    >>> said(requests.post(f"{library.url}/books/add/"))
    "POST /books/add/ returned 500 (NameError: name 'x' is not defined, catalog/views.py line 12)"
    """
    line = (
        f"{response.request.method} {_path(response.request.url)} returned {response.status_code}"
    )
    if response.is_redirect:
        line += f" to {_path(response.headers['Location'])}"
    if exception := response.headers.get(EXCEPTION_HEADER):
        line += f" ({from_header(exception)})"
    return line


def _path(url):
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
