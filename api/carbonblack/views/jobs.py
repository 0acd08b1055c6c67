"""The jobs. Source: the seed, API Calls."""

from django.http import HttpResponse

from api.carbonblack.bodies import json_object, read_rows
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused
from api.carbonblack.jobs import find_job, found_jobs, read_devices, read_name, read_plan
from api.carbonblack.resources import Resource, answered, nothing
from api.carbonblack.shapes.jobs import told_as_accepted, told_jobs
from api.endpoints import EXECUTE, READ, Call
from deployments.by_kit import create_by_kit
from deployments.models import Deployment
from deployments.outcomes import COURSE, Course
from deployments.rollouts.updating import update
from deployments.stopping import stop_gracefully


class Jobs(Resource):
    needs = {"POST": EXECUTE}
    takes_long_bodies = True

    def post(self, call: Call) -> HttpResponse:
        """Create a job; it is told as it was accepted, with the sensors that it is for."""
        body = json_object(call)
        plan = read_plan(body)
        devices = read_devices(call.organization, body)
        job = create_by_kit(
            actor=call.actor, organization=call.organization, plan=plan, devices=devices
        )
        return answered(told_as_accepted(job, call.organization))


class JobSearch(Resource):
    needs = {"POST": READ}
    is_atomic = False

    def post(self, call: Call) -> HttpResponse:
        body = json_object(call)
        jobs = found_jobs(call.organization, body)
        rows, start = read_rows(body)
        page = told_jobs(list(jobs[start : start + rows]), call.organization)
        return answered({"num_found": jobs.count(), "results": page})


class OneJob(Resource):
    needs = {"GET": READ, "PUT": EXECUTE, "DELETE": EXECUTE}

    def get(self, call: Call, job_id: str) -> HttpResponse:
        job = find_job(call.organization, job_id)
        return answered(told_jobs([job], call.organization)[0])

    def put(self, call: Call, job_id: str) -> HttpResponse:
        """Give it another name."""
        body = json_object(call)
        job = find_job(call.organization, job_id)
        update(actor=call.actor, deployment=job, name=read_name(body))
        return answered(told_jobs([job], call.organization)[0])

    def delete(self, call: Call, job_id: str) -> HttpResponse:
        """Stop it: who has begun goes on."""
        job = find_job(call.organization, job_id)
        if _course(job) != Course.CANCELED and _is_over(job, call):
            message = "The job has been completed"
            raise Refused(Code.JOB_NOT_STOPPABLE, message, [str(job.id)])
        return nothing()


def _is_over(job: Deployment, call: Call) -> bool:
    """False once it is stopped, by this call or by another one."""
    if _course(job) == Course.COMPLETED:
        return True
    return not stop_gracefully(actor=call.actor, deployment=job) and (
        _course(job) != Course.CANCELED
    )


def _course(job: Deployment) -> Course:
    rows = Deployment.objects.filter(number=job.number).annotate(course=COURSE)
    return Course(rows.values_list("course", flat=True).get())
