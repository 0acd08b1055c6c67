"""Typed reading of the JSON objects in a header."""

from __future__ import annotations

from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.jsontext import parse_object
from artifacts.formats.limits import Limits


class Fields:
    """One JSON object whose keys must all be in `known`; every failure is `bad_header`.

    `where` is the member, and inside it the path of the object, for messages.
    """

    def __init__(
        self, values: dict[str, object], where: str, limits: Limits, *, known: str
    ) -> None:
        self._values, self._where, self._limits = values, where, limits
        for key in values:
            if key not in known.split():
                raise self._bad(key, "is not a known key")

    @classmethod
    def parse(cls, raw: bytes, where: str, limits: Limits, *, known: str) -> Fields:
        """The object written as JSON text in `raw`."""
        return cls(parse_object(raw, where, limits), where, limits, known=known)

    def __contains__(self, key: str) -> bool:
        """Whether `key` is there and not null."""
        return self._values.get(key) is not None

    def fields(self, key: str, *, known: str) -> Fields:
        """The required object under `key`."""
        return Fields(self._mapping(key), f"{self._where}.{key}", self._limits, known=known)

    def each(self, key: str, *, known: str) -> list[Fields]:
        """The required list of objects under `key`."""
        items = []
        for item in self._list(key):
            if not isinstance(item, dict):
                raise self._bad(key, "must hold objects only")
            items.append(Fields(item, f"{self._where}.{key}", self._limits, known=known))
        return items

    def has(self, key: str) -> bool:
        """Whether `key` is there, be it null."""
        return key in self._values

    def number(self, key: str) -> int:
        """The required whole number under `key`."""
        value = self._values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._bad(key, "must be a whole number")
        return value

    def text(self, key: str) -> str:
        """The required text under `key`, not empty."""
        if not (text := self._text(key, self._values.get(key))):
            raise self._bad(key, "must not be empty")
        return text

    def optional_text(self, key: str) -> str:
        """The text under `key`; empty when there is none."""
        return self._text(key, self._values[key]) if key in self else ""

    def texts(self, key: str) -> list[str]:
        """The list of texts under `key`, each not empty; no list is an empty one."""
        items = [self._text(key, item) for item in self._list(key)] if key in self else []
        if "" in items:
            raise self._bad(key, "must not hold empty text")
        return items

    def text_map(self, key: str) -> dict[str, str]:
        """The object of texts under `key`; none is an empty one."""
        return {name: self._text(key, value) for name, value in self._pairs(key)}

    def choice_map(self, key: str) -> dict[str, list[str]]:
        """The object under `key` of texts or lists of texts, all as lists."""
        return {name: self._choices(key, value) for name, value in self._pairs(key)}

    def _choices(self, key: str, value: object) -> list[str]:
        items = value if isinstance(value, list) else [value]
        return [self._text(key, item) for item in items]

    def _pairs(self, key: str) -> list[tuple[str, object]]:
        pairs = list(self._mapping(key).items()) if key in self else []
        for name, _ in pairs:
            if not self._text(key, name):
                raise self._bad(key, "must not have an empty key")
        return pairs

    def _mapping(self, key: str) -> dict[str, object]:
        value = self._values.get(key)
        if not isinstance(value, dict):
            raise self._bad(key, "must be an object")
        return value

    def _list(self, key: str) -> list[object]:
        value = self._values.get(key)
        if not isinstance(value, list):
            raise self._bad(key, "must be a list")
        return value

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._bad(key, "must be text")
        if len(value) > self._limits.text or not value.isprintable():
            raise self._bad(key, f"must be printable text of at most {self._limits.text} letters")
        return value

    def _bad(self, key: str, problem: str) -> FormatError:
        return FormatError(Code.BAD_HEADER, f"{quoted(key)} in {self._where} {problem}.")
