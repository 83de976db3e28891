"""How JupyterLab is set up on a hub, for a learner and for a teacher."""

import os
from pathlib import Path

from revise.lab import SETTINGS


def jupyter(teaches: bool) -> dict[str, str]:
    """Return the variables that a server on a hub starts with, whatever starts it."""
    settings = [SETTINGS / "hub", SETTINGS / "course"]
    if not teaches:
        settings.insert(0, SETTINGS / "hub_learner")
    return {
        "JUPYTER_CONFIG_PATH": os.pathsep.join(map(str, settings)),
        # The environment's kernels before those in somebody's home.
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def teaches_here(environment: dict[str, str]) -> bool:
    """Say whether REVISE_TEACHERS of a pod's environment names the pod's user, by a list with commas.

    It decides what is shown. What somebody may do is the hub's and the exchange's to say.
    """
    teachers = environment.get("REVISE_TEACHERS", "").replace(" ", "").split(",")
    return environment.get("JUPYTERHUB_USER") in teachers


def teachers_course(home: Path) -> Path | None:
    """Return the course that a teacher fetched into ``home``, in a cluster: ``course/``, once it is there."""
    course = home / "course"
    return course if (course / "nbgrader_config.py").is_file() else None
