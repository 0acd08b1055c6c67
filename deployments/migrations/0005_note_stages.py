from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F
from django.utils import timezone


def note(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What came about before anybody listened is not told any more."""
    alias = schema_editor.connection.alias
    phases = apps.get_model("deployments", "Phase").objects.using(alias)
    rows = apps.get_model("deployments", "DeviceDeployment").objects.using(alias)
    deployments = apps.get_model("deployments", "Deployment").objects.using(alias)
    phases.filter(starts_at__lte=timezone.now()).update(stage="opened")
    phases.filter(deployment__finished_at__isnull=False).update(stage="finished")
    begun = rows.filter(admitted_at__isnull=False).order_by().values("deployment").distinct()
    deployments.filter(number__in=begun).update(started_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("deployments", "0004_pause_and_retry")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
