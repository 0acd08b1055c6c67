"""A person whose permissions hold for the devices of one group."""

import pytest

from auditlog.actor import Actor, ActorKind
from fleet import access_tokens
from fleet.models import Organization
from tests.api.mender.callers import Person


def person_within(
    monkeypatch: pytest.MonkeyPatch, organization: Organization, group: str, *permissions: str
) -> Person:
    """Whoever calls from now on is that person, whatever their token."""
    bounds = {permission: frozenset({group}) for permission in permissions}
    actor = Actor(ActorKind.USER, "1", "ann@example.com", organization.pk, scoped=bounds)
    monkeypatch.setattr(access_tokens, "authenticate", lambda *_args, **_more: actor)
    return Person(token="theirs", organization=organization)
