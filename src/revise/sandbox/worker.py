"""One process that serves the project as its files were at one moment: uvicorn on given sockets."""

import asyncio
import faulthandler
import functools
import logging
import os
import signal
import sys
import time
import traceback
from email.utils import formatdate

from . import asgi, freshness, processes, tracebacks
from .channel import CONNECT, DONE, DROP, READ, WHERE, receive_order, tell

TURN_SECONDS = 0.1  # how long a connection has to become a request, before the next has its turn
TELL_AGAIN_SECONDS = 1.0  # a stream says that it goes on, but not with every chunk


def work(channel, *, folder, env, settings, log, stacks):
    """Load the project in ``folder`` and serve what comes over ``channel``; return the exit status."""
    processes.become(
        cwd=folder, env={**env, "DJANGO_SETTINGS_MODULE": settings}, stdout=log, stderr=log
    )
    faulthandler.register(signal.SIGUSR1, file=stacks, all_threads=True)
    freshness.import_from_source(folder)
    sys.argv = ["manage.py", "runserver"]
    try:
        application = load(settings)
    except BaseException as error:  # SystemExit too: a settings module may call sys.exit
        text = tracebacks.learner_text(error, folder)
        traceback.print_exc()
        tell(channel, failed=text, exception=tracebacks.one_line(error, folder))
        return 1
    asgi.listen_for_exceptions(folder)
    asyncio.run(Serving(channel, folder).run(application))
    return 0


def load(settings_module):
    """Return the project's ASGI application; everything that a request needs is imported."""
    import django
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    django.setup()
    # Django would import the URLs with the first request, and show their error as a page.
    _ = get_resolver().url_patterns
    path = (
        getattr(settings, "ASGI_APPLICATION", None)
        or f"{settings_module.partition('.')[0]}.asgi.application"
    )
    application = import_string(path)
    log_as_uvicorn()  # last: get_asgi_application() sets Django's logging up again
    application = asgi.behind_the_proxy(application)
    if settings.DEBUG and "django.contrib.staticfiles" in settings.INSTALLED_APPS:
        application = with_static_files(application)
    return application


def with_static_files(application):
    """Serve static files as runserver does, below the proxy's path too."""
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.urls import get_script_prefix

    plain_url = staticfiles_storage.url

    def url(name, *args, **kwargs):
        # Django computes STATIC_URL once; a project behind the proxy and beside it has two.
        path = plain_url(name, *args, **kwargs)
        return get_script_prefix().rstrip("/") + path if path.startswith("/") else path

    staticfiles_storage.url = url
    return ASGIStaticFilesHandler(application)


def log_as_uvicorn():
    """Write uvicorn's own lines to the log, also where the project's LOGGING disables other loggers."""
    from uvicorn.logging import AccessFormatter, DefaultFormatter

    formats = {
        "uvicorn.access": AccessFormatter(
            '%(client_addr)s - "%(request_line)s" %(status_code)s', use_colors=False
        ),
        "uvicorn.error": DefaultFormatter("%(levelprefix)s %(message)s", use_colors=False),
    }
    for name, formatter in formats.items():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter)
        logger = logging.getLogger(name)
        logger.handlers, logger.disabled, logger.propagate = [handler], False, False
        logger.setLevel(logging.INFO)


class Serving:
    """The event loop's side: connections in, news of them out."""

    def __init__(self, channel, folder):
        self.channel = channel
        self.folder = folder
        self.numbers = {}  # client's address → the connection's number
        self.transports = {}  # number → transport
        self.told = {}  # number → (news, when)
        self.awaited = None  # the connection whose request has not begun, or None

    async def run(self, application):
        """Serve until the supervisor is gone."""
        from uvicorn.config import Config
        from uvicorn.server import ServerState

        wrapped = asgi.wrap(application, tell=self.tell, folder=self.folder)
        self.config = Config(
            wrapped,
            interface="asgi3",
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            server_header=False,
        )
        self.config.load()
        self.state = ServerState()
        self.loop = asyncio.get_running_loop()
        self.over = self.loop.create_future()
        self.loop.add_reader(self.channel, self.take_order)
        tell(self.channel, ready=True)
        await self.over
        # No farewell to open requests: the kernel, or the project, is gone.
        os._exit(0)

    def take_order(self):
        """Do what the supervisor says: a new connection, one to drop, or tell where tasks wait."""
        order = receive_order(self.channel)
        if order is None:
            self.over.done() or self.over.set_result(None)
            return
        operation, number, connection = order
        if operation == CONNECT:
            self.connect(number, connection)
        elif operation == DROP and number in self.transports:
            self.transports[number].abort()
        elif operation == WHERE:
            places = [
                tracebacks.place_of_task(task, self.folder) for task in asyncio.all_tasks(self.loop)
            ]
            tell(self.channel, where=[place for place in places if place])

    def connect(self, number, connection):
        """Serve an accepted connection."""
        try:
            self.numbers[connection.getpeername()] = number
        except OSError:  # the client has gone
            connection.close()
            tell(self.channel, number=number, news=DONE)
            return
        # One after the other: when a view blocks the loop, the connections behind it are still in
        # the channel, unread, and the supervisor can give them to another worker.
        self.awaited = number
        self.loop.remove_reader(self.channel)
        self.loop.call_later(TURN_SECONDS, self.next_turn, number)
        connection.setblocking(False)
        self.state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
        self.loop.create_task(self._attach(number, connection))

    def next_turn(self, number):
        """Take orders again, if it was ``number`` that was waited for."""
        if self.awaited == number:
            self.awaited = None
            self.loop.add_reader(self.channel, self.take_order)

    async def _attach(self, number, connection):
        protocol = functools.partial(self._protocol, number)
        try:
            self.transports[number], _ = await self.loop.connect_accepted_socket(
                protocol, connection
            )
        except OSError:
            self.forget(number)

    def _protocol(self, number):
        protocol = self.config.http_protocol_class(
            config=self.config, server_state=self.state, app_state={}, _loop=self.loop
        )
        lost, received = protocol.connection_lost, protocol.data_received

        def connection_lost(error):
            lost(error)
            if number not in self.told:  # no request came of it
                self.forget(number)

        def data_received(data):
            # From here on no other worker can answer: what was read is gone from the connection.
            tell(self.channel, number=number, news=READ)
            protocol.data_received = received
            received(data)

        protocol.connection_lost, protocol.data_received = connection_lost, data_received
        return protocol

    def tell(self, scope, news):
        """Report ``news`` of the connection that ``scope`` belongs to."""
        number = self.numbers.get(tuple(scope["client"] or ()))
        if number is None:
            return
        now = time.monotonic()
        last, when = self.told.get(number, (None, 0))
        if news == last and now - when < TELL_AGAIN_SECONDS:
            return
        self.told[number] = (news, now)
        self.next_turn(number)
        if news == DONE:
            self.forget(number)
        else:
            tell(self.channel, number=number, news=news)

    def forget(self, number):
        """Tell that a connection needs nothing more."""
        self.next_turn(number)
        tell(self.channel, number=number, news=DONE)
        self.numbers = {client: n for client, n in self.numbers.items() if n != number}
        self.transports.pop(number, None)
        self.told.pop(number, None)
