from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "board"

    def ready(self):
        """Load what listens to changes, in every process."""
        if find_spec("board.shelf"):
            import_module("board.shelf")
