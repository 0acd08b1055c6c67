"""What errors of the domain are in hawkBit's words: status, key, and the class clients compare.

Source: hawkBit's error keys.
"""

from fleet.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound

REPOSITORY = "org.eclipse.hawkbit.repository.exception."
REST = "org.eclipse.hawkbit.rest.exception."

# Status, key and class of what is not as its kind of domain error suggests, by the domain's code.
OF_CODE: dict[str, tuple[int, str, str]] = {
    "action_closed": (
        410,
        "",
        "",
    ),
    "action_not_cancelable": (
        405,
        "action.notCancelable",
        REPOSITORY + "CancelActionNotAllowedException",
    ),
    "action_not_deletable": (
        405,
        "action.notDeletable",
        REPOSITORY + "DeleteActionNotAllowedException",
    ),
    "action_not_force_quitable": (
        405,
        "action.notForceQuitable",
        REPOSITORY + "ForceQuitActionNotAllowedException",
    ),
    "address_invalid": (
        400,
        "repo.invalidTargetAddress",
        REPOSITORY + "InvalidTargetAddressException",
    ),
    "artifact_in_use": (403, "entityReadOnly", REPOSITORY + "EntityReadOnlyException"),
    "artifact_missing": (400, "rest.body.notReadable", REST + "MessageNotReadableException"),
    "artifact_too_large": (
        403,
        "quota.fileSizeExceeded",
        REPOSITORY + "FileSizeQuotaExceededException",
    ),
    "already_finished": (
        400,
        "rollout.illegalState",
        REPOSITORY + "RolloutIllegalStateException",
    ),
    "already_paused": (
        400,
        "rollout.illegalState",
        REPOSITORY + "RolloutIllegalStateException",
    ),
    "auto_assignment_timeforced": (
        400,
        "repo.invalidAutoAssignActionType",
        REPOSITORY + "InvalidAutoAssignActionTypeException",
    ),
    "auto_confirmation_active": (
        409,
        "repo.autoConfAlreadyActive",
        REPOSITORY + "AutoConfirmationAlreadyActiveException",
    ),
    "form_too_large": (400, "rest.body.notReadable", REST + "MessageNotReadableException"),
    "incompatible_target_type": (
        400,
        "target.type.incompatible",
        REPOSITORY + "IncompatibleTargetTypeException",
    ),
    "invalid_window": (
        400,
        "maintenanceScheduleInvalid",
        REPOSITORY + "InvalidMaintenanceScheduleException",
    ),
    "malformed_form": (400, "rest.body.notReadable", REST + "MessageNotReadableException"),
    "md5_differs": (
        400,
        "artifact.uploadFailed.checksum.md5.match",
        REPOSITORY + "InvalidMD5HashException",
    ),
    "module_deleted": (404, "deleted", REPOSITORY + "DeletedException"),
    "module_fixed": (403, "entityReadOnly", REPOSITORY + "EntityReadOnlyException"),
    "module_locked": (423, "locked", REPOSITORY + "LockedException"),
    "module_type_unsupported": (
        400,
        "distributionset.modules.unsupported",
        REPOSITORY + "UnsupportedSoftwareModuleForThisDistributionSetException",
    ),
    "multi_assignment_disabled": (
        400,
        "multiAssignmentNotEnabled",
        REPOSITORY + "MultiAssignmentIsNotEnabledException",
    ),
    "release_fixed": (403, "entityReadOnly", REPOSITORY + "EntityReadOnlyException"),
    "release_in_use": (403, "entityReadOnly", REPOSITORY + "EntityReadOnlyException"),
    "no_query": (
        400,
        "rest.param.rsqlParamSyntax",
        REPOSITORY + "RSQLParameterSyntaxException",
    ),
    "not_paused": (
        400,
        "rollout.illegalState",
        REPOSITORY + "RolloutIllegalStateException",
    ),
    "release_incomplete": (
        400,
        "distributionset.incomplete",
        REPOSITORY + "IncompleteDistributionSetException",
    ),
    "release_invalidated": (
        400,
        "distributionset.invalid",
        REPOSITORY + "InvalidDistributionSetException",
    ),
    "release_locked": (423, "locked", REPOSITORY + "LockedException"),
    "release_type_used": (403, "entityReadOnly", REPOSITORY + "EntityReadOnlyException"),
    "rollout_illegal_state": (
        400,
        "rollout.illegalState",
        REPOSITORY + "RolloutIllegalStateException",
    ),
    "rsql_field": (
        400,
        "rest.param.rsqlInvalidField",
        REPOSITORY + "RSQLParameterUnsupportedFieldException",
    ),
    "rsql_syntax": (
        400,
        "rest.param.rsqlParamSyntax",
        REPOSITORY + "RSQLParameterSyntaxException",
    ),
    "sha1_differs": (
        400,
        "artifact.uploadFailed.checksum.sha1.match",
        REPOSITORY + "InvalidSHA1HashException",
    ),
    "sha256_differs": (
        400,
        "artifact.uploadFailed.checksum.sha256.match",
        REPOSITORY + "InvalidSHA256HashException",
    ),
    "storage_quota": (403, "quota.storageExceeded", REPOSITORY + "StorageQuotaExceededException"),
    "target_attributes_invalid": (
        400,
        "repo.invalidTargetAttributes",
        REPOSITORY + "InvalidTargetAttributeException",
    ),
    "target_type_unnamed": (
        400,
        "target.type.keyOrNameRequired",
        REPOSITORY + "TargetTypeKeyOrNameRequiredException",
    ),
    "target_type_used": (409, "target.type.used", REPOSITORY + "TargetTypeInUseException"),
    "too_many_release_types": (
        403,
        "quota.tooManyEntries",
        REPOSITORY + "AssignmentQuotaExceededException",
    ),
    "too_many_tags": (
        403,
        "quota.tooManyEntries",
        REPOSITORY + "AssignmentQuotaExceededException",
    ),
    "too_many_tags_in_use": (
        403,
        "quota.tooManyEntries",
        REPOSITORY + "AssignmentQuotaExceededException",
    ),
    "upload_incomplete": (400, "rest.body.notReadable", REST + "MessageNotReadableException"),
    "weight_required": (
        400,
        "noWeightProvidedInMultiAssignmentMode",
        REPOSITORY + "NoWeightProvidedInMultiAssignmentModeException",
    ),
}
OF_KIND: dict[type[DomainError], tuple[int, str, str]] = {
    Invalid: (
        400,
        "repo.constraintViolation",
        "jakarta.validation.ConstraintViolationException",
    ),
    NotFound: (404, "repo.entityNotFound", REPOSITORY + "EntityNotFoundException"),
    Conflict: (409, "repo.entityAlreadyExists", REPOSITORY + "EntityAlreadyExistsException"),
    Forbidden: (403, "insufficientPermission", REPOSITORY + "InsufficientPermissionException"),
    LimitReached: (403, "quota.tooManyEntries", REPOSITORY + "AssignmentQuotaExceededException"),
}
