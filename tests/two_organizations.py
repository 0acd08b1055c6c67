"""Two organizations: one to call from, and one whose things are to be left alone."""

from dataclasses import dataclass
from typing import Any

from django.core import serializers
from django.test import Client

from artifacts.models import (
    Artifact,
    IncomingImage,
    ModuleFile,
    ModuleType,
    PendingUpload,
    Release,
    ReleaseType,
    SoftwareModule,
)
from deployments.models import Deployment, DeviceDeployment, StatusEvent
from fleet.models import (
    AccessToken,
    AuthSet,
    CustomRole,
    Device,
    Inventory,
    Organization,
    SavedFilter,
    Tag,
    TargetType,
    User,
)
from jobs.models import Job
from tests.api.mender.callers import Box, Person, box, person
from tests.make import (
    make_artifact,
    make_deployment,
    make_device,
    make_distribution_set,
    make_filter,
    make_module_file,
    make_organization,
    make_pending_upload,
    make_release,
)
from webhooks.models import Delivery, Event, Webhook

KEPT = [
    CustomRole,
    Device,
    AuthSet,
    Inventory,
    Release,
    Artifact,
    IncomingImage,
    PendingUpload,
    Deployment,
    DeviceDeployment,
    SavedFilter,
    StatusEvent,
    Webhook,
    Delivery,
    Job,
    ModuleFile,
    ModuleType,
    ReleaseType,
    SoftwareModule,
    Tag,
    TargetType,
]


@dataclass
class World:
    """Ours to call from, theirs to be left alone; `theirs` by the names of parameters."""

    admin: Person
    device: Box
    browser: Client
    organization: Organization
    theirs: dict[str, str]


def two_organizations() -> World:
    ours, organization = make_organization(), make_organization()
    make_artifact(make_release(ours, name="mine"))
    person(organization)
    device = make_device(organization, group="theirs", inventory={"color": "red"})
    artifact = make_artifact(make_release(organization))
    deployment = make_deployment(devices=[device], release=artifact.release)
    upload = make_pending_upload(organization)
    auth_set = device.auth_sets.get()
    token = AccessToken.objects.get(membership__organization=organization)
    webhook = Webhook.objects.create(organization=organization, name="theirs", secret="x")
    sent = Delivery.objects.create(
        organization=organization,
        webhook=webhook,
        event=Event.objects.create(organization=organization, kind="ping"),
    )
    export = Job.objects.create(organization_id=organization.pk, kind="api.export")
    module = make_distribution_set(organization).modules.get()
    module_file = make_module_file(module, "theirs.bin", b"theirs")
    admin = person(ours)
    browser = Client()
    browser.force_login(User.objects.get(memberships__organization=ours))
    return World(
        admin,
        box(ours, group="mine"),
        browser,
        organization,
        {
            "device_id": str(device.id),
            "auth_set_id": str(auth_set.id),
            "key_id": str(auth_set.id),
            "artifact_id": str(artifact.id),
            "release_id": str(artifact.release.id),
            "release_name": artifact.release.name,
            "upload_id": str(upload.id),
            "job_id": upload.facts["job"],
            "deployment_id": str(deployment.id),
            "token_id": str(token.id),
            "user_id": str(token.membership.user_id),
            "filter_id": str(make_filter(organization).id),
            "role_name": CustomRole.objects.create(organization=organization, name="theirs").name,
            "name": "theirs",
            "export_id": str(export.id),
            "webhook_id": str(webhook.id),
            "delivery_id": str(sent.id),
            "number": str(deployment.device_deployments.get().number),
            "file_number": str(module_file.pk),
        },
    )


def kept_of(organization: Organization) -> str:
    """Everything of an organization that somebody else could change, as text."""
    rows: list[Any] = []
    for model in KEPT:
        found = [row for row in model._default_manager.all() if owner_of(row) == organization.pk]
        rows += sorted(found, key=lambda row: str(row.pk))
    memberships = organization.memberships.select_related("user")
    for membership in memberships:
        rows += [membership, membership.user, *membership.tokens.all()]
    return serializers.serialize("json", rows)


def owner_of(row: Any) -> Any:
    for name in ("device", "deployment", "device_deployment"):
        if not hasattr(row, "organization_id"):
            row = getattr(row, name, row)
    return getattr(row, "organization_id", None)
