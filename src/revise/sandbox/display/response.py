"""A `requests.Response` as the exchange it was: request line, status, headers, body.

The host is left out, because its port differs from run to run. Redirects that were followed
stand as steps before the answer.
"""

from dataclasses import dataclass

from ..answers import EXCEPTION_HEADER, from_header
from .body import read_body
from .markup import count, details, escape, page, pre, span, visible

# What a reader of an answer looks for; the others are named, and folded.
SHOWN = (
    *("content-type", "content-encoding", "content-disposition", "location", "link", "allow"),
    *("set-cookie", "www-authenticate", "retry-after", "deprecation", "sunset"),
    *("etag", "last-modified", "cache-control", "age"),
    *("strict-transport-security", "content-security-policy"),
)
SHOWN_PREFIXES = ("x-", "access-control-", "ratelimit")
# Django puts these two on every answer: they would hide the ones that say something.
FOLDED = ("x-frame-options", "x-content-type-options")
DEBUG_PAGE = "from Django's debug page; response.text has all of it"
VERSIONS = {9: "HTTP/0.9", 10: "HTTP/1.0", 11: "HTTP/1.1", 20: "HTTP/2"}


@dataclass(frozen=True)
class Step:
    """One request and its answer, in lines."""

    request: str
    status: str
    code: int
    headers: list
    others: list


def response_bundle(response):
    """Return the MIME bundle of a `requests.Response`."""
    steps = [read_step(each) for each in (*response.history, response)]
    failed = exception_of(response)
    body = read_body(response)
    return {
        "text/plain": as_text(steps, failed, body),
        "text/html": as_html(steps, failed, body),
    }


def read_step(response):
    """Return the `Step` of one response, without its body."""
    raw = response.raw
    version = VERSIONS.get(getattr(raw, "version", None), "HTTP/1.1")
    headers = [(visible(name), visible(value)) for name, value in all_headers(response)]
    return Step(
        request=request_line(response, version),
        status=visible(f"{version} {response.status_code} {response.reason or ''}".rstrip()),
        code=response.status_code or 0,
        headers=[header for header in headers if is_shown(header[0])],
        others=[header for header in headers if not is_shown(header[0])],
    )


def request_line(response, version):
    """Return ``GET /books/1/ HTTP/1.1``, or say that the response was made without a request."""
    request = response.request
    if request is None or not request.url:
        return "(no request)"
    # The fragment never travels; path_url is what did.
    return visible(f"{request.method} {request.path_url} {version}")


def all_headers(response):
    """Return the headers as they came: in order, ``Set-Cookie`` once for each cookie."""
    received = getattr(response.raw, "headers", None)
    return list((received if received is not None else response.headers).items())


def is_shown(name):
    """Say whether a header is worth a line of its own."""
    name = name.lower()
    return (
        name not in FOLDED
        and (name in SHOWN or name.startswith(SHOWN_PREFIXES))
        and name != EXCEPTION_HEADER.lower()
    )


def exception_of(response):
    """Return the line that the sandbox's server says about an exception in the project, or ``""``."""
    return visible(from_header(response.headers.get(EXCEPTION_HEADER, "")))


def as_text(steps, failed, body):
    """Return the exchange as plain text, where nothing can be folded."""
    blocks = []
    for step in steps:
        lines = [step.request, step.status, *(f"{name}: {value}" for name, value in step.headers)]
        if step is steps[-1] and step.others:
            named = ", ".join(dict(step.others))
            lines.append(f"({count(len(step.others), 'more header')}: {named})")
        blocks.append("\n".join(lines))
    if body.is_debug_page:
        # The exception is in the words of the page too, but without the learner's file and line.
        return joined(*blocks, failed or body.shown, body.rest, f"({DEBUG_PAGE})")
    note = f"{body.note}; response.text has it all" if body.rest else body.note
    return joined(*blocks, failed, "\n".join(filter(None, (body.shown, note and f"({note})"))))


def as_html(steps, failed, body):
    """Return the exchange as HTML; the long parts are folded."""
    last = steps[-1]
    every = "\n".join(f"{name}: {value}" for name, value in last.headers + last.others)
    note = DEBUG_PAGE if body.is_debug_page else "" if body.rest else body.note
    return page(
        *(step_html(step) for step in steps),
        details(count(len(last.headers) + len(last.others), "header"), pre(every)),
        pre(failed, "rv-bad"),
        "" if failed and body.is_debug_page else pre(body.shown),
        details(
            body.note, pre(body.rest), opened=body.is_debug_page and body.rest.count("\n") < 12
        ),
        note and f"<p>{span(note, 'rv-dim')}</p>",
    )


def joined(*blocks):
    """Return the blocks that are not empty, a blank line between them."""
    return "\n\n".join(filter(None, blocks))


def step_html(step):
    """Return a request line, a coloured status line and the chosen headers."""
    colour = "rv-good" if step.code < 300 else "rv-note" if step.code < 400 else "rv-bad"
    lines = [f"<b>{escape(step.request)}</b>", span(step.status, colour)]
    lines += [f"{span(name + ':', 'rv-dim')} {escape(value)}" for name, value in step.headers]
    return "<pre>" + "\n".join(lines) + "</pre>"
