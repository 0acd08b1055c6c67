"""The usual columns of a listing in a line each."""

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable

from query.columns import (
    BooleanColumn,
    IdColumn,
    MomentColumn,
    NumberColumn,
    TextColumn,
)
from query.comparisons import CodePoints
from query.compiling import Target
from query.listing import Column, Kind


def _key(read: str | Combinable) -> Any:
    return F(read) if isinstance(read, str) else read


def _defaults(more: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    return defaults | more


def text(name: str, help: str, *, path: str = "", **more: Any) -> Column:  # noqa: A002
    """A text column, sorted by code point; `path` is its ORM path where that is not its name."""
    path = path or name
    return Column(
        name=name,
        kind=Kind.TEXT,
        help=help,
        read=path,
        **_defaults(more, target=TextColumn(path), sort_by=CodePoints(F(path))),
    )


def choice(
    name: str,
    help: str,  # noqa: A002
    choices: tuple[str, ...] | list[str],
    *,
    path: str = "",
    **more: Any,
) -> Column:
    """One of a few words."""
    path = path or name
    return Column(
        name=name,
        kind=Kind.CHOICE,
        help=help,
        choices=tuple(choices),
        read=path,
        **_defaults(more, target=TextColumn(path), sort_by=CodePoints(F(path))),
    )


def number(name: str, help: str, *, read: str | Combinable = "", **more: Any) -> Column:  # noqa: A002
    """A number column, or an expression that comes to one."""
    read = read or name
    key = _key(read)
    return Column(
        name=name,
        kind=Kind.NUMBER,
        help=help,
        read=read,
        **_defaults(more, target=NumberColumn(key), sort_by=read),
    )


def boolean(name: str, help: str, *, read: str | Combinable = "", **more: Any) -> Column:  # noqa: A002
    read = read or name
    key = _key(read)
    return Column(
        name=name,
        kind=Kind.BOOLEAN,
        help=help,
        read=read,
        **_defaults(more, target=BooleanColumn(key)),
    )


def moment(name: str, help: str, *, read: str | Combinable = "", **more: Any) -> Column:  # noqa: A002
    """A point in time."""
    read = read or name
    key = _key(read)
    return Column(
        name=name,
        kind=Kind.MOMENT,
        help=help,
        read=read,
        **_defaults(more, target=MomentColumn(key), sort_by=read),
    )


def identifier(name: str, help: str, *, path: str = "", **more: Any) -> Column:  # noqa: A002
    """A UUID."""
    path = path or name
    return Column(
        name=name, kind=Kind.ID, help=help, read=path, **{"target": IdColumn(path)} | more
    )


def names(
    name: str,
    help: str,  # noqa: A002
    *,
    read: Combinable,
    target: Target,
    **more: Any,
) -> Column:
    """Several texts; `read` gives a JSON list of them, `target` says how to ask."""
    return Column(
        name=name,
        kind=Kind.SET,
        help=help,
        read=read,
        target=target,
        **more,
    )


def mapping(
    name: str,
    help: str,  # noqa: A002
    *,
    read: str | Combinable,
    target_at: Callable[[tuple[str, ...]], Target],
    **more: Any,
) -> Column:
    """Values by name, asked for as `name.key`; `read` gives a JSON object.

    With a `target` as well the names themselves can be asked for, as a set of texts.
    """
    return Column(name=name, kind=Kind.MAP, help=help, read=read, target_at=target_at, **more)


def json(name: str, help: str, *, read: str | Combinable = "", **more: Any) -> Column:  # noqa: A002
    """JSON that is shown and not asked about."""
    return Column(name=name, kind=Kind.JSON, help=help, read=read or name, **more)
