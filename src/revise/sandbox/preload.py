"""What the zygote imports before it forks: nothing that looks at a setting.

``MODULES`` at its start; a group of ``GROUPS`` when a project is laid whose starter.toml names it under
``imports``, since a kernel without such a project should not pay for it.

A project's settings are read after the fork. A module that reads one when it is imported (Django
REST framework's ``views`` and ``generics``, every ``models``) would either fail here or keep what
it read, and the learner's settings would be silently ignored: such modules are left out. A test
imports each name below in an interpreter without settings.

The names are those whose import brings in all the others that a served project or a command of
``manage.py`` needs; ``benchmarks/sandbox.py`` shows what they save.
"""

import contextlib
import importlib

SERVER = (
    "uvicorn.lifespan.off",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)

DJANGO = (
    "django.conf.locale.en.formats",
    "django.conf.urls",
    "django.contrib.admin.apps",
    "django.contrib.admin.templatetags.admin_list",
    "django.contrib.admin.templatetags.admin_modify",
    "django.contrib.admin.templatetags.log",
    "django.contrib.admindocs.views",
    "django.contrib.auth.apps",
    "django.contrib.auth.context_processors",
    "django.contrib.auth.hashers",
    "django.contrib.auth.management.commands.createsuperuser",
    "django.contrib.auth.tokens",
    "django.contrib.auth.validators",
    "django.contrib.contenttypes.apps",
    "django.contrib.messages.apps",
    "django.contrib.messages.context_processors",
    "django.contrib.messages.middleware",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.apps",
    "django.contrib.sessions.backends.db",
    "django.contrib.sessions.middleware",
    "django.contrib.sessions.serializers",
    "django.contrib.sites.shortcuts",
    "django.contrib.staticfiles.apps",
    "django.contrib.staticfiles.management.commands.collectstatic",
    "django.contrib.staticfiles.management.commands.findstatic",
    "django.contrib.staticfiles.management.commands.runserver",
    "django.core.asgi",
    "django.core.cache.backends.locmem",
    "django.core.management.commands.check",
    "django.core.management.commands.dumpdata",
    "django.core.management.commands.flush",
    "django.core.management.commands.inspectdb",
    "django.core.management.commands.loaddata",
    "django.core.management.commands.makemigrations",
    "django.core.management.commands.migrate",
    "django.core.management.commands.shell",
    "django.core.management.commands.showmigrations",
    "django.core.management.commands.sqlmigrate",
    "django.core.management.commands.startapp",
    "django.core.management.commands.test",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.models.sql.compiler",
    "django.middleware.clickjacking",
    "django.middleware.common",
    "django.middleware.security",
    "django.template.context_processors",
    "django.template.loaders.app_directories",
    "django.template.loaders.cached",
    "django.templatetags.cache",
    "django.templatetags.l10n",
    "django.templatetags.tz",
    "django.utils.translation.reloader",
    "django.views.csrf",
)

CHANNELS = (
    "channels.auth",
    "channels.routing",
    "channels.security.websocket",
)

REST_FRAMEWORK = (
    "rest_framework.authentication",
    "rest_framework.metadata",
    "rest_framework.mixins",
    "rest_framework.negotiation",
    "rest_framework.permissions",
    "rest_framework.urlpatterns",
    "rest_framework.utils.breadcrumbs",
    "rest_framework.utils.encoders",
)

STANDARD_LIBRARY = (
    "encodings.idna",
    "encodings.unicode_escape",
    "faulthandler",
    "runpy",
    "sqlite3",
    "tempfile",
)

MODULES = STANDARD_LIBRARY + SERVER + DJANGO + CHANNELS + REST_FRAMEWORK

CELERY = (
    "celery.app.amqp",
    "celery.app.annotations",
    "celery.app.autoretry",
    "celery.app.builtins",
    "celery.app.control",
    "celery.app.events",
    "celery.app.routes",
    "celery.backends.redis",
    "celery.contrib.django.task",
    "celery.events.receiver",
    "celery.fixups.django",
    "celery.loaders.app",
    "celery.utils.quorum_queues",
    "celery.worker.worker",
    "kombu.pools",
    "kombu.transport.native_delayed_delivery",
    "kombu.transport.redis",
)

GROUPS = {"celery": CELERY}


def load(modules=MODULES):
    """Import ``modules``; one that is not installed, or not in this version, is left out."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
