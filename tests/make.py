"""One of each thing, valid by default; every keyword overrides one fact."""

import base64
import hashlib
import io
import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from artifacts.artifact_modules import make_module
from artifacts.fitting import claim_fits, fits_of
from artifacts.formats.mender_writer import write_module_artifact
from artifacts.generating import request_generation
from artifacts.models import (
    Artifact,
    ModuleFile,
    ModuleType,
    PendingUpload,
    Release,
    ReleaseType,
    SoftwareModule,
)
from artifacts.operations import add_artifact
from artifacts.recipes import Recipe
from artifacts.storage import Incoming
from auditlog.actor import Actor, ActorKind, system
from deployments.creating import create_deployment
from deployments.models import Deployment
from deployments.planning import PhasePlan, Plan
from fleet import identity as identities
from fleet import keys, security_tokens
from fleet.device_tokens import DeviceClaims
from fleet.models import (
    AuthSet,
    Contact,
    Device,
    Inventory,
    Membership,
    Organization,
    Role,
    SavedFilter,
    User,
)
from fleet.permissions import ROLE_PERMISSIONS
from fleet.states import Admission

PASSWORD = "a-long-enough-one"
_serial = itertools.count(1)


@dataclass(frozen=True)
class Key:
    """A device's key pair; `sign` gives what X-MEN-Signature carries."""

    private: Ed25519PrivateKey
    pem: str

    def sign(self, body: bytes) -> str:
        return base64.b64encode(self.private.sign(body)).decode()


def make_key() -> Key:
    private = Ed25519PrivateKey.generate()
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Key(private, pem.decode())


def make_organization(name: str = "", **facts: Any) -> Organization:
    number = next(_serial)
    return Organization.objects.create(
        name=name or f"Organization {number}", key=facts.pop("key", f"ORG-{number}"), **facts
    )


def make_user(
    *,
    role: Role | str = Role.ADMINISTRATOR,
    organization: Organization | None = None,
    email: str = "",
    password: str = PASSWORD,
    **facts: Any,
) -> User:
    """A person with that role in one organization (a new one if none is given)."""
    user = User.objects.create_user(
        email or f"person{next(_serial)}@example.com", password, **facts
    )
    Membership.objects.create(
        user=user, organization=organization or make_organization(), role=role
    )
    return user


def make_actor(
    organization: Organization, role: Role | str = Role.ADMINISTRATOR, **facts: Any
) -> Actor:
    """Someone with that role who needs no row."""
    return Actor(
        ActorKind.USER,
        facts.pop("id", str(uuid.uuid4())),
        facts.pop("name", "someone@example.com"),
        organization.pk,
        permissions=ROLE_PERMISSIONS[Role(role)],
        **facts,
    )


def make_auth_set(
    device: Device,
    *,
    status: Admission | str = Admission.PENDING,
    key: Key | None = None,
    tier: str = "",
    has_token: bool | None = None,
) -> AuthSet:
    """A key of the device; an accepted one has a standing token unless told otherwise.

    The device's own status is left alone.
    """
    public_key = keys.normalise((key or make_key()).pem)
    stands = status == Admission.ACCEPTED if has_token is None else has_token
    return AuthSet.objects.create(
        device=device,
        public_key=public_key.pem,
        key_digest=public_key.digest,
        status=status,
        tier=tier,
        token_issued_at=timezone.now() if stands else None,
    )


def make_device(
    organization: Organization | None = None,
    *,
    status: Admission | str = Admission.ACCEPTED,
    identity: dict[str, Any] | None = None,
    key: Key | None = None,
    device_type: str = "",
    software: str = "",
    inventory: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    seen_at: datetime | None = None,
    **facts: Any,
) -> Device:
    """A device with one auth set of the same status (none for "noauth")."""
    identity = identity or {"mac": f"00:00:00:00:{next(_serial):05x}"}
    device = Device.objects.create(
        organization=organization or make_organization(),
        identity=identity,
        identity_digest=identities.digest(identity),
        name=facts.pop("name", identities.name_of(identity)),
        status=status,
        device_type=device_type,
        software=software,
        **facts,
    )
    if status != Admission.NOAUTH:
        make_auth_set(device, status=status, key=key)
    told = {"device_type": device_type, "artifact_name": software, **(inventory or {})}
    told = {name: value for name, value in told.items() if value != ""}
    if told or tags:
        Inventory.objects.create(device=device, attributes={"inventory": told, "tags": tags or {}})
    if seen_at:
        Contact.objects.create(device=device, seen_at=seen_at)
    return device


