"""What lists are sorted by, and on PostgreSQL which tags a device has, whatever their values."""

import query.comparisons
from django.db import migrations, models

# `jsonb_ops`: the other class cannot tell whether there is a name.
TAGS = "CREATE INDEX device_has_tag ON fleet_inventory USING gin ((attributes -> 'tags'))"


def create(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(TAGS)


def drop(_apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX device_has_tag")


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0004_saved_filter_query"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="authset",
            index=models.Index(fields=["created_at", "number"], name="auth_sets_sorted_by_age"),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                models.F("organization"),
                query.comparisons.CodePoints("name"),
                models.F("number"),
                name="devices_sorted_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                models.F("organization"),
                query.comparisons.CodePoints("status"),
                models.F("number"),
                name="devices_sorted_by_status",
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                models.F("organization"),
                query.comparisons.CodePoints("group"),
                models.F("number"),
                name="devices_sorted_by_group",
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                models.F("organization"),
                query.comparisons.CodePoints("device_type"),
                models.F("number"),
                name="devices_sorted_by_type",
            ),
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(
                fields=["organization", "created_at", "number"], name="devices_sorted_by_age"
            ),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(
                query.comparisons.CodePoints("key"),
                models.F("id"),
                name="organizations_sorted_by_key",
            ),
        ),
        migrations.AddIndex(
            model_name="savedfilter",
            index=models.Index(
                models.F("organization"),
                query.comparisons.CodePoints("name"),
                models.F("id"),
                name="filters_sorted_by_name",
            ),
        ),
        migrations.RunPython(create, drop, elidable=False),
    ]
