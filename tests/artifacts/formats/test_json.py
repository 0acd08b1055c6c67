"""The JSON reader keeps out what could not be stored or written again."""

import pytest

from artifacts.formats.errors import Code, FormatError
from artifacts.formats.jsontext import parse_object
from artifacts.formats.limits import DEFAULT_LIMITS


def parse(raw: bytes) -> dict[str, object]:
    return parse_object(raw, "meta-data", DEFAULT_LIMITS)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1e999}',
        b'{"a":"\\u0000"}',
        b'{"\\u0000":1}',
        b'{"a":"\\ud800"}',
        b'{"a":"\n"}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1} x',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"a":' * 100_000,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_it_refuses(raw: bytes) -> None:
    with pytest.raises(FormatError, match=r"^'meta-data' .*\.$") as caught:
        parse(raw)
    assert caught.value.code == Code.BAD_HEADER


def test_it_reads_what_a_device_reads() -> None:
    raw = ' {"a": [1, -2.5, true, null, "\\ud83d\\ude00é"], "b": {}} \n'
    assert parse(raw.encode()) == {"a": [1, -2.5, True, None, "😀é"], "b": {}}


def test_nesting_up_to_the_limit_is_fine() -> None:
    assert parse(b'{"a":' + b"[" * 63 + b"]" * 63 + b"}")


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_64_bits_stay_whole(number: int) -> None:
    assert parse(f'{{"a":{number}}}'.encode()) == {"a": number}


def test_larger_whole_numbers_become_floats() -> None:
    value = parse(b'{"a":100000000000000000000}')["a"]
    assert isinstance(value, float)
    assert value == 1e20
