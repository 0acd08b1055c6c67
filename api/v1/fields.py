"""Errors of the domain in the words of this API."""

from collections.abc import Iterator
from contextlib import contextmanager

from fleet.errors import DomainError
from fleet.models import Device


@contextmanager
def named(**members: str) -> Iterator[None]:
    """Call the input that an error names by the member of the body that it came in.

    `named(id_data="identity")`: what the domain calls id_data is the member "identity". A thing
    that the error carries along is told by its id.
    """
    try:
        yield
    except DomainError as error:
        if error.field in members:
            error.field = members[error.field]
        error.details = {
            name: str(value.id) if isinstance(value, Device) else value
            for name, value in error.details.items()
        }
        raise
