"""What can be wrong with exports."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "resource_unknown": Code(
        400, "Unknown list", "There is no list of that name. `detail` says what comes near."
    ),
    "export_limit": Code(
        409,
        "Too many exports",
        "A person has at most 20 exports at a time. Delete those that are not needed any more.",
    ),
    "link_invalid": Code(
        403, "Invalid link", "The link was not made here, or was changed. Ask for it again."
    ),
    "link_expired": Code(403, "Expired link", "The link has expired. Ask for the thing again."),
}
