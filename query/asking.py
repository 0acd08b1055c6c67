"""What is said to whoever asks a list for what it does not have."""

from collections.abc import Iterable
from difflib import get_close_matches


class NotUnderstood(Exception):
    """A parameter of a list that cannot be read; `parameter` is its name, the text for people."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.message = message


def like(name: str, names: Iterable[str]) -> str:
    """`; did you mean "a" or "b"?` without the question mark, or nothing if none is near."""
    near = get_close_matches(name[:64], list(names), n=3, cutoff=0.6)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
