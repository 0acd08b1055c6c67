"""Which calls the dialect has, of its addresses: those by the host of an appliance. Below
`/npm/<appliance>` are the same."""

from collections.abc import Iterator, Sequence

from api.npm.resources import Address
from api.npm.urls import of_an_appliance
from tests.api.served import calls_of

PREFIX = "/npm/{appliance}"


def served() -> Iterator[tuple[str, str]]:
    """Method and path of each call."""
    return calls_of(of_an_appliance, methods_of)


def methods_of(view: type) -> Sequence[str]:
    return sorted(view.needs) if issubclass(view, Address) else []
