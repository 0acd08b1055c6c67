from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        import_module("api.tasks")
        import_module("api.hawkbit.rsql.spoken")
