"""A list as XML: one element for each key, in a document that any parser takes."""

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_of(envelope: dict[str, Any]) -> bytes:
    """The envelope of a list of jobs, as `<result>`; what XML cannot write becomes U+FFFD."""
    return "".join(_document(envelope)).encode()


def _document(envelope: dict[str, Any]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<result>'
    yield from _elements({name: value for name, value in envelope.items() if name != "list"})
    yield "<list>"
    for job in envelope["list"]:
        yield "<job>"
        yield from _elements(job)
        yield "</job>"
    yield "</list></result>\n"


def _elements(values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        yield f"<{name}>{_text(value)}</{name}>"


def _text(value: object) -> str:
    # A parser would read a bare carriage return as the end of a line.
    return escape(_UNWRITABLE.sub("\ufffd", str(value)), {"\r": "&#13;"})
