from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self):
        from . import schema  # drf-spectacular knows the extensions that are imported
