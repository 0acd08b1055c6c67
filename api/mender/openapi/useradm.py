"""Source: the user administration service of the Mender server, which its API presumes."""

from api.mender.openapi.operations import (
    MANAGEMENT,
    PAGED,
    Answer,
    Caller,
    Operation,
    Parameter,
    creates,
    done,
    gives,
    lists,
    pages,
    query,
    sends,
)
from api.openapi.schema import (
    ANYTHING,
    FLAG,
    ID,
    TEXT,
    TIME,
    array,
    asked,
    choice,
    mapping,
    record,
    text,
    whole,
)

V1, V2 = f"{MANAGEMENT}/v1/useradm", f"{MANAGEMENT}/v2/useradm"
PERSON = Caller.PERSON
USER = record(
    {
        "id": ID,
        "email": TEXT,
        "roles": array(TEXT),
        "tfa_status": choice("disabled", "unverified", "enabled"),
        "created_ts": TIME,
        "updated_ts": TIME,
    },
    {"login_ts": TIME},
)
TOKEN = record(
    {"id": ID, "name": TEXT, "created_ts": TIME}, {"last_used": TIME, "expiration_date": TIME}
)
JWT = gives(ANYTHING, "The token.", media_type="application/jwt")
CHANGES = sends(
    asked({}, {"email": TEXT, "password": TEXT, "current_password": TEXT, "roles": array(TEXT)})
)
OBJECT = sends(mapping())
IF_MATCH = [Parameter("If-Match", TEXT, place="header")]
KEPT = {200: Answer("As kept.", mapping(), headers=["ETag"])}
KEEPS = {201: Answer("Kept.", headers=["ETag"])}
MOMENTS = {name: whole(-(10**10)) for name in ("created_after", "created_before")}
MOMENTS |= {name: whole(-(10**10)) for name in ("updated_after", "updated_before")}

SIGNING_IN = [
    Operation(
        *("POST", f"{V1}/auth/login", "Sign in with Basic credentials"),
        JWT,
        [400, 401, 429],
        body=sends(asked({}, {"token2fa": TEXT, "no_expiry": FLAG}), is_required=False),
        caller=Caller.ANYBODY,
    ),
    Operation(*("POST", f"{V1}/auth/logout", "Sign out"), done(202), caller=PERSON),
    Operation(
        *("POST", f"{V1}/users/{{user_id}}/2fa/enable", "Begin one's second factor"),
        done(200),
        [400, 404],
    ),
    Operation(
        *("POST", f"{V1}/users/{{user_id}}/2fa/disable", "Disable a second factor"),
        done(200),
        [400, 404],
    ),
    Operation(
        *("GET", f"{V1}/2faqr", "Show the QR code of one's second factor"),
        gives(record({"qr": TEXT}), "A PNG in base64."),
        [400],
        caller=PERSON,
    ),
    Operation(
        *("PUT", f"{V1}/2faverify", "Enable one's second factor by its first code"),
        done(202),
        [400],
        body=sends(asked({"token2fa": text(least=1, most=64)})),
        caller=PERSON,
    ),
]
PEOPLE = [
    Operation(
        *("GET", f"{V1}/users", "List people"),
        pages(USER, is_counted=False),
        [400],
        [*PAGED, *query(id=array(TEXT), email=array(TEXT), **MOMENTS)],
    ),
    Operation(
        *("POST", f"{V1}/users", "Add a person"),
        creates(),
        [400, 422],
        body=sends(asked({"email": TEXT}, {"password": TEXT, "roles": array(TEXT)})),
    ),
    Operation(*("GET", f"{V1}/users/me", "Show oneself"), gives(USER), caller=PERSON),
    *(
        Operation(
            *("PUT", f"{root}/users/me", "Change oneself"),
            done(),
            [400, 403, 409, 422],
            body=CHANGES,
            caller=PERSON,
        )
        for root in (V1, V2)
    ),
    Operation(*("DELETE", f"{V1}/users/me", "Remove oneself"), done(), [409]),
    Operation(*("GET", f"{V1}/users/{{user_id}}", "Show a person"), gives(USER), [404]),
    Operation(
        *("PUT", f"{V1}/users/{{user_id}}", "Change a person"),
        done(),
        [400, 404, 409, 422],
        body=CHANGES,
    ),
    Operation(*("DELETE", f"{V1}/users/{{user_id}}", "Remove a person"), done(), [404, 409]),
]
SETTINGS = [
    Operation(*("GET", f"{V1}/settings", "Show the organization's settings"), KEPT, caller=PERSON),
    Operation(
        *("POST", f"{V1}/settings", "Keep the organization's settings"),
        KEEPS,
        [400, 412],
        body=OBJECT,
        headers=IF_MATCH,
    ),
    Operation(*("GET", f"{V1}/settings/me", "Show one's own settings"), KEPT, caller=PERSON),
    Operation(
        *("POST", f"{V1}/settings/me", "Keep one's own settings"),
        KEEPS,
        [400, 412],
        body=OBJECT,
        headers=IF_MATCH,
        caller=PERSON,
    ),
    Operation(
        *("GET", f"{V1}/settings/tokens", "List one's own tokens"), lists(TOKEN), caller=PERSON
    ),
    Operation(
        *("POST", f"{V1}/settings/tokens", "Issue a token of one's own"),
        JWT,
        [400, 409, 422],
        body=sends(asked({"name": text(least=1, most=128)}, {"expires_in": whole(0, 31_536_000)})),
    ),
    Operation(
        *("DELETE", f"{V1}/settings/tokens/{{token_id}}", "Revoke a token of one's own"),
        done(),
        [404],
        caller=PERSON,
    ),
]
OPERATIONS = [*SIGNING_IN, *PEOPLE, *SETTINGS]
