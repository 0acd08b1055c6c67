"""What a list of things can be asked for, declared once: its columns.

The declaration feeds the filter language, the parameters of the address, sorting, the answer in
JSON and in CSV, completion, and the documentation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import F
from django.db.models.expressions import Combinable

from query.compiling import Target
from query.tree import Field


class Kind(StrEnum):
    """What the values of a column are, and so what can be asked of them."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    ID = "id"
    # Several texts, such as tags: a comparison holds if it does for some of them.
    SET = "set"
    # Values by name, asked for as `column.name`.
    MAP = "map"
    # Any JSON, to be read only.
    JSON = "json"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One named value of each row.

    `name` is what callers know it by, dotted where it belongs to a related thing. `read` is the
    path or the expression whose value is shown; `target` where conditions look, None for a column
    that is shown only; `target_at`, given the rest of the path, for the values of a MAP, whose
    names are asked for by `target` if it has one.
    `sort_by` is the path or expression that the column is sorted by, None where it cannot be;
    `is_nullable` says whether that can be NULL. `is_shown` is False for what is told only if
    `fields` names it (or of one thing alone). `is_indexed` promises that equality, and order where
    there is one, are found in an index on PostgreSQL; the tests hold it to that. `is_observed` says
    that the value changes without anybody changing the thing, such as when a device called.
    """

    name: str
    kind: Kind
    help: str
    read: str | Combinable | None = None
    target: Target | None = None
    target_at: Callable[[tuple[str, ...]], Target] | None = None
    choices: tuple[str, ...] = ()
    sort_by: str | Combinable | None = None
    is_nullable: bool = False
    is_shown: bool = True
    is_indexed: bool = False
    is_observed: bool = False
    example: str = ""
    # Turns what was read into what is told, where these differ.
    tell: Callable[[Any], Any] | None = None

    @property
    def expression(self) -> Combinable:
        """What to read, as an expression."""
        read = self.read if self.read is not None else self.name
        return F(read) if isinstance(read, str) else read

    @property
    def is_filterable(self) -> bool:
        return self.target is not None or self.target_at is not None


@dataclass(frozen=True, eq=False)
class Listing:
    """The columns of one kind of thing.

    `name` is the plural that addresses use; `key` the path of a unique integer that ends every
    order; `sort` the columns, "-" in front for descending, that a list begins sorted by.
    `named` says whether conditions may refer to saved filters by `filter==name`; `asked` are
    columns that conditions and orders can ask for and that are told of no row.
    """

    name: str
    columns: tuple[Column, ...]
    key: str = "number"
    sort: tuple[str, ...] = ()
    named: bool = False
    asked: tuple[Column, ...] = ()
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {column.name: column for column in (*self.columns, *self.asked)}
        object.__setattr__(self, "by_name", known)

    @cached_property
    def filterable(self) -> tuple[Column, ...]:
        return tuple(column for column in self.by_name.values() if column.is_filterable)

    @cached_property
    def sortable(self) -> tuple[Column, ...]:
        return tuple(column for column in self.by_name.values() if column.sort_by is not None)

    @cached_property
    def shown(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_shown)

    def find(self, selector: str) -> tuple[Column, tuple[str, ...]] | None:
        """The column that a selector names and the rest of the path, which only a MAP takes.

        The longest name wins; the name of the column counts whatever its case, what is behind it
        as it is spelt. None where there is no such column.
        """
        folded = selector.casefold()
        if folded in self.by_name:
            return self.by_name[folded], ()
        for column in self.columns:
            if column.kind == Kind.MAP and folded.startswith(f"{column.name}."):
                return column, (selector[len(column.name) + 1 :],)
        return None

    def target_of(self, asked: Field) -> Target:
        """Where the field (name of the column, rest of the path) of a condition is kept."""
        column = self.by_name[asked[0]]
        if column.target_at is not None and len(asked) > 1:
            return column.target_at(asked[1:])
        assert column.target is not None  # noqa: S101 - the parsers take what is filterable only
        return column.target
