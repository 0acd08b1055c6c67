from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployments", "0006_rollouts")]

    operations = [
        migrations.AddField(
            model_name="devicedeployment",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
