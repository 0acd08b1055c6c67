import query.comparisons
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deployments', '0003_note_standing_instructions'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='deployment',
            name='deployment_newest',
        ),
        migrations.AddField(
            model_name='deployment',
            name='paused_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='deployment',
            name='paused_by',
            field=models.CharField(blank=True, editable=False, max_length=512),
        ),
        migrations.AddField(
            model_name='deployment',
            name='paused_reason',
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name='deployment',
            name='started_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='devicedeployment',
            name='attempts_before',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='phase',
            name='stage',
            field=models.CharField(choices=[('closed', 'Closed'), ('opened', 'Opened'), ('filled', 'Filled'), ('finished', 'Finished')], default='closed', editable=False, max_length=8),
        ),
        migrations.AddIndex(
            model_name='deployment',
            index=models.Index(fields=['organization', 'created_at', 'number'], name='deployments_sorted_by_age'),
        ),
        migrations.AddIndex(
            model_name='deployment',
            index=models.Index(fields=['organization', 'finished_at', 'number'], name='deployments_sorted_by_end'),
        ),
        migrations.AddIndex(
            model_name='deployment',
            index=models.Index(models.F('organization'), query.comparisons.CodePoints('name'), models.F('number'), name='deployments_sorted_by_name'),
        ),
        migrations.AddIndex(
            model_name='deployment',
            index=models.Index(fields=['organization', 'number'], name='deployments_in_order'),
        ),
        migrations.AddIndex(
            model_name='deployment',
            index=models.Index(fields=['organization', 'name'], name='deployments_by_name'),
        ),
        migrations.AddIndex(
            model_name='devicedeployment',
            index=models.Index(fields=['deployment', 'number'], name='rows_of_a_deployment'),
        ),
        migrations.AddIndex(
            model_name='devicedeployment',
            index=models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['finished_at', 'deployment', 'state'], name='rows_by_end'),
        ),
        migrations.AddConstraint(
            model_name='deployment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at__isnull', True), ('paused_by', ''), ('paused_reason', '')), models.Q(('finished_at__isnull', True), ('paused_at__isnull', False)), _connector='OR'), name='paused_deployment_is_active'),
        ),
    ]
