"""Hands messages to the mail room (mailroom.py), over HTTP."""

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings


class MailRoomDown(Exception):
    """The mail room did not answer, or said that it cannot now: it may work later."""


class MailRefused(Exception):
    """The mail room will not take this message, however often it is asked."""


def send(to, text, key=None):
    """Hand one message over. Raises MailRoomDown, MailRefused.

    Two messages with the same ``key`` are one for the mail room: it delivers the first, and says 200 to both.
    """
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = str(key)
    body = json.dumps({"to": to, "text": text}).encode()
    try:
        with urlopen(Request(f"{settings.MAIL_URL}/messages", body, headers), timeout=30):
            return
    except HTTPError as error:
        with error:
            kind = MailRefused if error.code < 500 else MailRoomDown
            raise kind(f"{error.code} {json.load(error) or error.reason}") from None
    except (OSError, HTTPException) as error:
        raise MailRoomDown(str(error)) from None
