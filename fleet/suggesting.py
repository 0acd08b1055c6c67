"""What could be typed next into the filter of the list of devices."""

import re
from collections.abc import Iterator
from dataclasses import replace

from fleet.attribute_counts import attributes_in_use, values_in_use
from fleet.listing.devices import DEVICES
from fleet.models import Organization, SavedFilter
from fleet.models.device import DeviceQuerySet
from query.completion import Suggestion, complete
from query.fiql.fields import NAMED
from query.fiql.words import RUN
from query.listing import Column

MOST = 30
# The columns that few different values are in, and the scopes that maps stand for.
COLUMNS = {"device_type": "device_type", "software": "software", "group": "group"}
SCOPES = {"attribute": "inventory", "tag": "tags", "identity": "identity", "monitor": "monitor"}
_IN_A_MAP = re.compile(rf"(?:^|[;,(\s])(?P<field>({'|'.join(SCOPES)})\.(?P<key>[^=!<>;,()\s]*))$")


def suggestions(
    devices: DeviceQuerySet, organization: Organization, q: str, at: int
) -> list[Suggestion]:
    """The best first; of names and values only those that these devices have."""

    def values(column: Column, key: str, begun: str) -> list[str]:
        if column.name == NAMED:
            return _names(organization, begun)
        if key and column.name in SCOPES:
            return _values_of_key(devices, SCOPES[column.name], key, begun)
        return _values(devices, column.name, begun)

    found = list(_keys(devices, q, at)) or complete(q, at, DEVICES, values)
    others = [each for each in found if each.text != q[each.start : each.end]]
    if len(others) < len(found):
        others = _behind(q, at) + others
    return others[:MOST]


def _behind(q: str, at: int) -> list[Suggestion]:
    """What could follow a word that is written to its end."""
    following = complete(f"{q[:at]} ", at + 1, DEVICES)
    return [replace(each, start=at, end=at) for each in following]


def _keys(devices: DeviceQuerySet, q: str, at: int) -> Iterator[Suggestion]:
    """Names behind `attribute.` and the like, the most frequent first."""
    asked = _IN_A_MAP.search(q[:at])
    if asked is None:
        return
    behind = RUN.match(q, at)
    end = behind.end() if behind else at
    scope, key = SCOPES[asked[2]], asked["key"].casefold()
    for each in attributes_in_use(devices):
        if each.scope == scope and each.name.casefold().startswith(key):
            name = each.name if RUN.fullmatch(each.name) else f"'{_escaped(each.name)}'"
            told = f"{each.count:,} device{'' if each.count == 1 else 's'}"
            yield Suggestion(f"{asked[2]}.{name}", asked.start("field"), end, "column", told)


def _names(organization: Organization, begun: str) -> list[str]:
    rows = SavedFilter.objects.filter(organization=organization, name__istartswith=begun)
    return list(rows.order_by("name").values_list("name", flat=True)[:MOST])


def _values(devices: DeviceQuerySet, column: str, begun: str) -> list[str]:
    if column not in COLUMNS:
        return []
    path = COLUMNS[column]
    rows = devices.filter(**{f"{path}__startswith": begun}).exclude(**{path: ""})
    return list(rows.order_by(path).values_list(path, flat=True).distinct()[:MOST])


def _values_of_key(devices: DeviceQuerySet, scope: str, key: str, begun: str) -> list[str]:
    if scope not in {"inventory", "tags"}:
        return []
    known = [str(value) for value, _ in values_in_use(devices, scope, key)]
    return [value for value in known if value.startswith(begun)][:MOST]


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")
