"""Many rows of each table, written by PostgreSQL itself: enough for its planner to mean it."""

import json
from typing import Any

from django.db import connection, models
from django.db.models import Field, Model

from artifacts.models import Artifact, Release
from auditlog.models import AuditEntry
from deployments.models import Deployment, DeploymentLog, DeviceDeployment, Phase, StatusEvent
from fleet.models import (
    AccessToken,
    Alert,
    AuthSet,
    Configuration,
    Contact,
    Device,
    Inventory,
    Membership,
    Organization,
    SavedFilter,
    User,
)
from jobs.models import Job
from webhooks.kinds import KINDS
from webhooks.models import Delivery, Event, Webhook

ROWS = 12_000
TABLES: list[tuple[type[Model], dict[str, str]]] = [
    (
        Device,
        {
            "controller_id": "'controller-' || n",
            "group": "'group-' || n % 500",
            "device_type": "'type-' || n % 300",
        },
    ),
    (Inventory, {}),
    (Contact, {}),
    (AuthSet, {"status": "'pending'"}),
    (Configuration, {}),
    (Alert, {"is_latest": "false", "level": "'OK'"}),
    (SavedFilter, {}),
    (User, {}),
    (Membership, {"role": "'viewer'"}),
    (AccessToken, {"kind": "'personal'"}),
    (Release, {}),
    (Artifact, {}),
    (AuditEntry, {"actor_kind": "'user'", "action": "'create'"}),
    (Job, {}),
    (Deployment, {"target": "'all'"}),
    (Phase, {"position": "n"}),
    (
        DeviceDeployment,
        {
            "device": "(SELECT min(number) FROM fleet_device) + n - 1",
            "deployment": "(SELECT min(number) FROM deployments_deployment) + n % 100",
        },
    ),
    (StatusEvent, {"state": "'pending'"}),
    (DeploymentLog, {}),
    (Webhook, {}),
    (Event, {"kind": f"'{sorted(KINDS)[0]}'"}),
    (Delivery, {}),
]


def fill(organization: Organization) -> None:
    """Write the rows, all of this organization, and tell the planner of them."""
    with connection.cursor() as cursor:
        # The references are right, and checking each would take a minute.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, facts in TABLES:
            values = {
                field.column: facts.get(field.name) or _value(field, organization)
                for field in model._meta.concrete_fields
                if not isinstance(field, models.AutoField)
            }
            columns = ", ".join(f'"{name}"' for name in values)
            cursor.execute(
                f'INSERT INTO "{model._meta.db_table}" ({columns})'  # noqa: S608
                f" SELECT {', '.join(values.values())} FROM generate_series(1, {ROWS}) n"
            )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        tables = ", ".join(f'"{model._meta.db_table}"' for model, _ in TABLES)
        cursor.execute(f"ANALYZE {tables}")


def _value(field: "Field[Any, Any]", organization: Organization) -> str:
    """An SQL expression of the row's number `n`: the default, or something of its own."""
    if isinstance(field, models.ForeignKey):
        return _reference(field, organization)
    if field.name == "organization_id":
        return f"'{organization.pk}'"
    if field.null:
        return "NULL"
    if isinstance(field, models.UUIDField):
        return "md5('uuid' || n)::uuid"
    if isinstance(field, models.DateTimeField):
        return "now() - n * interval '1 minute'"
    return _plain(field)


def _plain(field: "Field[Any, Any]") -> str:
    if field.has_default():
        default = field.get_default()
        return f"'{default if isinstance(default, str) else json.dumps(default)}'"
    if isinstance(field, models.JSONField):
        return "'{}'"
    if isinstance(field, models.CharField | models.TextField):
        own = f"left('{field.name}-' || n, {field.max_length or 99})"
        return "''" if field.blank else own
    return "n"


def _reference(field: "models.ForeignKey[Any, Any]", organization: Organization) -> str:
    target: Any = field.related_model
    if target is Organization:
        return f"'{organization.pk}'"
    if field.null:
        return "NULL"
    if isinstance(target._meta.pk, models.UUIDField):
        return "md5('uuid' || n)::uuid"
    first = f'(SELECT min("{target._meta.pk.column}") FROM "{target._meta.db_table}")'  # noqa: S608
    return f"{first} + n - 1"
