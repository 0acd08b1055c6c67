"""Bearer tokens of people: sessions of the Mender sign-in, and personal ones for scripts."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from django.conf import settings
from django.contrib.auth import authenticate as check_credentials
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet import people, two_factor
from fleet.errors import Conflict, Invalid, LimitReached, NotFound
from fleet.grants import grants_of_roles, has_own_roles, most_of, require_no_less
from fleet.models import AccessToken, Membership, Organization, User
from fleet.permissions import holds, require

Kind = AccessToken.Kind

SESSION = timedelta(weeks=1)
SESSIONS = 10
PERSONAL = 10
LONGEST = timedelta(days=365)
USED_EVERY = timedelta(minutes=5)


def sign_in(
    *,
    email: str,
    password: str,
    code: str = "",
    lasting: bool = False,
    address: str = "",
    via: str = "",
) -> str | None:
    """Begin a session and return its token; None if the credentials are wrong.

    It lasts a week, or until it is signed out if it is `lasting`. Acts in the organization the
    person joined first. A person has ten sessions: the oldest ones end. Raises CodeNeeded if
    only the second factor's `code` is missing. Source: Mender API, User administration, login.
    """
    user = check_credentials(None, username=email, password=password)
    if not isinstance(user, User):
        return None
    if two_factor.is_asked_of(user):
        if not code:
            raise two_factor.CodeNeeded("code_needed", "2fa needed")
        if not two_factor.is_right(user, code):
            return None
    rows = user.memberships.select_related("user", "organization")
    membership = rows.order_by("created_at").first()
    try:
        return _begin(user, membership, address, via, lasting) if membership else None
    except NotFound:  # removed at this moment
        return None


@transaction.atomic
def _begin(user: User, membership: Membership, address: str, via: str, lasting: bool) -> str | None:
    """None if what was proved is not what is asked for any more: checking it takes a while."""
    _lock(membership)
    proved = {"password": user.password, "two_factor": user.two_factor, "is_active": True}
    if not User.objects.filter(pk=user.pk, **proved).exists():
        return None
    now = timezone.now()
    text = _add(membership, Kind.SESSION, expires_at=None if lasting else now + SESSION)
    sessions = AccessToken.objects.filter(membership__user=membership.user_id, kind=Kind.SESSION)
    standing = sessions.filter(Q(expires_at=None) | Q(expires_at__gt=now))
    kept = standing.order_by("-created_at", "-pk")
    sessions.exclude(pk__in=list(kept.values_list("pk", flat=True)[:SESSIONS])).delete()
    User.objects.filter(pk=membership.user_id).update(last_login=now)
    people.note_sign_in(membership.user, address=address, via=via)
    return text


@transaction.atomic
def sign_out(token: str, *, address: str = "", via: str = "") -> None:
    """End the session; a token that is none is no error, a personal token stays."""
    sessions = AccessToken.objects.filter(digest=digest_of(token), kind=Kind.SESSION)
    row = sessions.select_related("membership__user").first()
    if row is not None and sessions.delete()[0]:
        actor = people.actor_of(row.membership, address=address, via=via)
        people.note_sign_out(actor, row.membership.user)


def authenticate(token: str, *, address: str = "", via: str = "") -> Actor | None:
    """Who acts by this token; None unless it stands and the person is active."""
    rows = AccessToken.objects.select_related("membership__user")
    rows = rows.annotate(has_own=has_own_roles("membership"))
    row = rows.filter(digest=digest_of(token)).first()
    now = timezone.now()
    if row is None or not row.membership.user.is_active:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    _note_use(row, now)
    return people.actor_of(
        row.membership,
        address=address,
        via=via,
        token=row.name or row.kind,
        has_own=row.has_own,
    )


@transaction.atomic
def issue_personal(
    *, actor: Actor, membership: Membership, name: str, expires_in: timedelta | None = None
) -> str:
    """Make a personal token, shown this once; without `expires_in` it lasts until revoked.

    Raises Invalid (field "name" or "expires_in"), Conflict("duplicate_token_name"),
    LimitReached("token_limit") past ten of a person. Source: Mender API, User administration,
    personal access tokens.
    """
    require(actor, "fleet.add_accesstoken")
    if actor.id != str(membership.user_id):
        require(actor, "fleet.change_user")
        require_no_less(actor, most_of(membership), "make tokens of this person")
    if not 1 <= len(name) <= 128:
        raise Invalid("token_name_invalid", "A name has 1 to 128 characters.", field="name")
    if expires_in is not None and not timedelta() < expires_in <= LONGEST:
        text = "A token expires within a year or not at all."
        raise Invalid("expiry_invalid", text, field="expires_in")
    _lock(membership)
    mine = AccessToken.objects.filter(membership__user=membership.user_id, kind=Kind.PERSONAL)
    if mine.count() >= PERSONAL:
        raise LimitReached("token_limit", f"A person has at most {PERSONAL} personal tokens.")
    expires_at = None if expires_in is None else timezone.now() + expires_in
    try:
        with transaction.atomic():
            text = _add(membership, Kind.PERSONAL, name=name, expires_at=expires_at)
    except IntegrityError as error:
        text = f"There is a token {name} already."
        raise Conflict("duplicate_token_name", text, field="name") from error
    _record(actor, Action.CREATE, mine.get(membership=membership, name=name))
    return text


def personal_tokens(membership: Membership) -> QuerySet[AccessToken]:
    """The member's personal tokens, newest first; those that have expired are shown too."""
    return AccessToken.objects.filter(membership=membership, kind=Kind.PERSONAL)


