"""Addresses of the device API, below the device."""

from typing import Any

from django.urls import path
from django.views import View

from api.hawkbit import path_numbers  # noqa: F401 - registers what <number:…> is
from api.hawkbit.ddi.views import actions, artifacts, device, polls

ACTION = "<number:action>"
MODULE = "/softwaremodules/<number:module>/artifacts"


def _at(route: str, view: type[View], name: str) -> Any:
    return path(route, view.as_view(), name=f"hawkbit-ddi-{name}")


urlpatterns = [
    _at("", polls.Base, "base"),
    _at("/configData", device.ConfigData, "config-data"),
    _at(f"/deploymentBase/{ACTION}", actions.Deployment, "deployment"),
    _at(f"/deploymentBase/{ACTION}/feedback", actions.DeploymentFeedback, "deployment-feedback"),
    _at(f"/cancelAction/{ACTION}", actions.Cancel, "cancel"),
    _at(f"/cancelAction/{ACTION}/feedback", actions.CancelFeedback, "cancel-feedback"),
    _at("/installedBase", actions.InstalledBase, "installed-base"),
    _at(f"/installedBase/{ACTION}", actions.Installed, "installed"),
    _at("/confirmationBase", device.ConfirmationBase, "confirmation-base"),
    _at("/confirmationBase/activateAutoConfirm", device.ActivateAutoConfirm, "activate"),
    _at("/confirmationBase/deactivateAutoConfirm", device.DeactivateAutoConfirm, "deactivate"),
    _at(f"/confirmationBase/{ACTION}", actions.Confirmation, "confirmation"),
    _at(
        f"/confirmationBase/{ACTION}/feedback",
        actions.ConfirmationFeedback,
        "confirmation-feedback",
    ),
    _at(MODULE, artifacts.Artifacts, "artifacts"),
    _at(f"{MODULE}/<str:filename>", artifacts.Artifact, "artifact"),
]
