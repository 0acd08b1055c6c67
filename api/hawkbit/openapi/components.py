"""The shapes that several calls take or give. Source: the seed; hawkBit's management API."""

from api.hawkbit.words import DETAILS, FINISHED, PENDING
from api.openapi.schema import (
    ANYTHING,
    COUNT,
    FLAG,
    TEXT,
    WHOLE,
    Schema,
    array,
    choice,
    either,
    mapping,
    record,
    ref,
    text,
)

NUMBER: Schema = {"type": "number"}
NOTED: dict[str, Schema] = {"createdAt": COUNT, "lastModifiedAt": COUNT}
# Who made what was there before anybody was noted is not told.
AUTHORS: dict[str, Schema] = {"createdBy": TEXT, "lastModifiedBy": TEXT}
AUTHORED = {**NOTED, **AUTHORS}
LINK = record({"href": TEXT}, {"name": TEXT, "templated": FLAG})
SELF = record({"self": ref("Link")})
FORCE_TYPE = choice("soft", "forced", "timeforced", "downloadonly")
DETAIL = choice(*DETAILS)
STATUSES = ("scheduled", "running", "error", "finished", "cancelled", "notstarted")
UPDATE_STATUS = choice("error", "in_sync", "pending", "registered", "unknown")


def links(*required: str, optional: tuple[str, ...] = ()) -> Schema:
    return record(dict.fromkeys(required, ref("Link")), dict.fromkeys(optional, ref("Link")))


def told(required: dict[str, Schema], optional: dict[str, Schema], its_links: Schema) -> Schema:
    """An entity, which has links."""
    return record({**required, "_links": its_links}, optional)


_TARGET = {
    **NOTED,
    "name": TEXT,
    "controllerId": text(least=1, most=256),
    "updateStatus": UPDATE_STATUS,
    "requestAttributes": FLAG,
}
_TARGET_MORE = {
    **AUTHORS,
    "description": TEXT,
    "group": TEXT,
    "lastControllerRequestAt": COUNT,
    "installedAt": COUNT,
    "ipAddress": TEXT,
    "address": TEXT,
    "pollStatus": record({"lastRequestAt": COUNT, "nextExpectedRequestAt": COUNT, "overdue": FLAG}),
    "securityToken": TEXT,
    "targetType": COUNT,
    "targetTypeName": TEXT,
    "autoConfirmActive": FLAG,
}
_TARGET_LINKS = ("self", "assignedDS", "installedDS", "attributes", "actions", "metadata")
_DECLARED: dict[str, Schema] = {**AUTHORED, "id": COUNT, "name": TEXT}
_DESCRIBED: dict[str, Schema] = {"description": TEXT, "colour": TEXT}
_TYPE = {**_DECLARED, "key": TEXT, "deleted": FLAG}
_MODULE = {**_DECLARED, "version": TEXT, "type": TEXT, "typeName": TEXT} | dict.fromkeys(
    ("deleted", "locked", "encrypted", "complete"), FLAG
)
_MODULE_MORE: dict[str, Schema] = {"description": TEXT, "vendor": TEXT}
_SET = {**_DECLARED, "version": TEXT, "modules": array(ref("SoftwareModule"))} | dict.fromkeys(
    ("requiredMigrationStep", "complete", "deleted", "locked", "valid"), FLAG
)
_SET_MORE: dict[str, Schema] = {"description": TEXT, "type": TEXT, "typeName": TEXT}
HASHES = record({"sha1": TEXT, "md5": TEXT, "sha256": TEXT})
_WINDOW = record({"schedule": TEXT, "duration": TEXT, "timezone": TEXT}, {"nextStartAt": COUNT})
_ACTION = {
    **NOTED,
    "id": COUNT,
    "type": choice("update", "cancel"),
    "status": choice(PENDING, FINISHED),
    "detailStatus": DETAIL,
    "active": FLAG,
    "forceType": FORCE_TYPE,
}
_ACTION_MORE = {
    **AUTHORS,
    "forceTime": COUNT,
    "weight": COUNT,
    "maintenanceWindow": _WINDOW,
    "rollout": COUNT,
    "rolloutName": TEXT,
    "lastStatusCode": WHOLE,
}
_ACTION_LINKS = ("distributionset", "rollout", "canceledaction")
_TOTALS = record(dict.fromkeys(STATUSES, COUNT))
_CONDITION = record({"condition": choice("THRESHOLD"), "expression": TEXT})
_GROUP_ACTION = record({"action": TEXT, "expression": TEXT})
_ROLLOUT = {
    **NOTED,
    "id": COUNT,
    "name": TEXT,
    "targetFilterQuery": TEXT,
    "status": TEXT,
    "totalTargets": COUNT,
    "forcetime": COUNT,
    "type": FORCE_TYPE,
    "dynamic": FLAG,
    "deleted": FLAG,
}
_ROLLOUT_MORE = {
    **AUTHORS,
    "description": TEXT,
    "distributionSetId": COUNT,
    "startAt": COUNT,
    "weight": COUNT,
    "approveDecidedBy": TEXT,
    "approvalRemark": TEXT,
}
_ROLLOUT_LINKS = ("self", "start", "pause", "resume", "triggerNextGroup", "approve", "deny")
_SUMS = {"totalTargetsPerStatus": ref("Totals"), "totalGroups": COUNT}
_GROUP = {
    **NOTED,
    "id": COUNT,
    "name": TEXT,
    "status": TEXT,
    "targetFilterQuery": TEXT,
    "targetPercentage": NUMBER,
    "totalTargets": COUNT,
    "dynamic": FLAG,
}
_GROUP_MORE = {
    **AUTHORS,
    "description": TEXT,
    "totalTargetsPerStatus": ref("Totals"),
    "confirmationRequired": FLAG,
    "successCondition": _CONDITION,
    "successAction": _GROUP_ACTION,
    "errorCondition": _CONDITION,
    "errorAction": _GROUP_ACTION,
}
_FILTER_MORE = {
    **AUTHORS,
    "autoAssignDistributionSet": COUNT,
    "autoAssignActionType": FORCE_TYPE,
    "autoAssignWeight": COUNT,
    "confirmationRequired": FLAG,
}
_ENTRY: dict[str, Schema] = {"key": TEXT, "value": TEXT}

