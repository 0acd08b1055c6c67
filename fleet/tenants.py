"""Tenants by the name that a dialect's address or login has for them."""

from django.conf import settings

from fleet.models import Organization

DEFAULT = "DEFAULT"


def tenant_of(name: str) -> Organization | None:
    """The organization of that key, or else of one that differs in its case only.

    Where none is called so, DEFAULT is the only organization, or the one the server is set up for.
    """
    alike = Organization.objects.filter(key__iexact=name).order_by("key")
    found = Organization.objects.filter(key=name).first() or alike.first()
    if found is not None or name.upper() != DEFAULT:
        return found
    return default_tenant()


def default_tenant() -> Organization | None:
    """Whose a device is that names no tenant: the only organization's, or the configured one's."""
    few = list(Organization.objects.order_by("created_at")[:2])
    if len(few) == 1:
        return few[0]
    return Organization.objects.filter(key=settings.ORGANIZATION).first()
