"""The shapes that several calls give."""

from api.digi.shapes.devices import FIELDS
from api.digi.shapes.jobs import JOB_TYPES
from api.digi.shapes.targets import STATUSES
from api.openapi.schema import COUNT, FLAG, TEXT, TIME, WHOLE, Schema, array, choice, record, ref
from deployments.outcomes import Course

_JOB: dict[str, Schema] = {
    "id": WHOLE,
    "customer_id": WHOLE,
    "username": TEXT,
    "job_type": choice(*JOB_TYPES.values()),
    "job_description": TEXT,
    "status": choice(*Course.values),
    "target_count": COUNT,
    "success_count": COUNT,
    "failure_count": COUNT,
    "pending_count": COUNT,
    "active_count": COUNT,
    "submit_time": TIME,
}
_TIMES: dict[str, Schema] = {"start_time": TIME, "complete_time": TIME}
_TARGET = {"device_id": TEXT, "name": TEXT, "status": choice(*sorted(set(STATUSES.values())))}
_TARGET_MORE = {"version": TEXT, "start_time": TIME, "end_time": TIME, "error_message": TEXT}
_ERROR: dict[str, Schema] = {"error_status": WHOLE, "error_message": TEXT}

_PAGE = ("resultTotalRows", "requestedStartRow", "resultSize", "requestedSize", "remainingSize")
_DEVICE: dict[str, Schema] = {
    "id": record({"devId": TEXT, "devVersion": TEXT}),
    **dict.fromkeys(("cstId", "devRecordStartDate", "dpTags", "devConnectwareId"), TEXT),
}

SCHEMAS: dict[str, Schema] = {
    "Error": record(_ERROR),
    "Refusal": record({**_ERROR, "error_context": record({"id": WHOLE})}),
    "Job": record(_JOB, _TIMES),
    "Target": record(_TARGET, _TARGET_MORE),
    "Devices": record({**dict.fromkeys(_PAGE, TEXT), "items": array(ref("Device"))}),
    "Device": record(_DEVICE, dict.fromkeys(sorted(FIELDS.keys() - _DEVICE.keys()), TEXT)),
    "JobWithTargets": record(
        {**_JOB, "targets": array(ref("Target"))}, {**_TIMES, "targets_truncated": FLAG}
    ),
}
