"""Addresses of targets.

The controller id is one segment of the path, with any characters but a slash: where hawkBit's own
servers refuse an encoded one, it would be just another segment here.
"""

from django.urls import URLPattern, path

from api.hawkbit.views import target_facts, target_metadata, targets

TARGET = "targets/<str:controller_id>"

urlpatterns: list[URLPattern] = [
    path("targets", targets.Targets.as_view(), name="hawkbit-targets"),
    path(TARGET, targets.Target.as_view(), name="hawkbit-target"),
    path(
        f"{TARGET}/attributes",
        target_facts.Attributes.as_view(),
        name="hawkbit-target-attributes",
    ),
    path(f"{TARGET}/tags", target_facts.Tags.as_view(), name="hawkbit-target-tags"),
    path(f"{TARGET}/targettype", target_facts.Type.as_view(), name="hawkbit-target-type"),
    path(
        f"{TARGET}/installedDS",
        target_facts.InstalledSet.as_view(),
        name="hawkbit-target-installed-set",
    ),
    path(
        f"{TARGET}/autoConfirm",
        target_facts.AutoConfirm.as_view(),
        name="hawkbit-target-auto-confirm",
    ),
    path(
        f"{TARGET}/autoConfirm/activate",
        target_facts.Activation.as_view(),
        name="hawkbit-target-auto-confirm-activate",
    ),
    path(
        f"{TARGET}/autoConfirm/deactivate",
        target_facts.Deactivation.as_view(),
        name="hawkbit-target-auto-confirm-deactivate",
    ),
    path(f"{TARGET}/metadata", target_metadata.Metadata.as_view(), name="hawkbit-target-metadata"),
    path(
        f"{TARGET}/metadata/<str:key>",
        target_metadata.MetadataEntry.as_view(),
        name="hawkbit-target-metadata-entry",
    ),
]
