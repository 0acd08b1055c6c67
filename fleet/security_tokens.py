"""Security tokens: what a device may send with each call instead of signing (hawkBit).

People with the right may read them, so they are kept sealed; what a device sends is compared by
its digest, which needs no opening.
"""

import hashlib
import re
import secrets

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.admission.rows import lock_device, refresh, subject_of
from fleet.errors import Invalid, NotFound
from fleet.models import Device, SecurityToken
from fleet.reach import require_for
from fleet.sealing import seal, unseal
from fleet.states import Admission

PURPOSE = "security token"
# What a header can carry as one word.
TOKEN = re.compile(r"[!-~]{1,128}")


def fresh() -> str:
    """A new token: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def check(token: str) -> str:
    """The token; raises Invalid("security_token_invalid")."""
    if not TOKEN.fullmatch(token):
        text = "securityToken must have 1 to 128 visible characters, none of them a blank"
        raise Invalid("security_token_invalid", text, field="securityToken")
    return token


def row_of(device: Device, token: str) -> SecurityToken:
    """The row of the device's token, accepted and yet to be saved."""
    sealed = seal(token, purpose=PURPOSE)
    return SecurityToken(
        device=device, sealed=sealed, digest=_digest(token), status=Admission.ACCEPTED
    )


def token_of(device: Device) -> str:
    """The token itself, empty where there is none; wants `security_token` selected."""
    row = _row(device)
    return (unseal(row.sealed, purpose=PURPOSE) or "") if row else ""


def matches(device: Device, given: str) -> bool:
    """Whether this is the device's token, and accepted; wants `security_token` selected."""
    row = _row(device)
    if row is None or row.status != Admission.ACCEPTED:
        return False
    return agrees(row.digest, given)


def agrees(digest: str, given: str) -> bool:
    """Whether this is the token of that digest; as quick whatever is given."""
    return constant_time_compare(digest, _digest(given))


@transaction.atomic
def set_token(*, actor: Actor, device: Device, token: str) -> None:
    """Give the device this token in place of its own; it is as accepted as that one was.

    A device that had none is accepted by it only where it was accepted before: a token does not
    admit what people have not. Raises Invalid("security_token_invalid"), NotFound.
    """
    check(token)
    locked = lock_device(device.pk)
    if locked is None:
        raise NotFound("device_not_found", "There is no such device.")
    require_for(actor, "fleet.change_device", locked)
    row = row_of(locked, token)
    known = SecurityToken.objects.filter(device=locked).first()
    if known is not None and known.digest == row.digest:
        return
    was_accepted = (known.status if known else locked.status) == Admission.ACCEPTED
    row.status = Admission.ACCEPTED if was_accepted else Admission.REJECTED
    row.save(force_insert=known is None, force_update=known is not None)
    refresh(locked)
    changed = {"updated_at": timezone.now(), "updated_by": actor.name[:512]}
    Device.objects.filter(pk=locked.pk).update(**changed)
    record(actor, Action.UPDATE, subject_of(locked), {"security_token": "replaced"})


def _row(device: Device) -> SecurityToken | None:
    try:
        return device.security_token
    except ObjectDoesNotExist:
        return None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
