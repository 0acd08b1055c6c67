"""What can be wrong with releases, artifacts and uploads."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "artifact_conflict": Code(
        409, "Artifact conflicts", "The release has an artifact for the same devices already."
    ),
    "artifact_exists": Code(409, "Artifact exists", "There is an artifact with this id already."),
    "artifact_in_use": Code(409, "Artifact in use", "An active deployment installs this artifact."),
    "artifact_missing": Code(400, "Artifact missing", "The form has no file, or has it twice."),
    "artifact_not_found": Code(
        404, "Artifact not found", "There is no such artifact in this organization."
    ),
    "artifact_not_unique": Code(
        409, "Artifact not unique", "The release has an artifact for the same devices already."
    ),
    "artifact_too_large": Code(
        413,
        "Artifact too large",
        "The file is larger than this server takes (`SLIPWAY_ARTIFACT_SIZE_LIMIT`).",
    ),
    "artifact_used": Code(
        409,
        "Artifact was used",
        "A device was given this artifact: its description stays as it is.",
    ),
    "bad_header": Code(400, "Bad header", "The artifact’s header does not say what it must."),
    "bad_manifest": Code(400, "Bad manifest", "The artifact’s manifest cannot be read."),
    "bomb": Code(
        400,
        "Unpacks to far too much",
        "Unpacking the artifact gives far more than such a file may hold.",
    ),
    "checksum_mismatch": Code(
        400,
        "Checksum mismatch",
        "A file in the artifact is not the one that its manifest names: it was damaged or changed.",
    ),
    "corrupt": Code(400, "Corrupt", "The artifact is damaged."),
    "form_too_large": Code(413, "Form too large", "The other fields of the form are too large."),
    "invalid_field": Code(
        400, "Field of a form invalid", "A field of the form is missing or not as described."
    ),
    "invalid_tag": Code(
        400,
        "Tag invalid",
        "A tag of a release is short and made of letters, digits, points, hyphens and underscores.",
    ),
    "malformed_form": Code(400, "Malformed form", "The form cannot be read."),
    "missing_member": Code(400, "Member missing", "The artifact lacks one of its parts."),
    "not_an_artifact": Code(400, "Not an artifact", "The file is no Mender artifact."),
    "not_text": Code(400, "Not a text", "The text holds the NUL character."),
    "release_in_use": Code(409, "Release in use", "An active deployment installs this release."),
    "release_not_found": Code(
        404, "Release not found", "There is no such release in this organization."
    ),
    "storage_quota": Code(
        413, "No room left", "The organization has used the storage that it may."
    ),
    "too_large": Code(
        400, "Part too large", "A part of the artifact is larger than the format allows."
    ),
    "too_long": Code(400, "Text too long", "A text has more characters than it may."),
    "too_many_fits": Code(
        400,
        "Too many fits",
        "The artifact fits more combinations of what it depends on than it may.",
    ),
    "too_many_tags_in_use": Code(
        409,
        "Too many tags in use",
        "The releases of the organization have as many different tags as they may.",
    ),
    "trailing_data": Code(400, "Trailing data", "Something follows the end of the artifact."),
    "truncated": Code(400, "Truncated", "The artifact ends too early."),
    "unexpected_member": Code(
        400, "Unexpected member", "The artifact holds something that does not belong there."
    ),
    "unsafe_name": Code(
        400, "Unsafe name", "A file in the artifact has a name that leads elsewhere."
    ),
    "unsupported_version": Code(
        400, "Unsupported version", "This version of the format is not known here."
    ),
    "upload_completed": Code(409, "Upload complete", "The upload is complete already."),
    "upload_incomplete": Code(400, "Upload incomplete", "The upload broke off."),
    "upload_not_found": Code(
        404,
        "Upload not found",
        "There is no such upload any more, or no file has come by its link.",
    ),
}
