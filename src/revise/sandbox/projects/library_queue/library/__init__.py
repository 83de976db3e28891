"""The project. Importing it makes the Celery app the one that @shared_task belongs to."""

from .celery import app as celery_app

__all__ = ["celery_app"]
