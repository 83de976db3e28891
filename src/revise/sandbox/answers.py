"""The HTTP answers that the sandbox gives itself, when the learner's process cannot."""

from http import HTTPStatus

EXCEPTION_HEADER = "X-Exception"
LONGEST_HEADER = 500  # characters


def to_header(text):
    """Return ``text`` as the bytes of one header line; `from_header` reads it back."""
    line = " ".join(text.split())[:LONGEST_HEADER]
    return "".join(c if c.isprintable() else "?" for c in line).encode("utf-8", "replace")


def from_header(value):
    """Return the text of a header that `to_header` wrote: clients read headers as Latin-1."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def answer(status, text, *, exception, body=True):
    """Return the bytes of a whole response in plain text; ``body`` is False after HEAD."""
    content = text.rstrip("\n").encode("utf-8", "replace") + b"\n"
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(content)}",
        "Connection: close",
        f"{EXCEPTION_HEADER}: ",
    ]
    head = "\r\n".join(lines).encode("ascii") + to_header(exception) + b"\r\n\r\n"
    return head + content if body else head
