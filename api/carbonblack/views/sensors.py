"""The sensors of a job. Source: the seed, Search and Export Sensors in Sensor Update Job."""

from django.http import HttpResponse

from api.carbonblack.bodies import json_object, read_rows
from api.carbonblack.jobs import find_job
from api.carbonblack.resources import Resource, answered
from api.carbonblack.sensors.asking import read_asked, sensors
from api.carbonblack.sensors.telling import csv_page, told_page
from api.carbonblack.service_jobs.operations import begin_export
from api.carbonblack.service_jobs.running import MEDIA_TYPES
from api.endpoints import READ, Call


class SensorSearch(Resource):
    needs = {"POST": READ}
    is_atomic = False

    def post(self, call: Call, job_id: str) -> HttpResponse:
        body = json_object(call)
        job = find_job(call.organization, job_id)
        asked = read_asked(body)
        count, start = read_rows(body)
        rows = sensors(job, asked)
        if asked.format == "csv":
            table = csv_page(job, rows, start=start, count=count)
            return HttpResponse(table, content_type=MEDIA_TYPES["csv"])
        page = told_page(job, rows, start=start, count=count)
        return answered({"num_found": rows.count(), "results": page})


class SensorExport(Resource):
    needs = {"POST": READ}

    def post(self, call: Call, job_id: str) -> HttpResponse:
        """The whole of it, whatever `rows` and `start` say."""
        body = json_object(call)
        job = find_job(call.organization, job_id)
        asked = read_asked(body)
        made = begin_export(
            actor=call.actor, organization=call.organization, deployment=job, asked=asked
        )
        return answered({"job_service_id": made.number}, 202)
