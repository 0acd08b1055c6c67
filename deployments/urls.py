"""The overview, deployments, and the page of a device, which shows things of every app."""

from django.urls import path

from deployments.views import (
    configuration,
    decisions,
    deployment,
    deployments,
    device,
    log,
    overview,
    plan,
)

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("devices/<uuid:device_id>/", device.device, name="device"),
    path(
        "devices/<uuid:device_id>/configuration/", configuration.configure, name="device-configure"
    ),
    path("deployments/", deployments.deployments, name="deployments"),
    path("deployments/new/", plan.new, name="deployment-new"),
    path("deployments/<uuid:deployment_id>/", deployment.deployment, name="deployment"),
    path("deployments/<uuid:deployment_id>/abort/", decisions.stop, name="deployment-abort"),
    path("deployments/<uuid:deployment_id>/stop/", decisions.let_run_out, name="deployment-stop"),
    path("deployments/<uuid:deployment_id>/start/", decisions.begin, name="deployment-start"),
    path("deployments/<uuid:deployment_id>/approval/", decisions.judge, name="deployment-judge"),
    path("deployments/<uuid:deployment_id>/pause/", decisions.hold, name="deployment-pause"),
    path("deployments/<uuid:deployment_id>/resume/", decisions.go_on, name="deployment-resume"),
    path("deployments/<uuid:deployment_id>/retry/", decisions.retry, name="deployment-retry"),
    path("deployments/<uuid:deployment_id>/log/<int:number>/", log.log, name="deployment-log"),
]
