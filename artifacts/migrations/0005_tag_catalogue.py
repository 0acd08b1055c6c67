"""The tags that releases have are in the catalogue."""

from django.db import migrations

FILL = """
INSERT INTO fleet_tag (
    organization_id, kind, name, description, colour,
    created_at, created_by, modified_at, modified_by
)
SELECT DISTINCT release.organization_id, 'release', tag.name, '', '',
    CURRENT_TIMESTAMP, '', CURRENT_TIMESTAMP, ''
FROM artifacts_releasetag tag
JOIN artifacts_release release ON release.number = tag.release_id
"""


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0004_software_modules"), ("fleet", "0008_tag_catalogue")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True)]
