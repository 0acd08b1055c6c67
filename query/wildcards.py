r"""Patterns with `*` for any run of characters: of a whole text, by code point.

In a tree `\*` is a star and `\\` a backslash, wherever they stand.
"""

import re
from collections.abc import Sequence

STAR = "*"
_ESCAPED = re.compile(r"([\\*])")
_TOKEN = re.compile(r"\\(.)|(\*)|([^\\*]+)", re.DOTALL)
# What a glob takes for a wildcard.
_GLOBBED = re.compile(r"([*?\[])")
_SPECIAL = re.compile(r"([\\%_])")
_NOT_PLAIN = re.compile(r"([^A-Za-z0-9\u0080-\U0010ffff])")


def pattern_of(pieces: Sequence[str]) -> str:
    """The pattern of the literal pieces between its stars; several stars in a row are one."""
    first, *others = pieces
    kept = [first, *(piece for piece in others[:-1] if piece), *others[-1:]]
    return STAR.join(_ESCAPED.sub(r"\\\1", piece) for piece in kept)


def pieces_of(pattern: str) -> list[str]:
    """The opposite of `pattern_of`."""
    pieces = [""]
    for found in _TOKEN.finditer(pattern):
        escaped, star, literal = found.groups()
        if not star:
            pieces[-1] += escaped or literal
        else:
            pieces.append("")
    return pieces


def prefix_of(pattern: str) -> str:
    """What every text begins with that the pattern describes."""
    return pieces_of(pattern)[0]


def is_like(pattern: str, text: str) -> bool:
    first, *others = pieces_of(pattern)
    if not others:
        return text == first
    *middle, last = others
    position, end = len(first), len(text) - len(last)
    if not text.startswith(first) or end < position or not text.endswith(last):
        return False
    for piece in middle:
        position = text.find(piece, position, end)
        if position < 0:
            return False
        position += len(piece)
    return True


def glob(pattern: str) -> str:
    """For SQLite's GLOB."""
    return STAR.join(_GLOBBED.sub(r"[\1]", piece) for piece in pieces_of(pattern))


def like(pattern: str) -> str:
    """For PostgreSQL's LIKE."""
    return "%".join(_SPECIAL.sub(r"\\\1", piece) for piece in pieces_of(pattern))


def expression(pattern: str) -> str:
    """For PostgreSQL's regular expressions, in which a point is any character."""
    spelt = ".*".join(_NOT_PLAIN.sub(r"\\\1", piece) for piece in pieces_of(pattern))
    return f"^{spelt}$"
