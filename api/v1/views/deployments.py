"""Deployments: made, looked at before they are made, paused, resumed, stopped, aborted,
tried again."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.deployment_counts import preview_shape, retried_shape, statistics_shape
from api.v1.answers.deployments import DeploymentStatisticsTold, PreviewTold, RetriedTold
from api.v1.bodies import Body, Empty, read
from api.v1.endpoints import Collection, Endpoint, Item, Need, told
from api.v1.plans import DeploymentPlan, plan_of
from deployments.aborting import abort
from deployments.creating import create_deployment
from deployments.listing import DEPLOYMENTS
from deployments.models import Deployment, DeploymentQuerySet
from deployments.pausing import BY_HAND, MAX_REASON, pause, resume
from deployments.previewing import preview
from deployments.reach import ADD, CHANGE, VIEW, deployments_within, require_to_deploy
from deployments.retrying import MAX_LISTED, retry_failed
from deployments.statistics import counts, counts_by_phase
from deployments.stopping import stop_gracefully
from fleet.errors import Conflict
from fleet.models import Organization


class DeploymentCollection(Collection):
    listing = DEPLOYMENTS
    needs = {"GET": Need(VIEW, within_bounds=True), "POST": Need(ADD, within_bounds=True)}

    def rows(self) -> DeploymentQuerySet:
        return deployments_within(self.actor, VIEW, self.organization)

    def post(self, request: Request) -> Response:
        """Make a deployment: the devices it is for are fixed by it, unless a filter is named."""
        plan = plan_of(read(DeploymentPlan, request))
        made = create_deployment(actor=self.actor, organization=self.organization, plan=plan)
        headers = {"Location": f"/api/v1/deployments/{made.id}"}
        return Response(_told(self.organization, made), 201, headers=headers)


class DeploymentPreview(Endpoint):
    needs = {"POST": Need(ADD, within_bounds=True)}

    @extend_schema(responses={200: PreviewTold})
    def post(self, request: Request) -> Response:
        """Say what a deployment would do: for how many it is, how the phases cut, who is left out.

        It takes what the call that makes it takes, and writes nothing. `problem` is why that call
        would be refused.
        """
        plan = plan_of(read(DeploymentPlan, request))
        require_to_deploy(self.actor, self.organization, plan)
        found = preview(organization=self.organization, plan=plan)
        return Response(preview_shape(found, plan))


class DeploymentItem(Item):
    listing = DEPLOYMENTS
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> DeploymentQuerySet:
        return deployments_within(self.actor, VIEW, self.organization)


class DeploymentStatistics(DeploymentItem):
    @extend_schema(responses={200: DeploymentStatisticsTold})
    def get(self, request: Request, **names: Any) -> Response:
        """Count its devices by state, in all and for each phase, as they are now."""
        deployment = self.find(**names)
        assert isinstance(deployment, Deployment)  # noqa: S101 - of these rows
        counted = counts([deployment.number])[deployment.number]
        return Response(statistics_shape(deployment, counted, counts_by_phase(deployment)))


class Change(Item):
    """An action on one deployment."""

    listing = DEPLOYMENTS
    needs = {"POST": Need(CHANGE, within_bounds=True)}

    def rows(self) -> DeploymentQuerySet:
        return deployments_within(self.actor, CHANGE, self.organization)

    def told(self, row: Any) -> dict[str, Any]:
        return _told(self.organization, row)


class Pause(Body):
    """Why, for whoever looks at it."""

    reason = serializers.CharField(required=False, max_length=MAX_REASON, default=BY_HAND)


class Retry(Body):
    """Without `devices` all that failed are meant."""

    devices = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MAX_LISTED
    )


class PauseDeployment(Change):
    def post(self, request: Request, **names: Any) -> Response:
        """Let nobody begin it any more until it is resumed; who has begun goes on."""
        body = read(Pause, request)
        with self.changing(**names) as deployment:
            pause(actor=self.actor, deployment=deployment, reason=body["reason"])
        return Response(self.told(deployment))


class ResumeDeployment(Change):
    def post(self, request: Request, **names: Any) -> Response:
        """Let a paused deployment go on; phases that came due meanwhile are open."""
        read(Empty, request)
        with self.changing(**names) as deployment:
            resume(actor=self.actor, deployment=deployment)
        return Response(self.told(deployment))


class AbortDeployment(Change):
    def post(self, request: Request, **names: Any) -> Response:
        """Stop it at once: who has begun is told to break off. It cannot be undone."""
        read(Empty, request)
        with self.changing(**names) as deployment:
            abort(actor=self.actor, deployment=deployment)
        return Response(self.told(deployment))


class StopDeployment(Change):
    def post(self, request: Request, **names: Any) -> Response:
        """Let nobody begin it any more; who has begun goes on. It cannot be undone."""
        read(Empty, request)
        with self.changing(**names) as deployment:
            if not stop_gracefully(actor=self.actor, deployment=deployment):
                message = "The deployment is over, or was stopped before"
                raise Conflict("already_stopped", message)
        return Response(self.told(deployment))


class RetryDeployment(Change):
    @extend_schema(responses={200: RetriedTold, 202: RetriedTold})
    def post(self, request: Request, **names: Any) -> Response:
        """Give the devices that failed one more round of attempts.

        `left_behind` counts those that cannot, by reason. Of many the rest are done by `job`.
        """
        body = read(Retry, request)
        with self.changing(**names) as deployment:
            retried = retry_failed(
                actor=self.actor, deployment=deployment, devices=body.get("devices")
            )
        return Response(retried_shape(retried), 202 if retried.job else 200)


def _told(organization: Organization, deployment: Deployment) -> dict[str, Any]:
    """Whoever may change it is told of it, even if not allowed to look at others."""
    rows = Deployment.objects.of(organization).filter(pk=deployment.pk)
    return told(rows, DEPLOYMENTS.columns)[0]
