"""Numbers of artifacts that are promised before there is an artifact."""

from django.db import connection, transaction

from artifacts.models import Artifact

TABLE = Artifact._meta.db_table


def reserve_number() -> int:
    """The next number of an artifact: no other one will ever have it."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'number'))", [TABLE])
            return int(cursor.fetchone()[0])
        # Where SQLite keeps what AUTOINCREMENT has given; there is no row before the first.
        raised = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = %s RETURNING seq"
        cursor.execute(raised, [TABLE])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 1)", [TABLE])
        return int(found[0]) if found else 1
