"""The groups that show what each role may do; they are written from `fleet.permissions`."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group

from fleet.admin_scope import ReadOnly

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnly, GroupAdmin):
    """To look at: a change here would neither take effect nor last."""
