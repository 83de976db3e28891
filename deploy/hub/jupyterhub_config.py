"""JupyterHub's settings for a classroom on one machine, each with its reason.

`make hub` starts it, or `revise hub start`; deploy/README.md leads through it.
"""

import os
import sys

from jupyterhub.utils import random_port

from revise.course import Course
from revise.hub import proxy
from revise.hub.accounts import course_id
from revise.hub.authenticator import ClassroomAuthenticator
from revise.hub.place import NAME, Place
from revise.hub.spawner import ClassroomSpawner

# traitlets gives this file `get_config`.
c = get_config()  # noqa: F821
course = Course.find()
place = Place.of(course)
place.make()
teachers = place.teachers()

# --- Where ------------------------------------------------------------------------------------

# This machine alone, until you say otherwise: passwords go over this wire. On a network, let a web
# server with a certificate stand before it, or set ssl_key and ssl_cert below.
c.JupyterHub.bind_url = os.environ.get("REVISE_HUB_ADDRESS", "http://127.0.0.1:8000")
# c.JupyterHub.ssl_key = "…"
# c.JupyterHub.ssl_cert = "…"

# Everything else talks on loopback, on ports that are free.
exchange_port = random_port()
c.JupyterHub.hub_port = random_port()
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{random_port()}"
c.ConfigurableHTTPProxy.command = proxy.command()
c.ConfigurableHTTPProxy.pid_file = str(place.root / "proxy.pid")

# What is kept, in a folder that its owner alone may enter.
c.JupyterHub.db_url = place.database
c.JupyterHub.cookie_secret_file = str(place.cookie_secret)

# --- Who --------------------------------------------------------------------------------------

c.JupyterHub.authenticator_class = ClassroomAuthenticator
# Whoever has an account: `revise hub enrol` gives them, and nobody can sign up.
c.Authenticator.allow_all = True
c.NativeAuthenticator.enable_signup = False
c.Authenticator.username_pattern = f"^{NAME.pattern}$"
c.NativeAuthenticator.minimum_password_length = 10
c.NativeAuthenticator.check_common_password = True
c.NativeAuthenticator.allowed_failed_logins = 10
c.NativeAuthenticator.seconds_before_next_try = 300

# Nobody is an administrator of the hub: that right opens everybody's server, and a server that a
# teacher opens learns a token of the teacher's. A teacher sees who is there, and ends servers.
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", "access:services!service=ngshare"]},
    {
        "name": "teacher",
        "scopes": [
            "admin-ui",
            "list:users",
            "read:users:activity",
            "read:servers",
            "delete:servers",
        ],
        "users": teachers,
    },
]

# --- Their servers ----------------------------------------------------------------------------

c.JupyterHub.spawner_class = ClassroomSpawner
c.ClassroomSpawner.course = str(course.root)
c.ClassroomSpawner.homes = str(place.homes)
c.ClassroomSpawner.teachers = set(teachers)
c.ClassroomSpawner.exchange_url = f"http://127.0.0.1:{exchange_port}/services/ngshare"
c.Spawner.default_url = "/lab"
# A server gets no environment but what the spawner gives it, and how people here write.
c.Spawner.env_keep = ["LANG", "LC_ALL", "TZ"]
# What a server may do in its owner's name: be seen at work, be opened by its owner, and exchange.
c.Spawner.server_token_scopes = [
    "users:activity!user",
    "access:servers!server",
    "access:services!service=ngshare",
]
# A slow machine with a class that logs in at nine.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180
c.JupyterHub.concurrent_spawn_limit = 8

# --- The exchange -----------------------------------------------------------------------------

c.JupyterHub.services = [
    {
        "name": "ngshare",
        "url": f"http://127.0.0.1:{exchange_port}",
        "command": [
            *(sys.executable, "-m", "revise.hub.exchange"),
            *("--folder", str(place.exchange), "--course", course_id(course)),
            *(word for name in teachers for word in ("--teacher", name)),
        ],
        "display": False,  # no page for people
    }
]
