"""What can go wrong in the domain. Errors know no HTTP; each dialect maps the kinds once."""

from typing import Any


class DomainError(Exception):
    """`code` is stable and for programs; the message is a sentence for people.

    `field` names the offending input where there is one; `details` carries values that a
    dialect may put into its body.
    """

    def __init__(
        self, code: str, message: str, *, field: str = "", details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.details = details or {}


class Invalid(DomainError):
    """The input breaks a rule whatever the state of the system."""


class NotFound(DomainError):
    """There is no such thing in this organization."""


class Conflict(DomainError):
    """The input is fine, the present state forbids it."""


class Forbidden(DomainError):
    """This actor lacks the permission."""


class LimitReached(DomainError):
    """A limit of the organization or of the server would be exceeded."""
