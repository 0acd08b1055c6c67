"""Calls that are done once, however often a client sends them: `Idempotency-Key`.

The key, the work and its answer are written in one transaction: after a crash either all of it
is there or nothing. What failed is not kept, because nothing was done.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from cryptography.fernet import InvalidToken
from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request

from api.models import KeptAnswer
from api.v1.authentication import Caller
from api.v1.requests import FORM
from fleet.errors import Conflict, Invalid
from fleet.sealing import cipher

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x20-\x7e]{1,255}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What a client needs of an answer that it has not seen.
HEADERS = ("Content-Type", "Location", "ETag", "Cache-Control")
MANY = 1000


class KeyReused(exceptions.APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = "This key came with another request."


def once(
    caller: Caller | None, request: Request, act: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """What `act` answers, or what it answered when this key came first.

    Raises Invalid("idempotency_key_invalid" or "idempotency_unsupported"), KeyReused,
    Conflict("idempotency_key_in_use").
    """
    key = request.headers.get(HEADER)
    if key is None or caller is None or request.method in SAFE:
        return act()
    _check(key, request)
    digest = _digest(request)
    with transaction.atomic():
        _claim(caller, key)
        kept = _kept(caller, key)
        if kept is not None:
            return _again(kept, digest)
        response = act()
        if response.status_code >= 400 or not isinstance(response, HttpResponse):
            transaction.set_rollback(True)
        else:
            _keep(caller, key, digest, response)
        return response


def forget_kept_answers() -> None:
    """Delete what no client may ask for any more, some at a time."""
    old = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("created_at")
    while found := list(old.values_list("pk", flat=True)[:MANY]):
        KeptAnswer.objects.filter(pk__in=found).delete()


def _check(key: str, request: Request) -> None:
    if not KEY.fullmatch(key):
        text = "A key has 1 to 255 printable ASCII characters."
        raise Invalid("idempotency_key_invalid", text, field=HEADER)
    if request.content_type.lower().startswith(FORM):
        # The transaction would last as long as the slowest upload.
        text = "An upload takes no key: what it made is known by its checksum."
        raise Invalid("idempotency_unsupported", text, field=HEADER)


def _digest(request: Request) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request._request.body).hexdigest()


def _claim(caller: Caller, key: str) -> None:
    """Be the only one with this key until the transaction ends.

    SQLite lets one transaction write at a time, so that whoever is second finds the answer.
    """
    if connection.vendor != "postgresql":
        return
    name = f"{caller.organization.pk} {caller.actor.id} {key}"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (is_free,) = cursor.fetchone() or (False,)
    if not is_free:
        text = "The first call with this key is still under way."
        raise Conflict("idempotency_key_in_use", text, field=HEADER)


def _kept(caller: Caller, key: str) -> KeptAnswer | None:
    rows = KeptAnswer.objects.filter(
        organization=caller.organization, actor_id=caller.actor.id, key=key
    )
    kept = rows.first()
    if kept is not None and kept.created_at < timezone.now() - KEPT:
        rows.delete()
        return None
    return kept


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        raise KeyReused
    headers = {**kept.headers, REPLAYED: "true"}
    try:
        body = cipher("kept-answers").decrypt(bytes(kept.body))
    except InvalidToken:  # kept under another secret of the server
        raise KeyReused from None
    response = HttpResponse(body, status=kept.status, headers=headers)
    if "Content-Type" not in headers:
        del response.headers["Content-Type"]
    return response


def _keep(caller: Caller, key: str, digest: str, response: HttpResponse) -> None:
    headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
    KeptAnswer.objects.create(
        organization=caller.organization,
        actor_id=caller.actor.id,
        key=key,
        digest=digest,
        status=response.status_code,
        headers=headers,
        # It may hold a secret that is shown once and kept nowhere else.
        body=cipher("kept-answers").encrypt(response.content),
    )