def make_target(
    organization: Organization | None = None,
    controller_id: str = "",
    *,
    security_token: str = "",
    attributes: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    tags: Sequence[str] = (),
    seen_at: datetime | None = None,
    **facts: Any,
) -> Device:
    """A device as hawkBit knows one: accepted by its security token, without a key.

    `facts` are columns of the device.
    """
    controller_id = controller_id or f"target-{next(_serial)}"
    identity = {"controllerId": controller_id}
    device = Device.objects.create(
        organization=organization or make_organization(),
        identity=identity,
        identity_digest=identities.digest(identity),
        controller_id=controller_id,
        name=facts.pop("name", controller_id),
        status=facts.pop("status", Admission.ACCEPTED),
        **facts,
    )
    row = security_tokens.row_of(device, security_token or security_tokens.fresh())
    row.status = "rejected" if device.status == Admission.REJECTED else "accepted"
    row.save()
    scopes = {"inventory": attributes, "metadata": metadata, "tags": dict.fromkeys(tags, "")}
    known = {scope: values for scope, values in scopes.items() if values}
    if known:
        Inventory.objects.create(device=device, attributes=known)
    if seen_at:
        Contact.objects.create(device=device, seen_at=seen_at)
    return device


def make_filter(
    organization: Organization | None = None, *terms: dict[str, Any], name: str = ""
) -> SavedFilter:
    """A saved filter, for devices that are "red" if it is given no terms."""
    red = {"scope": "inventory", "attribute": "color", "type": "$eq", "value": "red"}
    return SavedFilter.objects.create(
        organization=organization or make_organization(),
        name=name or f"filter {next(_serial)}",
        terms=list(terms) or [red],
    )


def make_release(organization: Organization | None = None, *, name: str = "") -> Release:
    """A release without artifacts; give it some with `make_artifact(release)`."""
    return Release.objects.create(
        organization=organization or make_organization(), name=name or f"release-{next(_serial)}"
    )


def make_distribution_set(
    organization: Organization | None = None,
    title: str = "fw",
    version: str = "1.0",
    *,
    files: dict[str, bytes] | None = None,
    **facts: Any,
) -> Release:
    """A complete release as hawkBit knows one: of type "os", with one module that has the files.

    `facts` are columns of the release.
    """
    organization = organization or make_organization()
    os_type, _ = ModuleType.objects.get_or_create(
        organization=organization, key="os", defaults={"name": "OS"}
    )
    release_type, is_new = ReleaseType.objects.get_or_create(
        organization=organization, key="os", defaults={"name": "OS only"}
    )
    if is_new:
        release_type.mandatory.add(os_type)
    module = SoftwareModule.objects.create(
        organization=organization, type=os_type, name=f"{title}-os", version=version
    )
    for filename, content in (files or {}).items():
        make_module_file(module, filename, content)
    release = Release.objects.create(
        organization=organization,
        name=facts.pop("name", f"{title}:{version}"),
        title=title,
        version=version,
        type=facts.pop("type", release_type),
        **facts,
    )
    release.modules.add(module)
    return release


def make_module_file(module: SoftwareModule, filename: str, content: bytes) -> ModuleFile:
    """A file of the module, with its bytes in the storage."""
    incoming = make_incoming(module.organization, content)
    with incoming.kept_with_its_row():
        return ModuleFile.objects.create(
            organization=module.organization,
            module=module,
            filename=filename,
            file=incoming.file,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            sha1=hashlib.sha1(content, usedforsecurity=False).hexdigest(),
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        )


