"""Every organization gets its first types, every Mender artifact its software module."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from artifacts.default_types import MENDER, make_default_types

BATCH = 500


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias

    def rows(app: str, model: str) -> Any:
        return apps.get_model(app, model).objects.using(alias)

    module_types, release_types = (rows("artifacts", f"{kind}Type") for kind in ("Module", "Release"))
    for organization_id in rows("fleet", "Organization").values_list("pk", flat=True):
        make_default_types(organization_id, module_types.all(), release_types.all())
        release_type = release_types.get(organization_id=organization_id, key=MENDER)
        releases = rows("artifacts", "Release").filter(organization_id=organization_id)
        releases.filter(type__isnull=True).update(type=release_type)
        module_type = module_types.get(organization_id=organization_id, key=MENDER)
        _make_modules(apps, alias, organization_id, module_type.pk)


def _make_modules(apps: StateApps, alias: str, organization_id: Any, type_id: int) -> None:
    module_model = apps.get_model("artifacts", "SoftwareModule")
    part_model = apps.get_model("artifacts", "Release").modules.through
    artifacts = apps.get_model("artifacts", "Artifact").objects.using(alias)
    mine = artifacts.filter(organization_id=organization_id, module__isnull=True)
    while batch := list(mine.select_related("release").order_by("number")[:BATCH]):
        modules = module_model.objects.using(alias).bulk_create(
            module_model(
                organization_id=organization_id,
                type_id=type_id,
                name=artifact.release.name,
                version=artifact.release.version,
                artifact=artifact,
                created_at=artifact.created_at,
                modified_at=artifact.modified_at,
            )
            for artifact in batch
        )
        part_model.objects.using(alias).bulk_create(
            part_model(release_id=module.artifact.release_id, softwaremodule_id=module.pk)
            for module in modules
        )


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0005_tag_catalogue"), ("fleet", "0008_tag_catalogue")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
