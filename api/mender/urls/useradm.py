"""People, what they may do, their settings and their tokens."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import preferences, roles, sessions, tokens, two_factor, users

USERADM = "api/management/v1/useradm"
USERADM_V2 = "api/management/v2/useradm"

urlpatterns = [
    path(f"{USERADM}/auth/login", resource(POST=sessions.log_in)),
    path(f"{USERADM}/auth/logout", resource(POST=sessions.log_out)),
    path(f"{USERADM}/users", resource(GET=users.list_users, POST=users.add_user)),
    path(
        f"{USERADM}/users/me",
        resource(GET=users.show_me, PUT=users.change_user, DELETE=users.remove_user),
    ),
    path(
        f"{USERADM}/users/<str:user_id>",
        resource(GET=users.show_user, PUT=users.change_user, DELETE=users.remove_user),
    ),
    path(f"{USERADM}/users/<str:user_id>/2fa/enable", resource(POST=two_factor.enable)),
    path(f"{USERADM}/users/<str:user_id>/2fa/disable", resource(POST=two_factor.disable)),
    path(f"{USERADM_V2}/users/me", resource(PUT=users.change_user)),
    path(f"{USERADM}/2faqr", resource(GET=two_factor.show_code)),
    path(f"{USERADM}/2faverify", resource(PUT=two_factor.verify)),
    path(f"{USERADM_V2}/roles", resource(GET=roles.list_roles, POST=roles.add_role)),
    path(
        f"{USERADM_V2}/roles/<str:role_name>",
        resource(GET=roles.show_role, PUT=roles.change_role, DELETE=roles.remove_role),
    ),
    path(f"{USERADM_V2}/permission_sets", resource(GET=roles.list_permission_sets)),
    path(f"{USERADM_V2}/permission_sets/<str:name>", resource(GET=roles.show_permission_set)),
    path(
        f"{USERADM}/settings",
        resource(GET=preferences.show_settings, POST=preferences.keep_settings),
    ),
    path(
        f"{USERADM}/settings/me",
        resource(GET=preferences.show_my_settings, POST=preferences.keep_my_settings),
    ),
    path(
        f"{USERADM}/settings/tokens",
        resource(GET=tokens.list_tokens, POST=tokens.issue_token),
    ),
    path(
        f"{USERADM}/settings/tokens/<str:token_id>",
        resource(DELETE=tokens.revoke_token),
    ),
]
