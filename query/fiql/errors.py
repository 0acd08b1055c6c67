"""What can be wrong with a condition that somebody wrote."""

from collections.abc import Sequence


class Misread(Exception):
    """A text that is no condition, or asks for what there is not.

    `position` counts characters of the text from 0, `found` is what stands there (empty at the
    end), `expected` what would have been accepted, `message` a sentence that says all this.
    """

    def __init__(
        self, position: int, found: str, expected: Sequence[str] = (), message: str = ""
    ) -> None:
        self.position = position
        self.found = shortened(found)
        self.expected = tuple(expected)
        self.message = message or self._sentence()
        super().__init__(self.message)

    def _sentence(self) -> str:
        found = f"“{self.found}”" if self.found else "the end"
        wanted = " or ".join(self.expected)
        return f"At character {self.position + 1} there is {found} where {wanted} is wanted"


class Unnamed(Exception):
    """There is no condition of that name to refer to, or it must not be referred to."""


def shortened(text: str, longest: int = 64) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
