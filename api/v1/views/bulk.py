"""One change to many devices in one call."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.devices import Results
from api.v1.bodies import read
from api.v1.choices import Chosen, choice_of
from api.v1.endpoints import Endpoint, Need
from api.v1.fields import named
from api.v1.jobs import begun
from fleet.bulk.changing import Act, Change, change_many
from fleet.bulk.jobs import told
from fleet.bulk.outcomes import Outcome
from jobs.listing import JOBS
from jobs.models import Job


class BulkChange(Chosen):
    """`group` goes with set_group, `tags` with set_tags: they are merged, null takes one away."""

    action = serializers.ChoiceField(choices=Act.values)
    group = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    tags = serializers.DictField(required=False)
    as_job = serializers.BooleanField(default=False)


class BulkDevices(Endpoint):
    """Up to 5,000 devices at once, with what became of each; more than these by a job."""

    needs = {"POST": Need("fleet.view_device", within_bounds=True)}

    @extend_schema(responses={200: Results, 202: JOBS})
    def post(self, request: Request) -> Response:
        """Accept, reject, decommission, group or tag many devices.

        A result for each device: "done", also if it was so already (code "unchanged"), or
        "failed" with a code. For more than 5,000 devices, or `as_job`, the answer is a job, whose
        result counts the outcomes and lists the first 1,000 failures.
        """
        body = read(BulkChange, request)
        change = Change(body["action"], body.get("group", ""), body.get("tags", {}))
        with named(value="tags", name="tags"):
            outcomes = change_many(
                actor=self.actor,
                organization=self.organization,
                change=change,
                choice=choice_of(self.organization, body),
                as_job=body["as_job"],
            )
        return begun(outcomes) if isinstance(outcomes, Job) else Response(_summed(outcomes))


def _summed(outcomes: list[Outcome]) -> dict[str, Any]:
    failed = sum(outcome.has_failed for outcome in outcomes)
    results = [told(outcome) for outcome in outcomes]
    return {"done": len(outcomes) - failed, "failed": failed, "results": results}
