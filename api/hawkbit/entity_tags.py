"""What tells one answer from another, so that nobody gets again what they have."""

import hashlib


def entity_tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(known: str, tag: str) -> bool:
    """Whether the tag is among those of a header If-None-Match."""
    tags = [each.strip().removeprefix("W/") for each in known.split(",")]
    return tag in tags or "*" in tags
