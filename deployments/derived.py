"""What lists tell of deployments and their devices that no column of the database holds."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, F, Field, Q
from django.db.models.expressions import Expression

from deployments.models import effective_state, has_status, is_cut_off, status_case
from deployments.states import OPEN, State, Status
from query.columns import NOTHING, TextValue
from query.compiling import EVERYTHING
from query.tree import Operator, Value


class Derived(Expression):
    """An expression that is made anew for each query: the clock takes part in it."""

    def __init__(
        self, make: Callable[[], Any], output_field: "Field[Any, Any] | None" = None
    ) -> None:
        super().__init__(output_field=output_field or CharField())
        self.make = make

    def resolve_expression(self, *args: Any, **options: Any) -> Any:
        return self.make().resolve_expression(*args, **options)


STATUS = Derived(status_case)
STATE = Derived(effective_state)


class Word:
    """One of a few words, each with a condition of its own that the database finds quickly."""

    def __init__(self, read: Expression, words: Iterable[str], rule: Callable[[str], Q]) -> None:
        self.read, self.words, self.rule = read, frozenset(words), rule

    def exists(self) -> Q:
        return EVERYTHING

    def compare(self, operator: Operator, value: Value) -> Q:
        if operator not in {Operator.EQUAL, Operator.IN}:
            return TextValue(self.read).compare(operator, value)
        wanted = value if isinstance(value, tuple) else (value,)
        known = [word for word in wanted if isinstance(word, str) and word in self.words]
        return reduce(or_, (self.rule(word) for word in known), NOTHING)

    def has_key(self) -> Q:
        return EVERYTHING

    def sort_keys(self) -> list[Expression | F]:
        return [self.read]


def _in_state(word: str) -> Q:
    cut_off = is_cut_off()
    if word == State.ABORTED:
        return Q(state=word) | cut_off
    return Q(state=word) & ~cut_off if State(word) in OPEN else Q(state=word)


STATUS_WORD = Word(STATUS, Status.values, lambda word: has_status(Status(word)))
STATE_WORD = Word(STATE, State.values, _in_state)
