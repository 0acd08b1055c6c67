"""Organizations, the people in them, and the tokens that act for those people."""

import secrets
import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from query.comparisons import CodePoints


def fresh_tenant_token() -> str:
    return secrets.token_urlsafe(32)


class NextNumber(models.PositiveIntegerField):  # type: ignore[type-arg]
    """One more than the highest there is, unless another is given when the row is added."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if add and getattr(model_instance, self.attname) is None:
            rows = type(model_instance)._default_manager.aggregate(last=models.Max(self.attname))
            setattr(model_instance, self.attname, (rows["last"] or 0) + 1)
        return super().pre_save(model_instance, add)


class Organization(models.Model):
    """The tenant; owns everything below it. Its `number` is what Digi calls the account.

    `device_limit` counts accepted devices, None is unlimited; `storage_limit` is in bytes,
    None is unlimited. `settings` is a free object that its members' tools keep here. `policies`
    are the switches that `fleet/policies.py` declares, where they differ from their defaults:
    `{key: {value, created_at, created_by, modified_at, modified_by}}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = NextNumber(unique=True, editable=False)
    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    tenant_token = models.CharField(max_length=128, unique=True, default=fresh_tenant_token)
    device_limit = models.PositiveIntegerField(null=True, blank=True)
    storage_limit = models.PositiveBigIntegerField(null=True, blank=True)
    settings = models.JSONField(default=dict, editable=False)
    policies = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["key"]
        indexes = [models.Index(CodePoints("key"), "id", name="organizations_sorted_by_key")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def by_email(self, email: str) -> "User":
        """Find a person whatever the case of the address; raises User.DoesNotExist."""
        return self.get(email__iexact=email.strip())

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.by_email(username or "")

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do in an organization is in their membership of it.

    `totp_secret` is encrypted; `totp_step` is the last time step whose code was used.
    """

    class TwoFactor(models.TextChoices):
        DISABLED = "disabled"
        UNVERIFIED = "unverified"
        ENABLED = "enabled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=128, blank=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    is_active = models.BooleanField(default=True)
    two_factor = models.CharField(
        max_length=10, choices=TwoFactor.choices, default=TwoFactor.DISABLED, editable=False
    )
    totp_secret = models.CharField(max_length=255, blank=True, editable=False)
    totp_step = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email_whatever_its_case"),
            models.CheckConstraint(
                name="second_factor_has_a_secret_exactly_while_not_disabled",
                condition=models.Q(two_factor="disabled", totp_secret="")
                | models.Q(~models.Q(totp_secret=""), two_factor__in=["unverified", "enabled"]),
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    VIEWER = "viewer"
    OPERATOR = "operator"
    RELEASE_MANAGER = "release_manager", "Release manager"
    ADMINISTRATOR = "administrator"
    CI = "ci", "CI"
    DEPLOYMENTS_MANAGER = "deployments_manager", "Deployments manager"
    REMOTE_TERMINAL = "remote_terminal", "Remote terminal"


class ApiKey(models.Model):
    """A key of an organization, by which scripts act with what the role `level` allows.

    `key_id` is public, and the name that its deeds go by; of the secret only the SHA-256 is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=128)
    key_id = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    level = models.CharField(max_length=20, choices=Role.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.CharField(max_length=512, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API key"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_standing_api_key_per_name_and_organization",
            ),
            models.CheckConstraint(
                name="api_key_level_is_known", condition=models.Q(level__in=sorted(Role.values))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomRole(models.Model):
    """A role of an organization's own: a list of `{name, scope: {type, value: [...]}}`.

    Each names a permission set; with a scope it holds only for the devices of those groups
    ("DeviceGroups") or the releases with one of those tags ("ReleaseTags").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="custom_roles")
    name = models.CharField(max_length=128)
    description = models.CharField(max_length=1024, blank=True)
    permission_sets = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_role_per_name_and_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, organization: Organization) -> Self:
        return self.filter(organization=organization)


class Membership(models.Model):
    """A person in an organization, with the union of what their roles allow.

    `role` is the first of the built-in roles, empty if they have none; `further_roles` lists
    more of them. `settings` is a free object that the person's tools keep here.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    further_roles = models.JSONField(default=list, blank=True)
    custom_roles = models.ManyToManyField(CustomRole, related_name="memberships", blank=True)
    settings = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], name="one_membership_per_user_and_organization"
            ),
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=models.Q(role__in=["", *Role.values]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}"


class AccessToken(models.Model):
    """A bearer token of a person: a signed-in session, or a personal one for scripts.

    Only the SHA-256 of the token is kept. Revoking deletes the row.
    """

    class Kind(models.TextChoices):
        SESSION = "session"
        PERSONAL = "personal"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=128, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "name"],
                condition=models.Q(kind="personal"),
                name="personal_token_names_are_unique",
            ),
            models.CheckConstraint(
                name="access_token_kind_is_known",
                condition=models.Q(kind__in=["session", "personal"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} of {self.membership}"
