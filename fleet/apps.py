from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class FleetConfig(AppConfig):
    name = "fleet"

    def ready(self) -> None:
        import_module("fleet.tasks")
        # Before the first connection, which learns from it what SQLite has no functions for.
        import_module("fleet.filters")
        import_module("fleet.own_language")
        from fleet.permissions import sync_groups  # noqa: PLC0415 - models load before this

        # Django's own auth app comes after ours: by its turn every permission exists.
        post_migrate.connect(sync_groups, sender=apps.get_app_config("auth"))
