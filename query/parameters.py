"""Parameters of an address that select rows of a list: a FilterSet made of its columns.

What a parameter means is what the same question in FIQL means, without its signs: there are no
wildcards, and a text is all that stands behind the equals sign.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django_filters import Filter, FilterSet

from query.asking import NotUnderstood
from query.compiling import compiled
from query.fiql.errors import Misread
from query.fiql.meaning import Question, condition_of
from query.fiql.sentences import LIMITS, Asked, Literal
from query.fiql.words import Word
from query.listing import Column, Kind, Listing
from query.searching import found_by

# Of these a parameter takes several, with commas between them.
SEVERAL = frozenset({Kind.CHOICE, Kind.ID, Kind.SET, Kind.MAP})
LONGEST = LIMITS.length


class Parameter(Filter):  # type: ignore[misc] # it comes without types
    """One question to one column, asked where the parameter is given and not empty."""

    field_class = forms.CharField

    def __init__(self, listing: Listing, column: Column, name: str, word: Word) -> None:
        super().__init__(label=name, help_text=_help(column, word), strip=False)
        self.listing, self.column, self.name, self.word = listing, column, name, word

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Raises NotUnderstood."""
        return qs.filter(self._asked(value)) if value else qs

    def _asked(self, value: str) -> Q:
        if len(value) > LONGEST:
            raise NotUnderstood(self.name, f"{self.name}: at most {LONGEST} characters.")
        if self.column in self.listing.asked:
            return compiled(found_by(value), self.listing.target_of)
        texts = value.split(",") if self.takes_several else [value]
        literals = tuple(Literal(text, 0, len(text), is_quoted=True) for text in texts if text)
        if not 1 <= len(literals) <= LIMITS.values:
            raise NotUnderstood(self.name, f"{self.name}: 1 to {LIMITS.values} values.")
        selector = Literal(self.column.name, 0, 0)
        asked = Asked(selector, self.word, 0, literals, 0, 0)
        question = Question(self.column, (self.column.name,), asked, datetime.now(UTC))
        try:
            return compiled(condition_of(question), self.listing.target_of)
        except Misread as error:
            raise NotUnderstood(self.name, f"{error.message}.") from error

    @property
    def takes_several(self) -> bool:
        return self.word == Word.IN and self.column.kind in SEVERAL


@lru_cache(maxsize=64)
def parameters_of(listing: Listing) -> type[FilterSet]:
    """The class with a filter for each parameter, by its name.

    `name=`, `status=accepted,pending`, `created_at_after=` (from then on), `created_at_before=`,
    `size=`, `size_min=`, `size_max=` (with the number itself).
    """
    filters = {each.name: each for column in listing.filterable for each in _of(listing, column)}
    name = listing.name.title().replace("-", "")
    return type(f"{name}Parameters", (FilterSet,), filters)


def selected(rows: QuerySet[Any], query: QueryDict, listing: Listing) -> QuerySet[Any]:
    """The rows that all parameters of the address select; raises NotUnderstood."""
    kind = parameters_of(listing)
    for name in kind.base_filters:
        if len(query.getlist(name)) > 1:
            raise NotUnderstood(name, f"The parameter {name} comes once.")
    given: Mapping[str, Any] = {name: query[name] for name in kind.base_filters if name in query}
    if not given:
        return rows
    found = kind(given, queryset=rows)
    if not found.is_valid():
        name, errors = next(iter(found.errors.items()))
        raise NotUnderstood(name, f"{name}: {errors[0]}")
    chosen: QuerySet[Any] = found.qs
    return chosen


def _of(listing: Listing, column: Column) -> Iterator[Parameter]:
    name = column.name
    if column.target is None:
        return
    if column.kind != Kind.MOMENT:
        yield Parameter(listing, column, name, Word.IN)
    if column.kind == Kind.MOMENT:
        yield Parameter(listing, column, f"{name}_after", Word.GREATER_OR_SAME)
        yield Parameter(listing, column, f"{name}_before", Word.LESS)
    if column.kind == Kind.NUMBER:
        yield Parameter(listing, column, f"{name}_min", Word.GREATER_OR_SAME)
        yield Parameter(listing, column, f"{name}_max", Word.LESS_OR_SAME)


def _help(column: Column, word: Word) -> str:
    if column.kind == Kind.MOMENT:
        when = "At this time or later" if word == Word.GREATER_OR_SAME else "Before this time"
        return f"{column.help}. {when}: RFC 3339, a day, milliseconds since 1970, or as now-7d"
    if word != Word.IN:
        return f"{column.help}. {'At least' if word == Word.GREATER_OR_SAME else 'At most'} this"
    if column.kind == Kind.CHOICE:
        return f"{column.help}: {', '.join(column.choices)}; several with commas between them"
    return f"{column.help}. Several with commas between" if column.kind in SEVERAL else column.help
