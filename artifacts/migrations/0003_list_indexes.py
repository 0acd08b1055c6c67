import query.comparisons
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('artifacts', '0002_tags_and_pending_uploads'),
        ('fleet', '0005_list_indexes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='artifact',
            name='artifact_newest',
        ),
        migrations.AddIndex(
            model_name='artifact',
            index=models.Index(fields=['organization', 'modified_at', 'number'], name='artifacts_sorted_by_change'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(models.F('organization'), query.comparisons.CodePoints('name'), models.F('number'), name='releases_sorted_by_name'),
        ),
        migrations.AddIndex(
            model_name='release',
            index=models.Index(fields=['organization', 'modified_at', 'number'], name='releases_sorted_by_change'),
        ),
    ]
