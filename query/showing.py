"""What is told of each row of a list: some of its columns, or members of those that are maps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from query.asking import NotUnderstood, like
from query.json_paths import Member
from query.listing import Column, Listing

MOST = 100
KEY_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Shown:
    """A column by the name it was asked for; `key` is the member of a MAP that is wanted."""

    name: str
    column: Column
    key: str = ""

    @property
    def expression(self) -> Combinable:
        """What is read for `told`."""
        if self.key and not self.column.tell:
            return Member(self.column.expression, self.key)
        return self.column.expression

    def told(self, value: Any) -> Any:
        """The value read as callers get it: what JSON knows, moments in RFC 3339."""
        if self.column.tell:
            value = self.column.tell(value)
            if self.key:
                value = (value or {}).get(self.key)
        return moment_text(value) if isinstance(value, datetime) else value


def shown_of(columns: Iterable[Column]) -> tuple[Shown, ...]:
    return tuple(Shown(column.name, column) for column in columns)


def read_fields(text: str, listing: Listing) -> tuple[Shown, ...]:
    """The columns of `name,tag.region`, those of the list if it is empty; raises NotUnderstood."""
    if not text:
        return shown_of(listing.shown)
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    if len(names) > MOST:
        raise NotUnderstood("fields", f"At most {MOST} columns are shown.")
    return tuple(_shown(name, listing) for name in names)


def told_rows(rows: QuerySet[Any], shown: tuple[Shown, ...]) -> list[dict[str, Any]]:
    """The rows as callers get them: one query, only what the columns read."""
    names = {f"column_{index}": each.expression for index, each in enumerate(shown)}
    return [told(values, shown) for values in rows.annotate(**names).values_list(*names)]


def told(values: Iterable[Any], shown: tuple[Shown, ...]) -> dict[str, Any]:
    return {each.name: each.told(value) for each, value in zip(shown, values, strict=True)}


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC to the microsecond, always as long."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _shown(name: str, listing: Listing) -> Shown:
    found = listing.find(name)
    if found is None or found[0] not in listing.columns or len(name) > KEY_LENGTH:
        names = [column.name for column in listing.columns]
        text = f"There is no column {name[:64]!r}{like(name, names)}."
        raise NotUnderstood("fields", text)
    column, path = found
    return (
        Shown(f"{column.name}.{path[0]}", column, path[0]) if path else Shown(column.name, column)
    )
