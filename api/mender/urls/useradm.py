"""People and their tokens."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import tokens, users

USERADM = "api/management/v1/useradm"

urlpatterns = [
    path(f"{USERADM}/auth/login", resource(POST=users.log_in)),
    path(f"{USERADM}/auth/logout", resource(POST=users.log_out)),
    path(f"{USERADM}/users", resource(GET=users.list_users)),
    path(f"{USERADM}/users/me", resource(GET=users.show_me)),
    path(f"{USERADM}/users/<str:user_id>", resource(GET=users.show_user)),
    path(
        f"{USERADM}/settings/tokens",
        resource(GET=tokens.list_tokens, POST=tokens.issue_token),
    ),
    path(
        f"{USERADM}/settings/tokens/<str:token_id>",
        resource(DELETE=tokens.revoke_token),
    ),
]
