"""Fields as hawkBit has them, in a line each: names in small letters, texts whatever their case."""

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.expressions import Combinable, Expression

from deployments.derived import Derived
from query.columns import NOTHING, BooleanColumn, MomentColumn, NumberColumn
from query.comparisons import CodePoints
from query.compiling import EVERYTHING, Target
from query.folded import FoldedText
from query.listing import Column, Kind
from query.tree import Operator, Value


class Truth:
    """True where the rule holds, as a condition that the database finds quickly."""

    def __init__(self, read: Expression, rule: Callable[[], Q]) -> None:
        self.read, self.rule = read, rule

    def exists(self) -> Q:
        return EVERYTHING

    def compare(self, operator: Operator, value: Value) -> Q:
        wanted = value if isinstance(value, tuple) else (value,)
        found = NOTHING
        for each in wanted:
            found |= self.rule() if each is True else ~self.rule()
        return found

    def has_key(self) -> Q:
        return EVERYTHING

    def sort_keys(self) -> list[Expression | F]:
        return [self.read]


def text(name: str, *, path: str | Combinable = "", **more: Any) -> Column:
    """A text column, sorted by code point; `path` where it is not called by its name."""
    path = path or name
    key = F(path) if isinstance(path, str) else path
    facts: dict[str, Any] = {"target": FoldedText(path), "sort_by": CodePoints(key)} | more
    return Column(name=name, kind=Kind.TEXT, help="", **facts)


def number(name: str, *, read: str | Combinable = "", **more: Any) -> Column:
    read = read or name
    facts: dict[str, Any] = {"target": NumberColumn(_key(read)), "sort_by": read} | more
    return Column(name=name, kind=Kind.NUMBER, help="", **facts)


def moment(name: str, *, read: str | Combinable = "", **more: Any) -> Column:
    """A point in time, said in milliseconds since 1970."""
    read = read or name
    facts: dict[str, Any] = {"target": MomentColumn(_key(read)), "sort_by": read} | more
    return Column(name=name, kind=Kind.MOMENT, help="", **facts)


def boolean(name: str, *, read: str | Combinable = "", **more: Any) -> Column:
    read = read or name
    facts: dict[str, Any] = {"target": BooleanColumn(_key(read)), "sort_by": read} | more
    return Column(name=name, kind=Kind.BOOLEAN, help="", **facts)


def truth(name: str, rule: Callable[[], Q]) -> Column:
    """Whether something is so that no column holds."""
    derived = Derived(
        lambda: ExpressionWrapper(rule(), output_field=BooleanField()), BooleanField()
    )
    return Column(
        name=name, kind=Kind.BOOLEAN, help="", target=Truth(derived, rule), sort_by=derived
    )


def choice(name: str, words: tuple[str, ...], target: Target, **more: Any) -> Column:
    """One of a few words."""
    return Column(name=name, kind=Kind.CHOICE, help="", choices=words, target=target, **more)


def names(name: str, target: Target) -> Column:
    """Several texts."""
    return Column(name=name, kind=Kind.SET, help="", target=target)


def mapping(name: str, target_at: Callable[[str], Target]) -> Column:
    """Texts by name, asked for as `field.name`."""
    return Column(name=name, kind=Kind.MAP, help="", target_at=lambda path: target_at(path[0]))


def of(name: str, target: Target, kind: Kind = Kind.TEXT) -> Column:
    """What is asked for elsewhere, and not sorted by."""
    return Column(name=name, kind=kind, help="", target=target)


def authored(
    created_at: str | Combinable = "created_at",
    created_by: str = "created_by",
    modified_at: str | Combinable = "modified_at",
    modified_by: str = "modified_by",
) -> tuple[Column, ...]:
    """When it was made and changed, and by whom."""
    return (
        moment("createdat", read=created_at),
        text("createdby", path=created_by),
        moment("lastmodifiedat", read=modified_at, is_nullable=True),
        text("lastmodifiedby", path=modified_by),
    )


def _key(read: str | Combinable) -> Any:
    return F(read) if isinstance(read, str) else read
