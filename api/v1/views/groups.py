"""Static groups: a device is in one or in none, and a group is there while devices are in it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.devices import Moved
from api.v1.bodies import read
from api.v1.choices import Chosen, choice_of
from api.v1.endpoints import Collection, Endpoint, Need, told
from fleet import groups
from fleet.bulk.changing import MOST_AT_ONCE
from fleet.bulk.choosing import Choice
from fleet.errors import Invalid, LimitReached, NotFound
from fleet.listing.few import GROUPS
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within

VIEW = Need("fleet.view_device", within_bounds=True)
CHANGE = Need(groups.CHANGE, within_bounds=True)


class GroupCollection(Collection):
    """Those with devices in the caller's reach."""

    listing = GROUPS
    needs = {"GET": VIEW}

    def rows(self) -> DeviceQuerySet:
        devices = devices_within(self.actor, "fleet.view_device", self.organization)
        return groups.one_of_each(devices)


class GroupItem(GroupCollection):
    """One group, by its name; there is none that nobody is in."""

    needs = {"GET": VIEW, "PUT": CHANGE, "DELETE": CHANGE}
    get_renderers = Endpoint.get_renderers

    def get(self, request: Request, **names: Any) -> Response:
        return Response(self.one(names["name"]))

    def put(self, request: Request, name: str) -> Response:
        """Put these devices into the group, and take all others out of it."""
        groups.fill(
            actor=self.actor,
            organization=self.organization,
            devices=self.few(choice_of(self.organization, read(Chosen, request))),
            name=name,
        )
        return Response(self.one(name))

    def delete(self, request: Request, name: str) -> Response:
        """Take all devices out of the group, which is its end."""
        if not groups.dissolve(actor=self.actor, organization=self.organization, name=name):
            raise Http404
        return Response(status=204)

    def one(self, name: str) -> dict[str, Any]:
        """The group as it is told; raises Http404 for one that nobody is in."""
        found = told(self.rows().filter(group=name), GROUPS.columns)
        if not found:
            raise Http404
        return found[0]

    def few(self, choice: Choice) -> list[UUID]:
        """Their ids; raises LimitReached for more than one call takes."""
        within = devices_within(self.actor, groups.CHANGE, self.organization)
        ids = choice.few(within, MOST_AT_ONCE)
        if ids is None:
            text = f"At most {MOST_AT_ONCE:,} devices at once: /devices/bulk takes more, as a job."
            raise LimitReached("too_many_devices", text)
        return ids


class GroupDevices(GroupItem):
    """The devices of a group; they are listed by `/devices?group=…`."""

    needs = {"POST": CHANGE, "DELETE": CHANGE}

    @extend_schema(responses={200: Moved})
    def post(self, request: Request, name: str) -> Response:
        """Put devices into the group, each out of the one it was in.

        `matched` of them are there, `moved` were not in it before.
        """
        devices = self.few(choice_of(self.organization, read(Chosen, request)))
        return self._moved(
            groups.assign(
                actor=self.actor, organization=self.organization, devices=devices, name=name
            )
        )

    @extend_schema(
        operation_id="groups_devices_delete_matching",
        parameters=[OpenApiParameter("q", str, required=True, description="Which of them, FIQL")],
        responses={200: Moved},
    )
    def delete(self, request: Request, name: str) -> Response:
        """Take out of the group those of its devices that match `?q=`."""
        q = request.GET.get("q", "")
        self.one(name)
        if not q:
            raise Invalid("choice_invalid", "q: say which devices leave the group", field="q")
        devices = self.few(Choice(self.organization, q=q))
        return self._moved(
            groups.clear(
                actor=self.actor, organization=self.organization, devices=devices, name=name
            )
        )

    def _moved(self, counts: tuple[int, int]) -> Response:
        matched, moved = counts
        if not matched:
            raise NotFound("device_not_found", "None of these devices was found.")
        return Response({"matched": matched, "moved": moved})


class GroupDevice(Endpoint):
    """One device of a group."""

    needs = {"PUT": CHANGE, "DELETE": CHANGE}

    @extend_schema(responses={204: None})
    def put(self, request: Request, name: str, id: UUID) -> Response:  # noqa: A002
        """Put the device into the group."""
        return self._done(
            groups.assign(actor=self.actor, organization=self.organization, devices=[id], name=name)
        )

    def delete(self, request: Request, name: str, id: UUID) -> Response:  # noqa: A002
        """Take the device out of the group, if it is in it."""
        return self._done(
            groups.clear(actor=self.actor, organization=self.organization, devices=[id], name=name)
        )

    def _done(self, counts: tuple[int, int]) -> Response:
        if not counts[0]:
            raise Http404
        return Response(status=204)
