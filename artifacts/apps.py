from importlib import import_module

from django.apps import AppConfig


class ArtifactsConfig(AppConfig):
    name = "artifacts"

    def ready(self) -> None:
        import_module("artifacts.receivers")
        import_module("artifacts.tasks")
