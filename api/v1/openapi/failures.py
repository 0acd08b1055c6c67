"""Which problems a call can be answered with."""

from typing import Any

from api.v1.endpoints import Collection, Endpoint, Item
from api.v1.openapi.parameters import RETRY_AFTER

ALWAYS = {
    "400": "Something in the address, a header or the body is wrong.",
    "401": "No token, or none that stands.",
    "403": "A permission is lacking.",
    "429": "Too many calls.",
}
WRITING = {
    "409": "The present state forbids it, or a limit is reached.",
    "413": "The body is too large.",
    "415": "The body is not of a type that the call takes.",
    "422": "The `Idempotency-Key` came with another call.",
}


def failures_of(view: Endpoint, method: str, *, has_id: bool) -> dict[str, dict[str, Any]]:
    """By status, without their content."""
    found = dict(ALWAYS)
    if has_id or method != "GET" or not isinstance(view, Collection):
        found["404"] = "There is no such thing here."
    if method == "GET":
        found["406"] = "The call has no answer in any format that `Accept` names."
    else:
        found |= WRITING
    if method != "GET" and view.is_conditional:
        found["412"] = "It is not any more what `If-Match` names."
    responses: dict[str, dict[str, Any]] = {
        status: {"description": text} for status, text in found.items()
    }
    responses["429"]["headers"] = {"Retry-After": RETRY_AFTER}
    if method == "GET" and isinstance(view, Item):
        responses["304"] = {"description": "Nothing new since `If-None-Match`."}
    return responses
