r"""Regular expressions that mean the same to RE2 and to PostgreSQL, and take linear time in both.

What is taken: literals, `.`, `^`, `$`, `|`, groups, sets, `\d \w \s` (ASCII) and their
opposites, escapes of punctuation and `\n \r \t \f \v`, and `* + ? {m,n}` up to 255. There are no
references back, no looking around and no flags: nothing that a matcher would have to try twice.
"""

import re
from functools import lru_cache
from typing import Any

import re2

from query.tree import Unsupported

LENGTH = 256
REPEATS = 255
# What RE2 may spend on one pattern: repeats within repeats come to an end here.
MEMORY = 1 << 20
SETS = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f\v"}
TOKEN = re.compile(
    r"""
    \\(?P<kind>[dwsDWS])
    | \\(?P<escaped>[^A-Za-z0-9])
    | \\(?P<control>[nrtfv])
    | (?P<set>\[(?:\\.|[^\[\]\\])+\])
    | (?P<repeat>[*+?]\??|\{(?P<least>[0-9]{1,3})(?:,(?P<most>[0-9]{0,3}))?\}\??)
    | (?P<opening>\(\?:|[(|])
    | (?P<closing>\))
    | (?P<anchor>[\^$])
    | (?P<plain>[^\\\[\](){}*+?|^$])
    """,
    re.VERBOSE | re.DOTALL,
)
IN_A_SET = re.compile(
    r"""
    \\([dws])
    | (?: \\[^A-Za-z0-9] | \\[nrtfv] | [^\\] )
        (?: - (?: \\[^A-Za-z0-9] | \\[nrtfv] | [^\\] ) )?
    """,
    re.VERBOSE | re.DOTALL,
)
LITERAL = re.compile(r"\\([^A-Za-z0-9])|([^\\\[\](){}*+?|^$.])", re.DOTALL)


@lru_cache(maxsize=256)
def checked(pattern: str) -> str:
    """The pattern in the common tongue of both engines; raises Unsupported."""
    if len(pattern) > LENGTH:
        raise Unsupported(f"a pattern has at most {LENGTH} characters")
    position, after, spelt = 0, "", []
    while position < len(pattern):
        found = TOKEN.match(pattern, position)
        if found is None or (found["repeat"] and not _may_repeat(found, after)):
            raise Unsupported(f"the pattern cannot be read from character {position + 1}")
        spelt.append(_spelt(found))
        position, after = found.end(), str(found.lastgroup)
    whole = "".join(spelt)
    _compiled(whole)
    return whole


def is_found(pattern: str, text: str) -> bool:
    """Whether `text` contains what the pattern, checked or not, describes."""
    return _compiled(checked(pattern)).search(text) is not None


def prefix_of(pattern: str) -> str:
    """What every text begins with that the pattern is found in; empty if that is not plain."""
    if not pattern.startswith("^") or "|" in pattern:
        return ""
    prefix, position = "", 1
    while found := LITERAL.match(pattern, position):
        if pattern[found.end() : found.end() + 1] in {"*", "?", "{"}:
            break
        prefix, position = prefix + (found[1] or found[2]), found.end()
    return prefix


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors, options.dot_nl, options.max_mem = False, True, MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise Unsupported(f"the pattern cannot be used: {said}") from error


def _may_repeat(found: re.Match[str], after: str) -> bool:
    counts = [int(count) for count in (found["least"], found["most"]) if count]
    follows_something = after not in {"", "anchor", "opening", "repeat"}
    return follows_something and all(count <= REPEATS for count in counts)


def _spelt(found: re.Match[str]) -> str:
    if kind := found["kind"]:
        return f"[{'^' if kind.isupper() else ''}{SETS[kind.lower()]}]"
    if found["set"]:
        return _set(found["set"])
    return found[0]


def _set(text: str) -> str:
    negation = "^" if text[1] == "^" else ""
    inner, spelt, position = text[1 + len(negation) : -1], "", 0
    while position < len(inner):
        found = IN_A_SET.match(inner, position)
        if found is None:
            raise Unsupported(f"the set {text} cannot be read")
        if found[0] == "-" and 0 < position < len(inner) - 1:
            # Behind a range: RE2 takes it for itself, PostgreSQL for a range again.
            raise Unsupported(f"the set {text} has a hyphen in its midst")
        spelt += SETS[found[1]] if found[1] else found[0]
        position = found.end()
    return f"[{negation}{spelt}]"
