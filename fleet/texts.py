"""Text that every database can keep: PostgreSQL has no NUL, nobody has half a character."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return not _UNSTORABLE.search(text)


def storable(text: str) -> str:
    """The text with the replacement character in place of what cannot be kept."""
    return _UNSTORABLE.sub("\ufffd", text)
