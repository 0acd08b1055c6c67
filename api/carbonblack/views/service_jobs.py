"""The Job Service, as far as exports go: its jobs are seen by who asked for them alone."""

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from api.carbonblack.errors import not_found
from api.carbonblack.resources import Resource, answered
from api.carbonblack.service_jobs.operations import own_jobs
from api.carbonblack.shapes.service_jobs import told, told_progress
from api.endpoints import READ, Call
from api.exports import files
from api.models import ServiceJob
from jobs.models import Job

CHUNK = 256 * 1024
LONGEST = 9


class ServiceJobs(Resource):
    needs = {"GET": READ}

    def get(self, call: Call) -> HttpResponse:
        jobs = own_jobs(call.organization, call.actor)
        results = [told(job, self.org_key) for job in jobs]
        return answered({"num_found": len(results), "results": results})


class OneServiceJob(Resource):
    needs = {"GET": READ}

    def get(self, call: Call, number: str) -> HttpResponse:
        return answered(told(find(call, number), self.org_key))


class Progress(Resource):
    needs = {"GET": READ}

    def get(self, call: Call, number: str) -> HttpResponse:
        return answered(told_progress(find(call, number)))


class Download(Resource):
    needs = {"GET": READ}

    def get(self, call: Call, number: str) -> HttpResponseBase:
        """The file, once it is there and until it is deleted; raises Refused (404)."""
        job = find(call, number)
        if job.job.state != Job.State.DONE or not job.file:
            raise not_found()
        try:
            content = files.open_file(job.file)
        except FileNotFoundError:
            raise not_found() from None
        suffix = "csv" if job.media_type.startswith("text/csv") else "json"
        response = FileResponse(
            content,
            as_attachment=True,
            filename=f"sensors-{job.number}.{suffix}",
            content_type=job.media_type,
        )
        response.block_size = CHUNK
        return response


def find(call: Call, number: str) -> ServiceJob:
    """Raises Refused (404), also for what is no number and for what others have asked for."""
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST):
        raise not_found()
    job: ServiceJob | None = own_jobs(call.organization, call.actor).filter(pk=number).first()
    if job is None:
        raise not_found()
    return job
