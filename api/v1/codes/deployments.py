"""What can be wrong with deployments."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "already_finished": Code(
        409, "Deployment finished", "The deployment is over: nothing changes it any more."
    ),
    "already_stopped": Code(
        409, "Deployment stopped", "The deployment is over, or somebody has stopped it before."
    ),
    "already_paused": Code(409, "Deployment paused", "The deployment is paused already."),
    "deployment_aborted": Code(409, "Deployment aborted", "The deployment was aborted."),
    "deployment_expired": Code(
        409, "Deployment expired", "The time in which devices could begin is over."
    ),
    "duplicate_deployment": Code(
        409,
        "Duplicate deployment",
        "An active deployment of the same name gives the same release to the same devices.",
    ),
    "empty_phase": Code(400, "Empty phase", "A phase would have no device."),
    "invalid_artifact_name": Code(
        400, "Name of the release invalid", "The name is missing or too long."
    ),
    "invalid_device_id": Code(
        400, "Id of a device invalid", "An id of a device is a plain text that is not too long."
    ),
    "invalid_expires_at": Code(
        400,
        "End of the deployment invalid",
        "A deployment expires in the future, after its last phase opens; one by filter does not.",
    ),
    "invalid_in_flight_limit": Code(
        400,
        "Limit of devices invalid",
        "The number of devices at it at once is a whole number from 1; one by filter has none.",
    ),
    "invalid_group": Code(400, "Group missing", "Name the group."),
    "invalid_max_devices": Code(
        400,
        "Number of devices invalid",
        "A limit on the number of devices is a whole number that suits the deployment.",
    ),
    "invalid_name": Code(400, "Name of the deployment invalid", "A name has 1 to 256 characters."),
    "invalid_phases": Code(
        400,
        "Phases invalid",
        "Phases begin one after the other and share all of the devices; `detail` says what "
        "is wrong.",
    ),
    "invalid_reason": Code(400, "Reason invalid", "A reason is a short text."),
    "invalid_retries": Code(400, "Retries invalid", "The number of retries is out of range."),
    "invalid_target": Code(400, "Target invalid", "Say for which devices in one way only."),
    "invalid_update_control_map": Code(
        400, "Update control map invalid", "The map is not as Mender’s specification has it."
    ),
    "no_artifact": Code(
        409, "No artifact", "The release has no artifact that one of the devices could install."
    ),
    "no_devices": Code(400, "No devices", "The deployment is for no device at all."),
    "no_log": Code(404, "No log", "The device has sent no log of this deployment."),
    "invalid_span": Code(
        400,
        "Span invalid",
        "The time asked about ends before it begins, or has too many intervals.",
    ),
    "no_update_control_map": Code(
        409, "No update control map", "The deployment has no update control map."
    ),
    "not_paused": Code(409, "Deployment not paused", "The deployment is not paused."),
    "nothing_failed": Code(
        409, "Nothing failed", "No device has failed that could be tried again."
    ),
}
