from deployments.models.deployment import (
    AutoAssignment,
    Deployment,
    DeploymentKit,
    DeploymentQuerySet,
    has_status,
    is_running,
    status_case,
)
from deployments.models.parts import (
    OVERTIME,
    DeploymentLog,
    DeviceDeployment,
    DeviceDeploymentQuerySet,
    StatusEvent,
    effective_state,
    is_cut_off,
)
from deployments.models.phases import Phase

__all__ = [
    "OVERTIME",
    "AutoAssignment",
    "Deployment",
    "DeploymentKit",
    "DeploymentLog",
    "DeploymentQuerySet",
    "DeviceDeployment",
    "DeviceDeploymentQuerySet",
    "Phase",
    "StatusEvent",
    "effective_state",
    "has_status",
    "is_cut_off",
    "is_running",
    "status_case",
]
