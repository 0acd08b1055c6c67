"""What can be wrong with a call, whatever it is about."""

from api.v1.codes.entry import Code

CODES: dict[str, Code] = {
    "malformed_request": Code(
        400, "Malformed request", "The request broke off, or is no HTTP that can be read."
    ),
    "malformed_body": Code(
        400,
        "Malformed body",
        "The body is no JSON in UTF-8, or holds what cannot be stored: NaN, infinities, the NUL "
        "character, halves of surrogate pairs, more than 64 levels.",
    ),
    "invalid_body": Code(
        400,
        "Invalid body",
        "The body is JSON, but not as described. `errors` names each member that is wrong, with "
        "dots down into the body, and why.",
    ),
    "invalid_parameter": Code(
        400,
        "Invalid parameter",
        "A parameter of the address cannot be read. `field` names it.",
    ),
    "unknown_parameter": Code(
        400,
        "Unknown parameter",
        "The list has no such parameter. `field` names it, `detail` what comes near.",
    ),
    "invalid_filter": Code(
        400,
        "Invalid filter",
        "The condition in `q` cannot be read or asked. `position` counts its characters from 0, "
        "`found` is what stands there, `expected` what would have been accepted.",
    ),
    "invalid_cursor": Code(
        400,
        "Invalid cursor",
        "The cursor is damaged, or was made for another list or another `sort`. Follow `next` and "
        "`previous` as they are, or begin again without a cursor.",
    ),
    "not_authenticated": Code(
        401,
        "Not authenticated",
        "Nobody is named. Send `Authorization: Bearer` with a personal access token.",
    ),
    "authentication_failed": Code(
        401,
        "Authentication failed",
        "The token is not known, has expired or was revoked; or the password is wrong.",
    ),
    "basic_disabled": Code(
        401,
        "HTTP Basic is off",
        "This server takes no passwords with a call (`SLIPWAY_BASIC_AUTH`). Use a personal access "
        "token.",
    ),
    "token_needed": Code(
        401,
        "Token needed",
        "Whoever has a second factor cannot call by password. Use a personal access token.",
    ),
    "forbidden": Code(
        403, "Forbidden", "The caller’s roles do not hold the permission that the call needs."
    ),
    "csrf_failed": Code(
        403,
        "CSRF check failed",
        "A call by the session of a browser that changes something carries the header "
        "`X-CSRFToken`. A token of one’s own needs none.",
    ),
    "organization_mismatch": Code(
        403,
        "Another organization",
        "`Slipway-Organization` names one that the caller is no member of, or that the token is "
        "not for.",
    ),
    "not_found": Code(
        404,
        "Not found",
        "There is no such address, or no such thing in this organization that the caller may see.",
    ),
    "method_not_allowed": Code(
        405, "Method not allowed", "The address takes other methods: those in `Allow`."
    ),
    "not_acceptable": Code(
        406, "Not acceptable", "The call has no answer in any format that `Accept` names."
    ),
    "idempotency_key_in_use": Code(
        409,
        "Idempotency key in use",
        "The first call with this `Idempotency-Key` is still under way. Try again in a moment.",
    ),
    "precondition_failed": Code(
        412,
        "Precondition failed",
        "The thing is not any more what `If-Match` names: somebody has changed it. Nothing was "
        "changed; read it again.",
    ),
    "precondition_unsupported": Code(
        400,
        "Precondition unsupported",
        "The call does not compare what `If-Match` names. Nothing was changed.",
    ),
    "body_too_large": Code(413, "Body too large", "A JSON body has at most 1 MiB."),
    "unsupported_media_type": Code(
        415, "Unsupported media type", "The body does not call itself what the call takes."
    ),
    "idempotency_key_reused": Code(
        422,
        "Idempotency key reused",
        "This `Idempotency-Key` came with another request within 24 hours. Use a fresh key.",
    ),
    "idempotency_key_invalid": Code(
        400,
        "Idempotency key invalid",
        "An `Idempotency-Key` has 1 to 255 printable ASCII characters.",
    ),
    "idempotency_unsupported": Code(
        400,
        "Idempotency key unsupported",
        "Uploads of files take no `Idempotency-Key`.",
    ),
    "too_many_requests": Code(
        429,
        "Too many requests",
        "The caller asks more often than allowed. `Retry-After` says in how many seconds there "
        "is room again.",
    ),
    "internal_error": Code(
        500,
        "Internal error",
        "A failure of the server. `request_id` finds it in the log.",
    ),
}

# What `errors` says of a member of a body.
MEMBERS: dict[str, str] = {
    "blank": "A text is empty that must not be.",
    "date": "A time is wanted, and a date came.",
    "empty": "A list is empty that must not be.",
    "invalid": "The value is of another type, or not spelt as it must be.",
    "invalid_choice": "The value is none of those that there are.",
    "make_aware": "The time is one that its zone skips.",
    "max_length": "The text is too long, or the list has too many items.",
    "max_string_length": "The number has too many digits.",
    "max_value": "The number is too large.",
    "min_length": "The text is too short, or the list has too few items.",
    "min_value": "The number is too small.",
    "no_name": "The file has no name.",
    "not_a_dict": "An object is wanted.",
    "not_a_list": "A list is wanted.",
    "null": "The value is null, which it must not be.",
    "null_characters_not_allowed": "The text holds the NUL character.",
    "overflow": "The time or the number is too large to be kept.",
    "required": "The member is missing.",
    "surrogate_characters_not_allowed": "The text holds half of a surrogate pair.",
    "unknown_member": "There is no such member: a body holds nothing but what is described.",
}
