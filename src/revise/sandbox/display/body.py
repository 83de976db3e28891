"""What the body of a response says to a reader: pretty JSON, text as it is, bytes summed up."""

import json
from dataclasses import dataclass
from email.message import Message

from .debug_page import is_debug_page, read_debug_page
from .markup import count, visible

SHOWN_LINES = 25
SHOWN_JSON_LINES = 60  # one object is a few short lines
SHOWN_CHARACTERS = 4_000
# A fold is kept in the notebook's file too: a body of megabytes would make it unusable.
FOLDED_CHARACTERS = 20_000
TEXT_TYPES = (
    "application/javascript",
    "application/sql",
    "application/x-www-form-urlencoded",
    "application/yaml",
)


@dataclass(frozen=True)
class Body:
    """``shown`` at once, ``rest`` in a fold, ``note`` on what that is; each may be empty."""

    shown: str = ""
    rest: str = ""
    note: str = ""
    is_debug_page: bool = False


def read_body(response):
    """Return the `Body` of a `requests.Response`; never reads from the network, never raises.

    A streamed body that nobody has read stays unread: it may have no end (server-sent events).
    """
    # requests has no public way to ask whether the body was read; `.content` would read it.
    content = getattr(response, "_content", False)
    if content is False:
        return Body(note="body not read: the response is a stream")
    if not content:
        return Body(note="no body")
    return describe(content, response.headers.get("Content-Type", ""))


def describe(content, content_type):
    """Return the `Body` of these bytes, read as their content type says."""
    mime, charset = parse_content_type(content_type)
    if not is_text(mime, content):
        return Body(
            note=f"{count(len(content), 'byte')} of {mime or 'unknown type'}: {content[:12].hex(' ')} …"
        )
    text = decode(content, charset)
    if is_debug_page(text):
        words, traceback = read_debug_page(text)
        return Body(words, traceback, "traceback" if traceback else "", is_debug_page=True)
    if mime == "application/json" or mime.endswith("+json"):
        return fold(visible(pretty_json(text)), SHOWN_JSON_LINES)
    return fold(visible(text))


def parse_content_type(value):
    """Return ``(type, charset)``, both in lower case, the charset empty when not said."""
    message = Message()
    message["Content-Type"] = value
    mime = message.get_content_type() if value else ""
    return mime, str(message.get_param("charset", "")).lower()


def is_text(mime, content):
    """Say whether these bytes are for reading; without a type, whether they are UTF-8."""
    if not mime:
        return b"\0" not in content and "�" not in content.decode("utf-8", "replace")
    return mime.startswith("text/") or mime.endswith(("json", "+xml", "/xml")) or mime in TEXT_TYPES


def decode(content, charset):
    """Return the text; what the charset cannot read becomes U+FFFD.

    Not `Response.text`: without a charset that guesses from the letters, and a guess may differ
    from one release of the library to the next.
    """
    try:
        return content.decode(charset or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def pretty_json(text):
    """Return JSON indented, its keys in the order they came; other text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def fold(text, lines=SHOWN_LINES, characters=SHOWN_CHARACTERS):
    """Return a `Body` that shows the first lines and folds the rest, at whole lines where it can."""
    text = text.strip("\n")
    head = "\n".join(text.split("\n")[:lines])
    if len(head) > characters:
        head = head[:characters].rsplit("\n", 1)[0]
    rest = text[len(head) :].removeprefix("\n")
    if not rest:
        return Body(shown=head)
    note = f"{count(rest.count(chr(10)) + 1, 'more line')}, {count(len(rest), 'character')}"
    if len(rest) > FOLDED_CHARACTERS:
        rest = rest[:FOLDED_CHARACTERS] + "\n…"
    return Body(shown=head, rest=rest, note=note)
