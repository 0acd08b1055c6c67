"""Which media type to answer with."""

from api.hawkbit.errors import before
from api.negotiation import best_of

HAL, JSON, CBOR = "application/hal+json", "application/json", "application/cbor"


def acceptable(accept: str, offered: tuple[str, ...]) -> str:
    """The best of what is offered, the first where the caller takes anything; Refused (406)."""
    if best := best_of(accept, offered):
        return best
    raise before(406)
