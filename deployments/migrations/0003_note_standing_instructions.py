from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def note(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now a device held an instruction exactly while its row had an artifact."""
    rows = apps.get_model("deployments", "DeviceDeployment").objects
    rows.using(schema_editor.connection.alias).filter(artifact__isnull=False).update(
        is_instructed=True
    )


class Migration(migrations.Migration):
    dependencies = [("deployments", "0002_dynamic_configuration_and_control_maps")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
