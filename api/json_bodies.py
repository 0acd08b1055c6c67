"""JSON in and out: what comes in is bounded, finite and storable, or refused."""

import json
from collections.abc import Callable
from typing import Any, Never

import orjson

from fleet.errors import Invalid
from fleet.texts import storable

MAX_DEPTH = 64


class WrongMediaType(Exception):
    """A body came that does not call itself JSON."""


def decode(raw: bytes) -> Any:
    """The value that `raw` spells; of a key that comes twice the last one counts.

    Raises Invalid("malformed_body") for anything that is not JSON, and for what no database of
    ours would hold: NaN, infinities, lone surrogates, NUL characters, more than 64 levels.
    """
    if not raw.strip():
        raise _malformed("JSON payload is empty")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _malformed(str(error)) from error
    if b"\\u0000" in raw and any("\0" in text for text in _texts(value)):
        raise _malformed("a text contains the NUL character")
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _malformed(f"nested deeper than {MAX_DEPTH} levels")
    return value


def decode_mended(raw: bytes) -> Any:
    """As `decode`, but what no database would hold in a text is replaced by U+FFFD.

    For what devices report: a failing program prints any bytes, and the rest is worth having.
    """
    try:
        return decode(raw)
    except Invalid as refusal:
        return decode(_mended_text(raw, refusal))


def _mended_text(raw: bytes, refusal: Invalid) -> bytes:
    """The same JSON with its texts mended; raises `refusal` if it is none even so."""
    try:
        value = json.loads(raw.decode(errors="replace"), parse_constant=_no_number)
        return encode(_mended(value))
    except (ValueError, RecursionError):
        raise refusal from None


def _no_number(word: str) -> Never:
    raise ValueError(f"{word} is no JSON")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): _mended(item) for key, item in value.items()}
    return value


def encode(value: Any, *, told: Callable[[Any], Any] | None = None) -> bytes:
    """The value as JSON; `told` turns moments and what JSON does not know into what it does."""
    try:
        return orjson.dumps(value, told, orjson.OPT_PASSTHROUGH_DATETIME if told else None)
    except TypeError:
        # Whole numbers beyond 64 bits: PostgreSQL gives back 1e20 as one.
        spelt = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=told)
        return spelt.encode()


def check_media_type(content_type: str, raw: bytes) -> None:
    """Raises WrongMediaType if there is a body that says it is something else than JSON."""
    media_type, _, parameters = content_type.lower().partition(";")
    if not raw or not media_type.strip():
        return
    charset = parameters.replace('"', "").replace(" ", "").partition("charset=")[2]
    is_json = media_type.strip() == "application/json" or media_type.strip().endswith("+json")
    if not is_json or charset.partition(";")[0] not in {"", "utf-8", "utf8"}:
        raise WrongMediaType(content_type)


def member(body: dict[str, Any], name: str, default: Any = None) -> Any:
    """The member `name`, spelt in whatever case; the exact spelling goes first."""
    if name in body:
        return body[name]
    folded = name.casefold()
    return next((value for key, value in body.items() if key.casefold() == folded), default)


def _malformed(why: str) -> Invalid:
    return Invalid("malformed_body", f"failed to decode request body: {why}")


def _texts(value: Any) -> list[str]:
    texts, waiting = [], [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                texts.append(text)
            case dict() as members:
                texts.extend(members)
                waiting.extend(members.values())
            case list() as items:
                waiting.extend(items)
    return texts


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [
            inner for item in level for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return depth
