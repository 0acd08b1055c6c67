"""The shapes that several calls take or give. Source: Mender API, Schemas of each service."""

from api.mender.shapes.deployments import STATE_WORD
from api.openapi.schema import (
    ANYTHING,
    COUNT,
    FLAG,
    ID,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    array,
    asked,
    choice,
    either,
    mapping,
    nullable,
    record,
    ref,
    text,
    whole,
)
from fleet.states import Admission

ADMISSION = choice(*Admission.values)
DEVICE_STATE = choice(*STATE_WORD.values())
NUMBER: Schema = {"type": "number"}
VALUE = either(TEXT, NUMBER, array(TEXT), array(NUMBER))
# The map itself is checked where it comes in; what goes out is what came.
CONTROL_MAP = mapping()
NEW_PHASE = asked({}, {"batch_size": whole(1, 100), "start_ts": TIME})
NEW_DEPLOYMENT: dict[str, Schema] = {
    "phases": array(ref("NewDeploymentPhase")),
    "retries": COUNT,
    "force_installation": FLAG,
    "update_control_map": CONTROL_MAP,
}
NAMES = {"name": text(least=1, most=256), "artifact_name": text(least=1, most=4096)}

_FILE = record({"name": TEXT, "checksum": TEXT, "size": COUNT, "date": TIME})
_UPDATE = record(
    {
        "type_info": record({"type": nullable(TEXT)}),
        "files": nullable(array(_FILE)),
        "metadata": mapping(),
    },
    {"meta_data": array(record({"Key": TEXT, "Value": ANYTHING}))},
)
_ARTIFACT = record(
    {
        "id": ID,
        "name": TEXT,
        "description": TEXT,
        "device_types_compatible": array(TEXT),
        "info": record({"format": TEXT, "version": WHOLE}),
        "signed": FLAG,
        "updates": array(_UPDATE),
        "artifact_provides": mapping(TEXT),
        "artifact_depends": mapping(array(TEXT)),
        "clears_artifact_provides": array(TEXT),
        "size": COUNT,
        "modified": TIME,
    }
)
_PHASE = record(
    {"id": TEXT, "batch_size": whole(0, 100), "device_count": COUNT}, {"start_ts": TIME}
)
_DEPLOYMENT = record(
    {
        "id": ID,
        "name": TEXT,
        "artifact_name": TEXT,
        "created": TIME,
        "status": choice("scheduled", "pending", "inprogress", "finished"),
        "type": choice("software", "configuration"),
        "device_count": COUNT,
        "initial_device_count": COUNT,
        "statistics": record({"status": ref("DeploymentStatistics"), "total_size": COUNT}),
        "artifacts": array(ID),
        "groups": array(TEXT),
        "retries": COUNT,
        "force_installation": FLAG,
        "dynamic": FLAG,
    },
    {
        "finished": TIME,
        "phases": array(ref("DeploymentPhase")),
        "max_devices": COUNT,
        "filter": record({"id": ID, "name": TEXT, "terms": array(mapping())}),
        "update_control_map": mapping(),
        "configuration": TEXT,
    },
)
_DEPLOYMENT_DEVICE = record(
    {
        "id": TEXT,
        "status": DEVICE_STATE,
        "state": DEVICE_STATE,
        "created": TIME,
        "device_type": TEXT,
        "log": FLAG,
        "attempts": COUNT,
        "retries": COUNT,
    },
    {"substate": TEXT, "image": ref("Artifact"), "started": TIME, "finished": TIME},
)
_RELEASE = record(
    {
        "name": TEXT,
        "artifacts": array(ref("Artifact")),
        "artifacts_count": COUNT,
        "modified": TIME,
        "notes": TEXT,
        "tags": array(TEXT),
        "Name": TEXT,
        "Artifacts": array(ref("Artifact")),
        "ArtifactsCount": COUNT,
        "Modified": TIME,
    }
)
_AUTH_SET = record(
    {
        "id": ID,
        "device_id": ID,
        "identity_data": mapping(),
        "pubkey": TEXT,
        "status": ADMISSION,
        "ts": TIME,
    },
    {"tier": TEXT},
)
_DEVICE = record(
    {
        "id": ID,
        "identity_data": mapping(),
        "status": ADMISSION,
        "decommissioning": FLAG,
        "created_ts": TIME,
        "updated_ts": TIME,
        "auth_sets": array(ref("AuthSet")),
    },
    {"check_in_time": TIME},
)
_KNOWN_ATTRIBUTE = record(
    {"name": TEXT, "value": ANYTHING, "scope": TEXT}, {"description": TEXT, "timestamp": TIME}
)

SCHEMAS: dict[str, Schema] = {
    "Error": record(
        {"error": TEXT, "request_id": TEXT},
        {"metadata": mapping(), "active_deployments": array(ID)},
    ),
    "Artifact": _ARTIFACT,
    "AuthSet": _AUTH_SET,
    "Deployment": _DEPLOYMENT,
    "DeploymentDevice": _DEPLOYMENT_DEVICE,
    "DeploymentPhase": _PHASE,
    "DeploymentStatistics": record(dict.fromkeys(STATE_WORD.values(), COUNT)),
    "Device": _DEVICE,
    "InventoryDevice": record(
        {"id": ID, "attributes": array(_KNOWN_ATTRIBUTE), "updated_ts": TIME}
    ),
    "NewDeploymentPhase": NEW_PHASE,
    "Release": _RELEASE,
}
