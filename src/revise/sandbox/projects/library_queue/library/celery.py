"""The Celery app: what `celery -A library worker` runs, and what `task.delay()` sends to."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library.settings")

app = Celery("library")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
