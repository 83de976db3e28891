"""What stands between uvicorn and the project's ASGI application."""

import re
import sys
import traceback

from . import tracebacks
from .answers import EXCEPTION_HEADER, to_header
from .channel import BEGUN, DONE, STARTED, UPGRADED

HOLDER = "revise.request"  # in the scope: what Django's signal tells about this request


def wrap(application, *, tell, folder):
    """Return ``application`` with what the sandbox adds; ``tell(scope, news)`` reports to the supervisor.

    The report stands outermost: an exception that the next step turns into a response is a
    response like any other.
    """
    return reporting(naming_exceptions(in_a_frame(application), folder), tell)


def reporting(application, tell):
    """Tell how far each request is, and close each HTTP connection after its response.

    A connection that stays open would go around the supervisor, which looks for saved files.
    """

    async def app(scope, receive, send):
        async def send_and_tell(message):
            if message["type"] == "http.response.start":
                message = {
                    **message,
                    "headers": [*message.get("headers", []), (b"connection", b"close")],
                }
            tell(scope, UPGRADED if scope["type"] == "websocket" else STARTED)
            await send(message)

        tell(scope, BEGUN)
        try:
            await application(scope, receive, send_and_tell)
        finally:
            tell(scope, DONE)

    return app


def naming_exceptions(application, folder):
    """Put the exception behind a 500 in a header; answer 500 when the application itself raises."""

    async def app(scope, receive, send):
        holder, started = {}, False

        async def send_named(message):
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if "exception" in holder and message["status"] >= 500:
                    header = (EXCEPTION_HEADER.lower().encode(), to_header(holder["exception"]))
                    message = {**message, "headers": [*message.get("headers", []), header]}
            await send(message)

        try:
            await application({**scope, HOLDER: holder}, receive, send_named)
        except Exception as error:
            traceback.print_exc()
            if scope["type"] != "http" or started:
                raise
            holder["exception"] = tracebacks.one_line(error, folder)
            await _send_text(send_named, 500, tracebacks.learner_text(error, folder))

    return app


async def _send_text(send, status, text):
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def listen_for_exceptions(folder):
    """Note the exceptions of Django's requests, for `naming_exceptions`; log them if Django does not."""
    from django.conf import settings
    from django.core.signals import got_request_exception

    def note(sender, request=None, **_):
        error = sys.exc_info()[1]
        holder = getattr(request, "scope", {}).get(HOLDER)
        if error is None or holder is None:
            return
        holder["exception"] = tracebacks.one_line(error, folder)
        if not settings.DEBUG:  # Django's own log handler is for DEBUG only
            traceback.print_exception(error)

    got_request_exception.connect(note, weak=False, dispatch_uid=HOLDER)


def in_a_frame(application):
    """Let a page be shown in a notebook's frame: drop the headers by which it forbids that.

    The browser says what it loads the page for; a request by hand sees the headers as they are. On
    a hub without TLS it does not say (Fetch Metadata is for secure origins), but there every page
    comes through the notebook's proxy.
    """

    async def app(scope, receive, send):
        async def send_frameable(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(_frameable(message.get("headers", [])))}
            await send(message)

        headers = dict(scope["headers"])
        framed = scope["type"] == "http" and (
            headers.get(b"sec-fetch-dest") == b"iframe" or b"x-forwarded-context" in headers
        )
        await application(scope, receive, send_frameable if framed else send)

    return app


def _frameable(headers):
    for name, value in headers:
        if name.lower() == b"x-frame-options":
            continue
        if name.lower() == b"content-security-policy":
            value = re.sub(rb"frame-ancestors[^;]*;?\s*", b"", value).strip()
            if not value:
                continue
        yield name, value


def behind_the_proxy(application):
    """Serve under the path of jupyter-server-proxy, when a request came through it.

    It sends the path it serves the project under as ``X-Forwarded-Context``; the browser's host
    is the hub's, which the project's ALLOWED_HOSTS does not know.
    """

    async def app(scope, receive, send):
        prefix = (
            dict(scope["headers"]).get(b"x-forwarded-context", b"").decode("latin-1").rstrip("/")
        )
        if prefix:
            scope = _under(prefix, scope)
        await application(scope, receive, send)

    return app


def _under(prefix, scope):
    host, port = scope["server"]
    own = f"{host}:{port}".encode()
    headers = dict(scope["headers"])
    theirs = headers.get(b"host", b"")
    changed = {b"host": own}
    for name in (b"origin", b"referer"):
        if name in headers:
            changed[name] = re.sub(
                rb"^https?://" + re.escape(theirs) + rb"(?=/|$)", b"http://" + own, headers[name]
            )
    return {
        **scope,
        "root_path": prefix,
        "path": prefix + scope["path"],
        "headers": [(name, changed.get(name, value)) for name, value in scope["headers"]],
    }
