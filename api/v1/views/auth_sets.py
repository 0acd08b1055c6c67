"""Authentication sets: keys that claim the identities of devices, for people to judge."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.endpoints import Collection, Item, Need
from fleet import admission, device_tokens
from fleet.admission.rows import lock_device
from fleet.listing.auth_sets import AUTH_SETS
from fleet.models import AuthSet
from fleet.reach import of_devices_within
from fleet.states import Admission

VIEW = Need("fleet.view_device", within_bounds=True)
CHANGE = Need("fleet.change_device", within_bounds=True)


class AuthSetCollection(Collection):
    listing = AUTH_SETS
    needs = {"GET": VIEW}

    def rows(self) -> QuerySet[AuthSet]:
        return of_devices_within(
            AuthSet.objects.all(), self.actor, "fleet.view_device", self.organization
        )


class AuthSetItem(Item):
    listing = AUTH_SETS
    needs = {"GET": VIEW, "DELETE": CHANGE}

    def rows(self) -> QuerySet[AuthSet]:
        return of_devices_within(
            AuthSet.objects.all(), self.actor, "fleet.view_device", self.organization
        )

    def delete(self, request: Request, **names: Any) -> Response:
        """Forget a key, and its token with it; a device that was only preauthorized goes too."""
        with self.changing(**names) as auth_set:
            admission.dismiss(actor=self.actor, auth_set=auth_set)
        return Response(status=204)

    def _locked(self, row: Any, **names: Any) -> Model:
        """By its device, as admission does it."""
        lock_device(row.device_id, to_remove=True)
        return self.find(**names)


class Verdict(AuthSetItem):
    """What people decide of a key. Not conditional: admission has an order of locks of its own."""

    needs = {"POST": CHANGE}
    is_conditional = False
    status: ClassVar[Admission]

    def post(self, request: Request, **names: Any) -> Response:
        auth_set: Any = self.find(**names)
        admission.set_status(actor=self.actor, auth_set=auth_set, status=self.status)
        return Response(self.told(auth_set))


class AuthSetAccept(Verdict):
    """Accept the key, in the place of the one that the device had."""

    status = Admission.ACCEPTED


class AuthSetReject(Verdict):
    """Reject the key; if it was the accepted one, its token is void at once."""

    status = Admission.REJECTED


class AuthSetTokenRevocation(AuthSetItem):
    """Make the standing token of the key void; the device may ask for another."""

    needs = {"POST": CHANGE}
    is_conditional = False

    def post(self, request: Request, **names: Any) -> Response:
        auth_set: Any = self.find(**names)
        device_tokens.revoke(actor=self.actor, organization=self.organization, token_id=auth_set.id)
        return Response(self.told(auth_set))
