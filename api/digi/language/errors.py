"""What can be wrong with a query or an order."""

LONGEST = 64


class QueryError(Exception):
    """`position` counts the characters of the parameter from 1; the message is for the wire.

    `found` is what stands there, empty at the end; `expected` what would have been accepted.
    """

    def __init__(self, at: int, found: str, *expected: str, parameter: str = "query") -> None:
        self.position, self.expected = at + 1, expected
        self.found = found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"
        wanted = ", ".join(expected[:-1]) + (" or " if expected[1:] else "") + expected[-1]
        what = self.found or "the end"
        self.message = f"{parameter}: position {self.position}: found {what}, expected {wanted}"
        super().__init__(self.message)
