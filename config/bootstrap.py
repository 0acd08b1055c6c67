"""What a new installation begins with: one organization and its administrator."""

import secrets

from django.conf import settings
from django.db import transaction

from auditlog.actor import system
from fleet.models import Organization, Role, User
from fleet.organizations import add_organization, key_of
from fleet.people import add_member


@transaction.atomic
def begin() -> str | None:
    """Make the organization and the administrator of the settings where they are missing.

    Returns the password if it had to be generated: nobody can ask for it again.
    """
    organization = Organization.objects.filter(key=key_of(settings.ORGANIZATION)).first()
    is_known = User.objects.filter(email__iexact=settings.ADMIN_EMAIL).exists()
    if organization and is_known:
        return None
    if organization is None:
        organization = add_organization(actor=system(), name=settings.ORGANIZATION)
    generated = "" if is_known or settings.ADMIN_PASSWORD else secrets.token_urlsafe(12)
    membership = add_member(
        actor=system(organization.id),
        organization=organization,
        email=settings.ADMIN_EMAIL,
        role=Role.ADMINISTRATOR,
        password=None if is_known else settings.ADMIN_PASSWORD or generated,
    )
    if not is_known:
        User.objects.filter(pk=membership.user_id).update(is_superuser=True)
    return generated or None
