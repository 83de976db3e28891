"""WebSocket beside HTTP, on one server."""

import pytest
from websockets.sync.client import connect

ECHO = """
from channels.generic.websocket import WebsocketConsumer


class Echo(WebsocketConsumer):
    def receive(self, text_data=None, bytes_data=None):
        if text_data == "break":
            return nothing
        self.send(text_data=f"{REPLY} {text_data}")


REPLY = "you said"
"""

ASGI = """
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library.settings")
django_application = get_asgi_application()

from catalog.consumers import Echo

application = ProtocolTypeRouter(
    {"http": django_application, "websocket": URLRouter([path("ws/echo/", Echo.as_asgi())])}
)
"""


@pytest.fixture
def address(library, write):
    """The WebSocket address of a project with an echo consumer."""
    write("catalog/consumers.py", ECHO)
    write("library/asgi.py", ASGI)
    settings = library.read("library/settings.py")
    write("library/settings.py", settings.replace('"catalog",', '"catalog", "channels",'))
    return library.url.replace("http://", "ws://") + "/ws/echo/"


def test_a_consumer_answers_and_pages_are_served_beside_it(address, library):
    with connect(address) as socket:
        socket.send("hello")
        assert socket.recv(timeout=5) == "you said hello"
    assert library.session().get("/books/").status_code == 200
    assert library.session().get("/static/catalog/library.css").status_code == 200


def test_a_connection_may_last_longer_than_a_request(address, library):
    library.stop()
    library.timeout = 1
    with connect(library.url.replace("http://", "ws://") + "/ws/echo/") as socket:
        with pytest.raises(TimeoutError):
            socket.recv(timeout=2)
        socket.send("still here")
        assert socket.recv(timeout=5) == "you said still here"


def test_a_saved_consumer_is_met_by_the_next_connection(address, write):
    write("catalog/consumers.py", ECHO.replace("you said", "I heard"))
    with connect(address) as socket:
        socket.send("hello")
        assert socket.recv(timeout=5) == "I heard hello"


def test_a_consumer_that_raises_leaves_its_traceback_in_the_log(address, library):
    with connect(address) as socket:
        socket.send("break")
        with pytest.raises(Exception, match="close"):
            socket.recv(timeout=5)
    assert "NameError: name 'nothing' is not defined" in str(library.log)


def test_an_application_that_raises_is_answered_with_its_exception(library, write):
    from revise import said

    write(
        "library/asgi.py",
        "async def application(scope, receive, send):\n    raise ValueError('mine')\n",
    )
    assert (
        said(library.session().get("/"))
        == "GET / returned 500 (ValueError: mine, library/asgi.py line 2)"
    )
