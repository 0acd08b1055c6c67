"""What can be wrong with devices, their keys, groups, tags and configuration."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "attribute_invalid": Code(
        400,
        "Attribute invalid",
        "An attribute or tag has a name, and a value that is a text, a number, a boolean or "
        "a list of these.",
    ),
    "auth_set_preauthorized": Code(
        409,
        "Auth set preauthorized",
        "The device itself accepts a preauthorized key, when it calls with it.",
    ),
    "auth_set_unknown": Code(404, "Auth set unknown", "There is no such auth set."),
    "bulk_action_unknown": Code(
        400,
        "Action unknown",
        "Many devices can be accepted, rejected, decommissioned, grouped and tagged.",
    ),
    "choice_invalid": Code(
        400,
        "Choice of devices invalid",
        "Say which devices by `ids` or by `q`, not both, and not more than are taken at once.",
    ),
    "configuration_invalid": Code(
        400,
        "Configuration invalid",
        "A configuration is texts by name, not too many, none too long.",
    ),
    "device_exists": Code(409, "Device exists", "There is a device with this identity already."),
    "device_leaving": Code(
        409,
        "Device is being removed",
        "The device is being decommissioned. Try again when it is gone.",
    ),
    "device_limit": Code(
        409, "Too many devices", "The organization has as many accepted devices as it may."
    ),
    "device_not_found": Code(
        404, "Device not found", "There is no such device in this organization."
    ),
    "device_unknown": Code(404, "Device unknown", "There is no such device in this organization."),
    "group_invalid": Code(
        400,
        "Group invalid",
        "The name of a group has up to 1024 letters, digits, hyphens and underscores.",
    ),
    "host_name_invalid": Code(
        400,
        "Name of a host invalid",
        "A host is called by labels of letters, digits and dashes with dots between.",
    ),
    "host_name_taken": Code(
        409, "Name of a host taken", "Another device of the organization is this host already."
    ),
    "identity_invalid": Code(
        400, "Identity invalid", "An identity is a small object of JSON that is not empty."
    ),
    "incorrect_status": Code(
        400,
        "Status invalid",
        "An auth set is accepted or rejected; its other states come by themselves.",
    ),
    "key_invalid": Code(400, "Key invalid", "A public key is an RSA, ECDSA or Ed25519 key in PEM."),
    "tags_changed": Code(409, "Tags changed", "Somebody has changed the tags meanwhile."),
    "tags_missing": Code(400, "Tags missing", "Setting tags takes at least one."),
    "tier_unknown": Code(400, "Tier unknown", "A tier is standard, micro or system."),
    "too_many_attributes": Code(
        400, "Too many attributes", "A device has more attributes than it may."
    ),
    "too_many_devices": Code(
        400,
        "Too many devices at once",
        "The call names more devices than it takes. Ask for it as a job, or in parts.",
    ),
    "too_many_tags": Code(400, "Too many tags", "A device or a release has more tags than it may."),
}