def make_artifact(
    release: Release | None = None,
    *,
    device_types: Sequence[str] = ("board",),
    depends: dict[str, list[str]] | None = None,
    **facts: Any,
) -> Artifact:
    """An artifact without its file, of a new release if none is given."""
    release = release or make_release()
    types = list(device_types)
    depends = {"device_type": types, **(depends or {})}
    artifact = Artifact.objects.create(
        release=release,
        organization=release.organization,
        file=facts.pop("file", f"{release.organization_id}/{uuid.uuid4()}.mender"),
        size=facts.pop("size", 10240),
        sha256=facts.pop("sha256", "0" * 64),
        format="mender",
        format_version=3,
        device_types=types,
        depends=depends,
        provides=facts.pop("provides", {"artifact_name": release.name}),
        payloads=facts.pop("payloads", [{"type": "script", "files": [], "metadata": {}}]),
        **facts,
    )
    claim_fits(artifact, release, fits_of(types, depends))
    make_module(artifact, system(release.organization_id))
    return artifact


def make_mender_file(
    name: str = "release-1",
    *,
    device_types: Sequence[str] = ("board",),
    payload: bytes = b"#!/bin/sh\n",
    **facts: Any,
) -> bytes:
    """What the format's own tool would write; `facts` go to `write_module_artifact`."""
    target = io.BytesIO()
    write_module_artifact(
        target,
        name=name,
        device_types=device_types,
        payload_type=facts.pop("payload_type", "script"),
        files=facts.pop("files", [("install.sh", io.BytesIO(payload))]),
        **facts,
    )
    return target.getvalue()


def make_incoming(organization: Organization, content: bytes) -> Incoming:
    """A file that has come in whole, not yet an artifact."""
    incoming = Incoming(organization)
    incoming.write(content)
    return incoming


def upload_artifact(
    organization: Organization | None = None, name: str = "release-1", **facts: Any
) -> Artifact:
    """A real artifact with its file; `facts` go to `make_mender_file`."""
    organization = organization or make_organization()
    incoming = make_incoming(organization, make_mender_file(name, **facts))
    return add_artifact(actor=system(organization.pk), incoming=incoming)


def make_pending_upload(organization: Organization, name: str = "release-1") -> PendingUpload:
    """A raw file that a job will make an artifact of."""
    return request_generation(
        actor=make_actor(organization),
        incoming=make_incoming(organization, b"raw"),
        recipe=Recipe(name=name, device_types=["board"], filename="file", dest_dir="/etc"),
    )


def make_deployment(
    organization: Organization | None = None,
    *,
    release: Release | None = None,
    devices: Sequence[Device | str] = (),
    group: str = "",
    phases: Sequence[PhasePlan] = (),
    **facts: Any,
) -> Deployment:
    """A deployment to the listed devices or the group, or else to all that are accepted.

    Of a new release for device type "board" if none is given; `facts` go to the plan.
    """
    if organization is None:
        known = [device for device in devices if isinstance(device, Device)]
        organization = known[0].organization if known else make_organization()
    release = release or make_artifact(make_release(organization)).release
    listed = Deployment.Target.DEVICES if devices else Deployment.Target.ALL
    plan = Plan(
        name=facts.pop("name", f"deployment {next(_serial)}"),
        release_name=release.name,
        target=Deployment.Target.GROUP if group else listed,
        device_refs=tuple(str(getattr(device, "id", device)) for device in devices),
        group=group,
        phases=tuple(phases),
        **facts,
    )
    return create_deployment(actor=make_actor(organization), organization=organization, plan=plan)


def make_claims(device: Device) -> DeviceClaims:
    """What the standing token of an accepted device says."""
    auth_set = device.auth_sets.get(status=Admission.ACCEPTED)
    return DeviceClaims(auth_set.pk, device.pk, auth_set.token_serial, device.id, 4102444800.0)
