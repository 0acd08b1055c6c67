"""Jobs, page by page, as JSON or XML. Source: Digi Remote Manager, v1/jobs."""

from django.http import HttpResponse

from api.digi.asking import MOST, asked_of, next_uri, size_of
from api.digi.errors import Refused
from api.digi.markup import xml_of
from api.digi.resources import Resource, answered, parameter
from api.digi.shapes.jobs import jobs_of, listed, told
from api.endpoints import READ, Call
from api.negotiation import best_of

JSON, XML, TEXT_XML = "application/json", "application/xml", "text/xml"


class Inventory(Resource):
    """A page of jobs; `media_type` is the one it answers in, or "" where the caller chooses."""

    needs = {"GET": READ}
    media_type = ""

    def get(self, call: Call) -> HttpResponse:
        media_type = self.media_type or _chosen(call)
        asked, size = asked_of(call), min(size_of(call) or MOST, MOST)
        found = asked.page(size, parameter(call, "cursor"))
        jobs = jobs_of(call.organization, found.numbers)
        envelope = listed(map(told, jobs), size)
        if found.cursor:
            envelope |= {"cursor": found.cursor, "next_uri": next_uri(call, found.cursor)}
        if media_type == JSON:
            return answered(envelope)
        return HttpResponse(xml_of(envelope), content_type=f"{media_type}; charset=utf-8")


class InventoryJson(Inventory):
    """Whatever the caller would rather have."""

    media_type = JSON


class InventoryXml(Inventory):
    """Whatever the caller would rather have."""

    media_type = XML


def _chosen(call: Call) -> str:
    if chosen := best_of(call.META.get("HTTP_ACCEPT", ""), (JSON, XML, TEXT_XML)):
        return chosen
    raise Refused(406, f"Jobs are told as {JSON} or {XML}")
