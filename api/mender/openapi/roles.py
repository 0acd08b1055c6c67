"""Source: the user administration service of the Mender server, version 2: roles."""

from api.mender.openapi.operations import MANAGEMENT, Operation, creates, done, gives, lists, sends
from api.openapi.schema import ANYTHING, TEXT, array, asked, choice, record, text

V2 = f"{MANAGEMENT}/v2/useradm"
SCOPE_TYPE = choice("DeviceGroups", "ReleaseTags")
SCOPE = asked({"type": SCOPE_TYPE, "value": array(text(least=1, most=256), minItems=1)})
SETS = array(asked({"name": TEXT}, {"scope": SCOPE}), maxItems=15)
ROLE = record({"name": TEXT, "description": TEXT, "permission_sets_with_scope": array(ANYTHING)})
PERMISSION_SET = record(
    {"name": TEXT, "description": TEXT, "permissions": array(ANYTHING)},
    {"supported_scope_types": array(SCOPE_TYPE)},
)
ROLE_TEXTS = {"description": text(most=1024), "permission_sets_with_scope": SETS}

OPERATIONS = [
    Operation(*("GET", f"{V2}/roles", "List roles"), lists(ROLE)),
    Operation(
        *("POST", f"{V2}/roles", "Add a role"),
        creates(),
        [400, 409, 422],
        body=sends(asked({"name": text(least=1, most=128)}, ROLE_TEXTS)),
    ),
    Operation(*("GET", f"{V2}/roles/{{role_name}}", "Show a role"), gives(ROLE), [404]),
    Operation(
        *("PUT", f"{V2}/roles/{{role_name}}", "Change a role"),
        done(),
        [400, 404],
        body=sends(asked({}, {"name": TEXT, **ROLE_TEXTS})),
    ),
    Operation(*("DELETE", f"{V2}/roles/{{role_name}}", "Remove a role"), done(), [404, 409]),
    Operation(*("GET", f"{V2}/permission_sets", "List permission sets"), lists(PERMISSION_SET)),
    Operation(
        *("GET", f"{V2}/permission_sets/{{name}}", "Show a permission set"),
        gives(PERMISSION_SET),
        [404],
    ),
]
