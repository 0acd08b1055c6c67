from django.urls import path

from api.v1.views.members import MemberCollection, MemberItem
from api.v1.views.organization import (
    Me,
    OrganizationCollection,
    OrganizationItem,
    TenantTokenRotation,
)
from api.v1.views.roles import PermissionSetCollection, RoleCollection, RoleItem
from api.v1.views.tokens import TokenCollection, TokenItem

urlpatterns = [
    path("me", Me.as_view(), name="v1-me"),
    path("organization", OrganizationItem.as_view(), name="v1-organization"),
    path(
        "organization/tenant-token", TenantTokenRotation.as_view(), name="v1-tenant-token-rotation"
    ),
    path("organizations", OrganizationCollection.as_view(), name="v1-organizations"),
    path("members", MemberCollection.as_view(), name="v1-members"),
    path("members/<uuid:id>", MemberItem.as_view(), name="v1-member"),
    path("roles", RoleCollection.as_view(), name="v1-roles"),
    path("roles/<str:name>", RoleItem.as_view(), name="v1-role"),
    path("permission-sets", PermissionSetCollection.as_view(), name="v1-permission-sets"),
    path("tokens", TokenCollection.as_view(), name="v1-tokens"),
    path("tokens/<uuid:id>", TokenItem.as_view(), name="v1-token"),
]
