"""Telling a call that met another one in the database from a failure of ours."""

from django.db import DatabaseError
from django.db.models import ProtectedError

# Of PostgreSQL: a foreign key, a unique one, serialization, a deadlock; of SQLite: the first two.
TOO_LATE = frozenset(
    {
        "23503",
        "23505",
        "40001",
        "40P01",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "SQLITE_CONSTRAINT_UNIQUE",
    }
)


def has_met_another(error: Exception) -> bool:
    """Whether the database let another call go first: what this one refers to has just gone, or
    each waited for the other."""
    cause = error.__cause__
    names = {getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)}
    is_late = isinstance(error, DatabaseError) and not names.isdisjoint(TOO_LATE)
    return is_late or isinstance(error, ProtectedError)
