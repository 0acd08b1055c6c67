"""Saved filters get a number, as devices and deployments have: the table is made anew with it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import query.comparisons


def copy(apps, schema_editor):
    old, new = apps.get_model("fleet", "SavedFilter"), apps.get_model("fleet", "NumberedFilter")
    rows = old.objects.using(schema_editor.connection.alias).order_by("created_at", "id")
    batch = []
    for row in rows.iterator(chunk_size=500):
        batch.append(
            new(
                id=row.id,
                organization_id=row.organization_id,
                name=row.name,
                terms=row.terms,
                query=row.query,
                created_at=row.created_at,
                created_by=row.created_by,
                modified_at=row.created_at,
                modified_by=row.created_by,
            )
        )
        if len(batch) == 500:
            new.objects.bulk_create(batch)
            batch = []
    new.objects.bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [("fleet", "0005_list_indexes")]

    operations = [
        migrations.RemoveIndex("savedfilter", "filters_sorted_by_name"),
        migrations.RemoveConstraint("savedfilter", "one_saved_filter_per_name_and_organization"),
        migrations.CreateModel(
            name="NumberedFilter",
            fields=[
                ("number", models.AutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=256)),
                ("terms", models.JSONField(default=list)),
                ("query", models.TextField(blank=True, default="")),
                (
                    "language",
                    models.CharField(
                        choices=[("fiql", "FIQL"), ("hawkbit", "hawkBit's RSQL")],
                        default="fiql",
                        editable=False,
                        max_length=7,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("created_by", models.CharField(blank=True, editable=False, max_length=512)),
                (
                    "modified_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("modified_by", models.CharField(blank=True, editable=False, max_length=512)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="fleet.organization",
                    ),
                ),
            ],
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.DeleteModel("SavedFilter"),
        migrations.RenameModel("NumberedFilter", "SavedFilter"),
        migrations.AlterModelOptions("savedfilter", {"ordering": ["name"]}),
        migrations.AlterField(
            "savedfilter",
            "organization",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_filters",
                to="fleet.organization",
            ),
        ),
        migrations.AddConstraint(
            "savedfilter",
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_saved_filter_per_name_and_organization"
            ),
        ),
        migrations.AddIndex(
            "savedfilter",
            models.Index(
                models.F("organization"),
                query.comparisons.CodePoints("name"),
                models.F("number"),
                name="filters_sorted_by_name",
            ),
        ),
    ]
