from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auditlog', '0002_configuration_actions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='auditentry',
            name='audit_action_is_known',
        ),
        migrations.RemoveIndex(
            model_name='auditentry',
            name='audit_newest',
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(choices=[('create', 'Create'), ('update', 'Update'), ('delete', 'Delete'), ('upload', 'Upload'), ('abort', 'Abort'), ('accept', 'Accept'), ('reject', 'Reject'), ('dismiss', 'Dismiss'), ('preauthorize', 'Preauthorize'), ('decommission', 'Decommission'), ('revoke', 'Revoke'), ('sign_in', 'Sign In'), ('sign_out', 'Sign Out'), ('set_configuration', 'Set Configuration'), ('deploy_configuration', 'Deploy Configuration'), ('pause', 'Pause'), ('resume', 'Resume'), ('retry', 'Retry')], max_length=32),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['organization_id', 'at', 'id'], name='audit_in_time'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['create', 'update', 'delete', 'upload', 'abort', 'accept', 'reject', 'dismiss', 'preauthorize', 'decommission', 'revoke', 'sign_in', 'sign_out', 'set_configuration', 'deploy_configuration', 'pause', 'resume', 'retry'])), name='audit_action_is_known'),
        ),
    ]
