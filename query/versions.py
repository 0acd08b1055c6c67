"""The order of version texts: 3.9 before 3.10, and 3.10-rc1 before 3.10."""

import re

Part = tuple[int, int, str]
VersionKey = tuple[Part, ...]

_RUNS = re.compile(r"([0-9]+)|[^0-9]+")
# What a text means that stands behind a number: this is what comes before that version.
_EARLY = re.compile(r"~.*|[-._+ ]*(alpha|beta|dev|pre|preview|rc|snapshot)[-._+ ]*", re.I | re.S)
_BEFORE_THE_END, _END, _NUMBER, _TEXT = range(4)
_LAST: Part = (_END, 0, "")


def version_key(text: str) -> VersionKey:
    """What versions are sorted and compared by; takes any text.

    Digits compare as numbers of any length, what is between them by code point, and what goes on
    comes after what ends: 3.9 < 3.10 < 3.10.0 < 3.10.1 < 3.10a. Behind a number `~` and the words
    alpha, beta, dev, pre, preview, rc and snapshot, in any case, come before its end:
    3.10-beta < 3.10-rc1 < 3.10. Versions that differ in leading zeros alone are equal. The empty
    text comes first. Source: Semantic Versioning 2.0.0, 11, made to take any text.
    """
    parts = [_part(found) for found in _RUNS.finditer(text)]
    return (*parts, _LAST)


def _part(found: re.Match[str]) -> Part:
    if digits := found[1]:
        number = digits.lstrip("0")
        return _NUMBER, len(number), number
    run = found[0]
    is_early = found.start() > 0 and _EARLY.fullmatch(run)
    return (_BEFORE_THE_END if is_early else _TEXT), 0, run
