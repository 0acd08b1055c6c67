"""What can be wrong with organizations, people, roles and tokens."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "account_shared": Code(
        403,
        "Account shared",
        "The person is a member of another organization too: nobody changes their account "
        "for all of them.",
    ),
    "auto_assignment_limit": Code(
        409,
        "Filter takes too many devices",
        "A filter that assigns a release by itself takes at most 20,000 devices at first.",
    ),
    "beyond_own_rights": Code(
        403,
        "Beyond one’s own rights",
        "Nobody gives, changes or takes away more than their own roles allow.",
    ),
    "description_too_long": Code(
        400, "Description too long", "The description of a role has more characters than it may."
    ),
    "duplicate_token_name": Code(
        409, "Name of a token taken", "The person has a token of this name already."
    ),
    "email_invalid": Code(
        400, "E-mail address invalid", "This is no e-mail address, or one that is too long."
    ),
    "email_taken": Code(409, "E-mail address taken", "Somebody else has or had this address."),
    "expiry_invalid": Code(400, "Expiry invalid", "A token expires within a year, or not at all."),
    "filter_exists": Code(
        409, "Filter exists", "The organization has a filter of this name already."
    ),
    "filter_in_use": Code(
        409, "Filter in use", "Other saved filters refer to this one, and could not be asked then."
    ),
    "filter_invalid": Code(400, "Filter invalid", "The terms of a filter cannot be read or asked."),
    "filter_not_found": Code(
        404, "Filter not found", "There is no such filter in this organization."
    ),
    "last_administrator": Code(
        409, "Last administrator", "An organization keeps at least one administrator."
    ),
    "member_exists": Code(409, "Member exists", "The person is a member already."),
    "member_unknown": Code(
        404, "Member unknown", "Nobody of that id is a member of this organization."
    ),
    "organization_name_invalid": Code(
        400,
        "Name of the organization invalid",
        "A name has up to 128 characters with a letter or digit among them.",
    ),
    "password_invalid": Code(
        400, "Password invalid", "The password is too short, too common or too much like the name."
    ),
    "password_missing": Code(400, "Password missing", "Who is new here needs a password."),
    "password_wrong": Code(
        400,
        "Password wrong",
        "One’s own e-mail and password are changed with the present password.",
    ),
    "permission_sets_invalid": Code(
        400,
        "Permission sets invalid",
        "A role names permission sets that exist, each with a scope that suits it.",
    ),
    "preferences_invalid": Code(
        400, "Settings invalid", "Settings are an object of JSON that is not too large."
    ),
    "role_built_in": Code(
        403, "Built-in role", "Built-in roles stay as they are; make one of your own."
    ),
    "role_exists": Code(409, "Role exists", "The organization has a role of this name already."),
    "role_limit": Code(409, "Too many roles", "The organization has as many roles as it may."),
    "role_name_invalid": Code(
        400, "Name of a role invalid", "The name is empty, too long, or that of a built-in role."
    ),
    "role_not_found": Code(404, "Role not found", "There is no such role in this organization."),
    "role_unknown": Code(
        400,
        "Role unknown",
        "One of the roles named is neither built in nor one of the organization’s own.",
    ),
    "role_used": Code(409, "Role in use", "Somebody still has this role."),
    "token_limit": Code(
        409, "Too many tokens", "The person has as many personal tokens as one may."
    ),
    "token_name_invalid": Code(400, "Name of a token invalid", "A name has 1 to 128 characters."),
    "token_unknown": Code(404, "Token unknown", "There is no such token."),
}