def tokens_within(actor: Actor, organization: Organization) -> QuerySet[AccessToken]:
    """Personal tokens in the organization: of who may change people all, else the actor's own."""
    rows = AccessToken.objects.filter(
        membership__organization=organization, kind=Kind.PERSONAL
    ).select_related("membership__user")
    if holds(actor, "fleet.change_user"):
        return rows
    return rows.filter(membership__user=UUID(actor.id))


@transaction.atomic
def revoke_personal(*, actor: Actor, membership: Membership, token_id: UUID) -> None:
    """Make a personal token void; raises NotFound("token_unknown")."""
    if actor.id != str(membership.user_id):
        require(actor, "fleet.change_user")
        require_no_less(actor, grants_of_roles(membership), "revoke tokens of this person")
    row = personal_tokens(membership).filter(pk=token_id).first()
    if row is None or not personal_tokens(membership).filter(pk=token_id).delete()[0]:
        raise NotFound("token_unknown", "token not found")
    _record(actor, Action.REVOKE, row)


def _lock(membership: Membership) -> None:
    """One token of a person is made at a time, so that their number can be counted.

    Raises NotFound("member_unknown") if the membership has ended meanwhile.
    """
    User.objects.select_for_update(no_key=True).filter(pk=membership.user_id).first()
    if not Membership.objects.filter(pk=membership.pk).exists():
        raise NotFound("member_unknown", "no such member of this organization")


def _record(actor: Actor, action: Action, row: AccessToken) -> None:
    expires = row.expires_at and row.expires_at.isoformat()
    subject = Subject("user_access_token", row.pk, row.name)
    record(actor, action, subject, {"of": row.membership.user.email, "expires_at": expires})


def _note_use(row: AccessToken, now: datetime) -> None:
    if row.last_used_at is None or row.last_used_at < now - USED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
        AccessToken.objects.filter(stale, pk=row.pk).update(last_used_at=now)


def _add(membership: Membership, kind: Kind, *, name: str = "", expires_at: datetime | None) -> str:
    row_id, issued = uuid4(), int(timezone.now().timestamp())
    claims: dict[str, Any] = {
        "jti": str(row_id),
        "sub": str(membership.user_id),
        "iss": "mender.useradm",
        "iat": issued,
        "nbf": issued,
        "scp": "mender.*",
        "mender.user": True,
        "mender.tenant": str(membership.organization_id),
    }
    if expires_at is not None:
        claims["exp"] = int(expires_at.timestamp())
    text = jwt.encode(claims, _key(), algorithm="HS256")
    AccessToken.objects.create(
        pk=row_id,
        membership=membership,
        kind=kind,
        name=name,
        digest=digest_of(text),
        expires_at=expires_at,
    )
    return text


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _key() -> bytes:
    return hashlib.sha256(b"slipway.access-token:" + settings.SECRET_KEY.encode()).digest()
