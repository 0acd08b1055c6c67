"""What names and descriptions of things that people declare may hold."""

import re

from fleet.errors import Invalid
from fleet.texts import is_storable

# hawkBit takes no text in which a browser would find an element.
_ELEMENT = re.compile(r"<[A-Za-z/!?]")


def check_text(field: str, text: str, most: int, *, least: int = 0) -> None:
    """Raises Invalid("text_invalid")."""
    if not least <= len(text) <= most:
        raise Invalid("text_invalid", f"{field} has {least} to {most} characters", field=field)
    if not is_storable(text) or _ELEMENT.search(text):
        raise Invalid("text_invalid", f"{field} is plain text, without HTML", field=field)
