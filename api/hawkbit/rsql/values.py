"""What a literal stands for, where hawkBit reads it in another way than FIQL."""

import re
from datetime import datetime

from api.hawkbit.rsql.errors import no_word
from query.fiql.sentences import Literal
from query.fiql.values import Pattern, Values, time_of, wrong
from query.listing import Column, Kind
from query.tree import Bare, Scalar, is_number
from query.wildcards import pattern_of

_STAR = re.compile(r"(\\\*)|\*")
_EPOCH = re.compile(r"[0-9]{1,15}", re.ASCII)
_OPEN = frozenset({Kind.TEXT, Kind.SET, Kind.MAP})


class HawkbitValues(Values):
    def exact(self, column: Column, literal: Literal) -> Scalar | Bare:
        if column.kind == Kind.MAP:
            return Bare(literal.text) if is_number(literal.text) else literal.text
        if column.kind == Kind.CHOICE and literal.text not in column.choices:
            raise no_word(column.name, literal, column.choices)
        return super().exact(column, literal)

    def similar(self, column: Column, literal: Literal) -> Scalar | Bare | Pattern:
        r"""A backslash makes a star of `\*` only where another `*` is a wildcard."""
        if column.kind not in _OPEN:
            return self.exact(column, literal)
        pieces, position, piece = list[str](), 0, ""
        for found in _STAR.finditer(literal.text):
            piece += literal.text[position : found.start()]
            position = found.end()
            if found[1]:
                piece += "*"
            else:
                pieces.append(piece)
                piece = ""
        if not pieces:
            return self.exact(column, literal)
        return Pattern(pattern_of([*pieces, piece + literal.text[position:]]))

    def time_of(self, column: Column, literal: Literal, now: datetime) -> tuple[str, str]:
        """Milliseconds since 1970, and nothing else."""
        if not _EPOCH.fullmatch(literal.text):
            raise wrong(column, literal, ("milliseconds since 1970",))
        return time_of(column, literal, now)


VALUES = HawkbitValues()