SCHEMAS: dict[str, Schema] = {
    "Error": record(
        {"errorCode": TEXT, "exceptionClass": TEXT},
        {"message": TEXT, "info": mapping(), "parameters": array(TEXT)},
    ),
    "Link": LINK,
    "TargetEntry": told(_TARGET, _TARGET_MORE, SELF),
    "Target": told(
        _TARGET, _TARGET_MORE, links(*_TARGET_LINKS, optional=("targetType", "autoConfirm"))
    ),
    "AutoConfirm": told(
        {"active": FLAG},
        {"initiator": TEXT, "remark": TEXT, "activatedAt": COUNT},
        links(optional=("activate", "deactivate")),
    ),
    "TagEntry": told(_DECLARED, _DESCRIBED, SELF),
    "TargetTag": told(_DECLARED, _DESCRIBED, links("self", "assignedTargets")),
    "DistributionSetTag": told(_DECLARED, _DESCRIBED, links("self", "assignedDistributionSets")),
    "TargetTypeEntry": told(_TYPE, _DESCRIBED, SELF),
    "TargetType": told(_TYPE, _DESCRIBED, links("self", "compatibledistributionsettypes")),
    "SoftwareModuleType": told(_TYPE | {"maxAssignments": COUNT}, _DESCRIBED, SELF),
    "DistributionSetTypeEntry": told(_TYPE, _DESCRIBED, SELF),
    "DistributionSetType": told(
        _TYPE, _DESCRIBED, links("self", "mandatorymodules", "optionalmodules")
    ),
    "SoftwareModule": told(_MODULE, _MODULE_MORE, SELF),
    "SoftwareModuleInFull": told(
        _MODULE, _MODULE_MORE, links("self", "artifacts", "type", "metadata")
    ),
    "Artifact": told(
        {**AUTHORED, "id": COUNT, "hashes": HASHES, "providedFilename": TEXT, "size": COUNT},
        {},
        links("self", "download"),
    ),
    "DistributionSetEntry": told(_SET, _SET_MORE, SELF),
    "DistributionSet": told(
        _SET, _SET_MORE, links("self", "modules", "metadata", optional=("type",))
    ),
    "Metadata": record(_ENTRY),
    "ModuleMetadata": record({**_ENTRY, "targetVisible": FLAG}),
    "ActionEntry": told(_ACTION, _ACTION_MORE, SELF),
    "Action": told(
        _ACTION, _ACTION_MORE, links("self", "target", "status", optional=_ACTION_LINKS)
    ),
    "ActionStatus": record(
        {"id": COUNT, "type": DETAIL, "messages": array(TEXT), "reportedAt": COUNT},
        {"timestamp": COUNT, "code": WHOLE},
    ),
    "Assignment": record(
        {
            "assigned": COUNT,
            "alreadyAssigned": COUNT,
            "total": COUNT,
            "assignedActions": array(record({"id": COUNT, "_links": SELF})),
        }
    ),
    "Totals": _TOTALS,
    "RolloutEntry": told(_ROLLOUT, _ROLLOUT_MORE, SELF),
    "Rollout": told(
        {**_ROLLOUT, **_SUMS},
        _ROLLOUT_MORE,
        links(*_ROLLOUT_LINKS, "groups", optional=("distributionset",)),
    ),
    "DeployGroup": told(_GROUP, _GROUP_MORE, links("self", optional=("targets",))),
    "TargetFilter": told(
        {**NOTED, "id": COUNT, "name": TEXT, "query": TEXT},
        _FILTER_MORE,
        links("self", optional=("autoAssignDS",)),
    ),
    "Configuration": told(
        {"value": either(TEXT, FLAG, WHOLE), "global": FLAG},
        AUTHORED,
        SELF,
    ),
    "Statistics": record(
        {},
        {
            "totalRolloutsPerStatus": mapping(COUNT),
            "totalActionsPerStatus": mapping(COUNT),
            "totalAutoAssignments": COUNT,
        },
    ),
    "Attributes": mapping(TEXT),
    "Document": mapping(ANYTHING),
}
