"""The poll, for whom the fast lane does not stand in front."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api.addresses import base_url
from api.hawkbit.ddi.poll import Poll, answer
from api.hawkbit.ddi.resources import DeviceCall, DeviceResource
from fleet.addresses import client_address


class Base(DeviceResource):
    methods = frozenset({"GET"})

    def _answer(
        self, call: DeviceCall, tenant: str, controller_id: str, names: dict[str, Any]
    ) -> HttpResponseBase:
        """The poll itself finds out who asks."""
        self.require_method(call)
        poll = Poll(
            meta=call.META,
            tenant=tenant,
            controller_id=controller_id,
            client=client_address(call),
            base=lambda: base_url(call),
        )
        reply = answer(poll)
        response = HttpResponse(reply.body, status=reply.status, headers=reply.headers)
        if not reply.body:
            del response.headers["Content-Type"]
        return response
