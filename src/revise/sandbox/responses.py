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
    asked = response.request.url
    line = f"{response.request.method} {_path(asked)} returned {response.status_code}"
    if response.is_redirect:
        line += f" to {_target(response.headers['Location'], asked)}"
    if exception := response.headers.get(EXCEPTION_HEADER):
        line += f" ({from_header(exception)})"
    return line


def _path(url):
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _target(location, asked):
    """Return where a redirect leads; another host is named, since that is what matters then."""
    host = urlsplit(location).netloc
    return location if host and host != urlsplit(asked).netloc else _path(location)
