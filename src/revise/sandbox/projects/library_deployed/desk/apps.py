from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self):
        """Load the release's number at the start, with the models: so a master that preloads has it too."""
        from . import release
