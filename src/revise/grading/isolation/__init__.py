"""Running what learners wrote behind a wall: bubblewrap, namespaces, limits, a warm process that forks."""

from .nursery import run_job

__all__ = ["run_job"]
