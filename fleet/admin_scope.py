"""The admin shows superusers everything, others what the organizations they administer own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst

from auditlog.actor import Actor, ActorKind
from fleet.addresses import client_address
from fleet.errors import DomainError
from fleet.models import Membership, Organization, Role, User
from fleet.people import actor_of
from fleet.permissions import SUPERUSER

VIA = "admin"
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    RelatedFilter = admin.RelatedFieldListFilter
    TabularInline = admin.TabularInline[Any, Any]
    from django.utils.functional import _StrPromise as StrPromise
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline
    RelatedFilter = admin.RelatedFieldListFilter


def administered_by(user: User) -> QuerySet[Organization]:
    """The organizations whose things this person may see in the admin."""
    if user.is_superuser:
        return Organization.objects.all()
    mine = Membership.objects.filter(user=user, role=Role.ADMINISTRATOR)
    return Organization.objects.filter(pk__in=mine.values("organization"))


def actor_in(request: HttpRequest, organization: Organization | None) -> Actor:
    """The person who uses the admin, acting in that organization (None: above all of them)."""
    user, address = request.user, client_address(request)
    assert isinstance(user, User)  # noqa: S101 - the admin has let them in
    rows = Membership.objects.select_related("user").filter(user=user)
    membership = rows.filter(organization=organization).first() if organization else None
    if membership is not None:
        return actor_of(membership, address=address, via=VIA)
    number = organization.pk if organization else None
    held = SUPERUSER if user.is_superuser else frozenset()
    return Actor(
        *(ActorKind.USER, str(user.pk), user.email, number),
        address=address,
        via=VIA,
        permissions=held,
    )


def by_organization(
    rows: QuerySet[Any], path: str = "organization"
) -> Iterator[tuple[Organization, list[Any]]]:
    """The rows of a selection, those of one organization together."""

    def owner(row: Any) -> Organization:
        for step in path.split("__"):
            row = getattr(row, step)
        found: Organization = row
        return found

    ordered = rows.select_related(path).order_by(f"{path}__pk", "pk")
    for organization, group in groupby(ordered, owner):
        yield organization, list(group)


class ReadOnly:
    """Nothing can be added, changed or deleted unless a subclass says how."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OrganizationScopedAdmin(ReadOnly, ModelAdmin):
    """Rows, choices and filters of the organizations that the person administers.

    `organization_path` leads from the model to its organization ("" if it is one). Nothing can
    be added, changed or deleted unless a subclass says how; an operation that refuses says why
    on the page. `secret_fields` cannot be filtered by: "password__startswith" would tell them
    letter by letter.
    """

    organization_path: ClassVar[str] = "organization"
    secret_fields: ClassVar[Sequence[str]] = ()
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return in_scope(super().get_queryset(request), request, self.organization_path)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        is_secret = lookup.partition("__")[0] in self.secret_fields
        return not is_secret and super().lookup_allowed(lookup, value, request)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        chosen = related_rows(self, db_field, request)
        if chosen is not None:
            kwargs["queryset"] = chosen
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            return self._refused(request, error)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().delete_view(request, *args, **kwargs)
        except DomainError as error:
            return self._refused(request, error)

    def _refused(self, request: HttpRequest, error: DomainError) -> HttpResponse:
        messages.error(request, capfirst(error.message))
        return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, Any], set[Any], list[Any]]:
        """What goes with it is the operation's business and needs no permission of its own."""
        shown = [str(row) for row in objs]
        return shown, {self.opts.verbose_name_plural: len(shown)}, set(), []

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each as one would be, and say which are refused."""
        for row in queryset:
            try:
                self.delete_model(request, row)
            except DomainError as error:
                messages.error(request, f"{row}: {error.message}")


class ScopedInline(TabularInline):
    """Rows shown under the one they belong to, which is in scope already."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ScopedRelatedFilter(RelatedFilter):
    """A filter by a related row that names only those in scope."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, str | StrPromise]]:
        chosen = related_rows(model_admin, field, request)
        limit = {} if chosen is None else {"pk__in": chosen.values("pk")}
        choices: list[tuple[str, str | StrPromise]] = field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to=limit,
        )
        return choices


class ByOrganization(ScopedRelatedFilter):
    """Shown to those who see more than one."""

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1


def in_scope(rows: QuerySet[Any], request: HttpRequest, path: str) -> QuerySet[Any]:
    """Of these rows those whose organization the person administers."""
    user = request.user
    if not isinstance(user, User):
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.filter(**{f"{path or 'pk'}__in": administered_by(user).values("pk")})


def related_rows(
    model_admin: BaseModelAdmin[Any], field: Field[Any, Any], request: HttpRequest
) -> QuerySet[Model] | None:
    """What a relation may point to: what that model's own admin shows; None if it has none."""
    related = field.related_model
    if not isinstance(related, type) or not model_admin.admin_site.is_registered(related):
        return None
    return model_admin.admin_site.get_model_admin(related).get_queryset(request)


def read_only(model: type[Model], *also: str, hidden: Sequence[str] = ()) -> tuple[str, ...]:
    """All fields of a model but the hidden ones, and what `also` names."""
    fields = [field.name for field in model._meta.concrete_fields if field.name not in hidden]
    return (*fields, *also)
