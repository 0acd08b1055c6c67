from django.urls import path

from api.v1.views import deployment_parts as parts
from api.v1.views import deployments, statistics

urlpatterns = [
    path("deployments", deployments.DeploymentCollection.as_view(), name="v1-deployments"),
    path(
        "deployments/preview", deployments.DeploymentPreview.as_view(), name="v1-deployment-preview"
    ),
    path("deployments/<uuid:id>", deployments.DeploymentItem.as_view(), name="v1-deployment"),
    path(
        "deployments/<uuid:id>/statistics",
        deployments.DeploymentStatistics.as_view(),
        name="v1-deployment-statistics",
    ),
    path(
        "deployments/<uuid:id>/pause",
        deployments.PauseDeployment.as_view(),
        name="v1-deployment-pause",
    ),
    path(
        "deployments/<uuid:id>/resume",
        deployments.ResumeDeployment.as_view(),
        name="v1-deployment-resume",
    ),
    path(
        "deployments/<uuid:id>/abort",
        deployments.AbortDeployment.as_view(),
        name="v1-deployment-abort",
    ),
    path(
        "deployments/<uuid:id>/stop",
        deployments.StopDeployment.as_view(),
        name="v1-deployment-stop",
    ),
    path(
        "deployments/<uuid:id>/retry",
        deployments.RetryDeployment.as_view(),
        name="v1-deployment-retry",
    ),
    path("phases", parts.PhaseCollection.as_view(), name="v1-phases"),
    path(
        "device-deployments",
        parts.DeviceDeploymentCollection.as_view(),
        name="v1-device-deployments",
    ),
    path(
        "device-deployments/<int:number>",
        parts.DeviceDeploymentItem.as_view(),
        name="v1-device-deployment",
    ),
    path(
        "device-deployments/<int:number>/log",
        parts.DeviceDeploymentLog.as_view(),
        name="v1-device-deployment-log",
    ),
    path("status-events", parts.StatusEventCollection.as_view(), name="v1-status-events"),
    path("logs", parts.LogCollection.as_view(), name="v1-logs"),
    path(
        "statistics/device-deployments",
        statistics.DeviceDeploymentStatistics.as_view(),
        name="v1-statistics-device-deployments",
    ),
    path(
        "statistics/deployments",
        statistics.DeploymentCourses.as_view(),
        name="v1-statistics-deployments",
    ),
    path("statistics/devices", statistics.DeviceArrivals.as_view(), name="v1-statistics-devices"),
    path("statistics/software", statistics.SoftwareInUse.as_view(), name="v1-statistics-software"),
]
