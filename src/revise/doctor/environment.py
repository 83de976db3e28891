"""Probes of the environment: Python, the pinned packages, folders, memory, the notebook's kernel."""

import importlib.metadata
import os
import platform
import shutil
import tempfile
from pathlib import Path

import psutil
from packaging.requirements import Requirement

from revise.course import Course
from revise.doctor.findings import Probe, Problem

MAKE_LAB = "Run `make lab`: it sets up the environment again; your answers stay."
LEAST_SPACE, MUCH_SPACE = 200 << 20, 2 << 30
LEAST_MEMORY = 2 << 30
MOST_NAMED = 3


def python() -> str:
    """Say which Python runs; that it is new enough is shown by this command running at all."""
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"


def packages() -> str:
    """Hold what is installed against requirements.lock and against what the course asks for."""
    if missing := [one.name for one in _required() if not _installed(one.name)]:
        raise Problem(f"not installed: {_listed(missing)}", MAKE_LAB)
    pins = list(_pins(Course.find().root / "requirements.lock"))
    other = [
        f"{name} {_installed(name)} (pinned: {pin})"
        for name, pin in pins
        if _installed(name) not in (None, pin)
    ]
    if other:
        raise Problem(f"not as requirements.lock says: {_listed(other)}", MAKE_LAB, limited=True)
    there = sum(_installed(name) is not None for name, _pin in pins)
    return f"{there} packages, each as requirements.lock says"


def _required() -> list[Requirement]:
    """Return what the course asks for on this machine, without its extras."""
    asked = map(Requirement, importlib.metadata.requires("revise") or [])
    return [one for one in asked if not one.marker or one.marker.evaluate({"extra": ""})]


def _pins(lock: Path):
    for line in lock.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line)
            if not requirement.marker or requirement.marker.evaluate():
                (pin,) = requirement.specifier
                yield requirement.name, pin.version


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def folder(path: Path) -> str:
    """Write a file where ``path`` is or would be made, and look at the space left there."""
    there = next(one for one in (path, *path.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x" * 4096)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise Problem(
            f"{there} cannot be written: {why}", "Make it yours, or free space."
        ) from None
    free = shutil.disk_usage(there).free
    words = f"{path} can be written, {_size(free)} free"
    if free < MUCH_SPACE:
        raise Problem(words, "Free some space: projects take it.", limited=free >= LEAST_SPACE)
    return words


def memory() -> str:
    """Look at memory and cores."""
    free, cores = psutil.virtual_memory().available, os.cpu_count() or 1
    words = f"{_size(free)} of memory free, {cores} core{'s' if cores != 1 else ''}"
    if free < LEAST_MEMORY:
        raise Problem(
            words, "Close other programs: the servers of a section need it.", limited=True
        )
    return words


def kernel() -> str:
    """Look for JupyterLab and for the kernel that the notebooks name."""
    from revise.lab import KERNEL, require_kernel

    if not (version := _installed("jupyterlab")):
        raise Problem("JupyterLab is not installed", MAKE_LAB)
    require_kernel()
    return f"JupyterLab {version}, and the kernel {KERNEL!r} runs the course's Python"


def folders() -> list[Probe]:
    """Return the probes of the folders that a learner's work is written to."""
    from revise.progress import attempts
    from revise.sandbox import starters

    places = {
        "your answers": Course.find().root / "work",
        "your progress": attempts.path().parent,
        "ready projects": starters.cache_folder(),
        "temporary files": Path(tempfile.gettempdir()),
    }
    return [Probe("learner", name, lambda path=path: folder(path)) for name, path in places.items()]


def _size(number: int) -> str:
    return f"{number / (1 << 30):.1f} GB"


def _listed(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
