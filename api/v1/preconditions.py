"""Conditional requests (RFC 9110): what a caller has seen, and whether it still is so.

An entity tag has two parts. The second is of the whole representation: it tells a cache whether
there is anything new. The first leaves out the columns that change by themselves, such as when a
device called: `If-Match` compares that one alone, so that a change is refused if somebody has
changed the thing meanwhile, and not because it lives.
"""

import hashlib
import json
from typing import Any

from django.utils.http import parse_etags
from rest_framework import exceptions
from rest_framework.request import Request

from query.listing import Listing


class PreconditionFailed(exceptions.APIException):
    status_code = 412
    default_code = "precondition_failed"
    default_detail = "It was changed since; nothing was done."


def tag_of(told: dict[str, Any], listing: Listing) -> str:
    """The strong entity tag of a representation."""
    observed = {column.name for column in listing.columns if column.is_observed}
    kept = {name: value for name, value in told.items() if name not in observed}
    return f'"{_digest(kept)}-{_digest(told)}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` names the tag: the caller has this representation already."""
    tags = _tags(request, "If-None-Match")
    return "*" in tags or tag in {each.removeprefix("W/") for each in tags}


def require_match(request: Request, tag: str) -> None:
    """Raise PreconditionFailed unless `If-Match` names what the thing is, or is not there."""
    if not has_condition(request):
        return
    tags = _tags(request, "If-Match")
    if "*" not in tags and _steady(tag) not in {_steady(each) for each in tags}:
        raise PreconditionFailed


def has_condition(request: Request) -> bool:
    return "If-Match" in request.headers


def _tags(request: Request, header: str) -> list[str]:
    return parse_etags(request.headers.get(header, ""))


def _steady(tag: str) -> str:
    """The part that `If-Match` compares; a weak tag matches nothing."""
    return tag.partition("-")[0]


def _digest(told: dict[str, Any]) -> str:
    spelt = json.dumps(told, default=str, sort_keys=True)
    return hashlib.sha256(spelt.encode(errors="surrogatepass")).hexdigest()[:24]
