"""Times as Mender writes them: RFC 3339, UTC, milliseconds."""

import re
from datetime import UTC, datetime, timedelta

from django.http import QueryDict

from fleet.errors import Invalid

# Callers send up to nine digits of a second and any offset.
STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
UNSET = "0001-01-01T00:00:00Z"


def stamp(moment: datetime) -> str:
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"


def read_stamp(text: object, field: str) -> datetime:
    """Raises Invalid("invalid_time")."""
    matched = STAMP.fullmatch(text) if isinstance(text, str) else None
    if matched is None:
        raise Invalid("invalid_time", f"{field}: not an RFC 3339 time", field=field)
    day, clock, fraction, offset = matched.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6]:0<6}{zone}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid("invalid_time", f"{field}: no such time", field=field) from error


def read_unix(text: str, field: str) -> datetime:
    """A moment given in whole Unix seconds, to the year 5138; raises Invalid("invalid_query")."""
    if not re.fullmatch(r"-?[0-9]{1,11}", text):
        raise Invalid("invalid_query", f'invalid {field} query: "{text[:64]}"', field=field)
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("invalid_query", f"{field}: no such time", field=field) from error


def read_period(query: QueryDict, name: str = "created") -> tuple[datetime | None, datetime | None]:
    """`created_after` and `created_before`: from the first moment to just before the second.

    They are whole Unix seconds, and all of such a second counts; raises Invalid("invalid_query").
    """
    after, before = query.get(f"{name}_after"), query.get(f"{name}_before")
    since = read_unix(after, f"{name}_after") if after else None
    until = read_unix(before, f"{name}_before") + timedelta(seconds=1) if before else None
    return since, until
