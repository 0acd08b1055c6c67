"""The tags that devices have are in the catalogue: one statement, whatever the size of the fleet."""

from django.db import migrations

FILL = """
INSERT INTO fleet_tag (
    organization_id, kind, name, description, colour,
    created_at, created_by, modified_at, modified_by
)
SELECT DISTINCT device.organization_id, 'device', {name}, '', '',
    CURRENT_TIMESTAMP, '', CURRENT_TIMESTAMP, ''
FROM fleet_inventory inventory
JOIN fleet_device device ON device.number = inventory.device_id
CROSS JOIN {names}
WHERE length({name}) <= 256
"""
NAMES = {
    "postgresql": {
        "name": "tag.name",
        "names": """LATERAL jsonb_object_keys(
            CASE jsonb_typeof(inventory.attributes -> 'tags')
                WHEN 'object' THEN inventory.attributes -> 'tags' ELSE '{}' END
        ) AS tag (name)""",
    },
    "sqlite": {"name": "tag.key", "names": "json_each(inventory.attributes, '$.tags') AS tag"},
}


def fill(_apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute(FILL.format(**NAMES[editor.connection.vendor]))


class Migration(migrations.Migration):
    dependencies = [("fleet", "0007_targets")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
