"""The ways to say who calls, as OpenAPI describes them."""

from django.conf import settings

SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal access token: from the account page, or `manage.py add_token`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "The session of the dashboard. What changes something carries the header "
        "`X-CSRFToken` with the value of the cookie `csrftoken`.",
    },
    "password": {
        "type": "http",
        "scheme": "basic",
        "description": "E-mail address and password, where `SLIPWAY_BASIC_AUTH` allows it, for "
        "people without a second factor.",
    },
}
ANY_OF: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]
