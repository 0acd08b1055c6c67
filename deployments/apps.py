from importlib import import_module

from django.apps import AppConfig


class DeploymentsConfig(AppConfig):
    name = "deployments"

    def ready(self) -> None:
        import_module("deployments.receivers")
        import_module("deployments.auto_receivers")
        import_module("deployments.tasks")
