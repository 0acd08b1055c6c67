"""People, what they are in each organization, and the tokens that act for them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.forms import (
    CharField,
    CheckboxSelectMultiple,
    EmailField,
    ModelForm,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    PasswordInput,
)
from django.http import HttpRequest

from auditlog.models import Action
from auditlog.record import record
from fleet import access_tokens, people
from fleet.accounts import subject_of
from fleet.admin_scope import (
    ByOrganization,
    OrganizationScopedAdmin,
    actor_in,
    read_only,
)
from fleet.models import AccessToken, CustomRole, Membership, Role, User
from fleet.permissions import built_in_of

FLAGS = ("is_active", "is_staff", "is_superuser")


@admin.register(User)
class UserAdmin(OrganizationScopedAdmin):
    """Superusers switch people on and off; who is in an organization is in the memberships."""

    organization_path = "memberships__organization"
    secret_fields = ["password", "totp_secret"]
    list_display = ["email", "name", *FLAGS, "two_factor", "last_login", "created_at"]
    list_filter = FLAGS
    search_fields = ["email", "name"]
    fields = ["id", "email", "name", *FLAGS, "two_factor", "last_login", "created_at"]
    readonly_fields = ["id", "email", "two_factor", "last_login", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).distinct()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        told = {name: form.cleaned_data[name] for name in form.changed_data}
        record(actor_in(request, None), Action.UPDATE, subject_of(obj), told)


class Member(ModelForm):  # type: ignore[type-arg]
    """All roles of a member: built-in ones and the organization's own."""

    built_in = MultipleChoiceField(
        label="built-in roles",
        choices=Role.choices,
        required=False,
        widget=CheckboxSelectMultiple,
    )
    own = ModelMultipleChoiceField(
        label="own roles",
        queryset=CustomRole.objects.none(),
        required=False,
        widget=CheckboxSelectMultiple,
        help_text="Of this organization.",
    )

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["own"]
        assert isinstance(own, ModelMultipleChoiceField)  # noqa: S101 - as declared above
        own.queryset = CustomRole.objects.filter(organization=self.instance.organization_id)
        self.initial["own"] = self.instance.custom_roles.all()
        self.initial["built_in"] = built_in_of(self.instance)


class NewMember(ModelForm):  # type: ignore[type-arg]
    """A person who is known by this e-mail needs no password and keeps the one they have."""

    email = EmailField()
    name = CharField(max_length=128, required=False)
    password = CharField(
        widget=PasswordInput(attrs={"autocomplete": "new-password"}), required=False, strip=False
    )

    class Meta:
        model = Membership
        fields = ["organization", "role"]


@admin.register(Membership)
class MembershipAdmin(OrganizationScopedAdmin):
    list_display = ["user", "organization", "role", "further_roles", "created_at"]
    list_filter = ["role", ("organization", ByOrganization)]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email", "user__name", "organization__name"]
    autocomplete_fields = ["organization"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = NewMember if obj is None else Member
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ("email", "name", "password", "organization", "role")
        return ("user", "organization", "built_in", "own", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["user", "organization", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.add_membership")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.change_membership")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.delete_membership")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        actor = actor_in(request, obj.organization)
        if change:
            said = form.cleaned_data
            people.set_roles(
                actor=actor, membership=obj, roles=said["built_in"], own_roles=said["own"]
            )
            return
        said = form.cleaned_data
        made = people.add_member(
            actor=actor,
            organization=obj.organization,
            email=said["email"],
            role=obj.role,
            password=said["password"] or None,
            name=said["name"],
        )
        obj.__dict__.update(made.__dict__)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        people.remove_member(actor=actor_in(request, obj.organization), membership=obj)


@admin.register(AccessToken)
class AccessTokenAdmin(OrganizationScopedAdmin):
    """What was issued, never what it was; deleting revokes."""

    organization_path = "membership__organization"
    secret_fields = ["digest"]
    list_display = ["__str__", "kind", "user", "created_at", "expires_at", "last_used_at"]
    list_filter = ["kind", "created_at", ("membership__organization", ByOrganization)]
    list_select_related = ["membership__user", "membership__organization"]
    search_fields = ["name", "membership__user__email"]
    fields = read_only(AccessToken, hidden=secret_fields)
    readonly_fields = fields

    @admin.display(ordering="membership__user__email")
    def user(self, token: AccessToken) -> str:
        return token.membership.user.email

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.delete_accesstoken")

    def delete_model(self, request: HttpRequest, obj: AccessToken) -> None:
        if obj.kind == AccessToken.Kind.SESSION:
            obj.delete()
            return
        access_tokens.revoke_personal(
            actor=actor_in(request, obj.membership.organization),
            membership=obj.membership,
            token_id=obj.pk,
        )
