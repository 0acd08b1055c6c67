from deployments.models.deployment import (
    AutoAssignment,
    Deployment,
    DeploymentQuerySet,
    has_status,
    status_case,
)
from deployments.models.parts import (
    DeploymentLog,
    DeviceDeployment,
    DeviceDeploymentQuerySet,
    StatusEvent,
    effective_state,
)
from deployments.models.phases import Phase

__all__ = [
    "AutoAssignment",
    "Deployment",
    "DeploymentLog",
    "DeploymentQuerySet",
    "DeviceDeployment",
    "DeviceDeploymentQuerySet",
    "Phase",
    "StatusEvent",
    "effective_state",
    "has_status",
    "status_case",
]
