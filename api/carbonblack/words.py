"""Carbon Black's words for what jobs and sensors are up to, in the order of its documents."""

from enum import StrEnum

from deployments.models import Deployment
from deployments.outcomes import Course, Outcome
from fleet.models import KitType

JOB_TYPES = [str(word) for word in Deployment.JobType.values]
KIT_TYPES = [str(word) for word in KitType.values]


class JobStatus(StrEnum):
    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"


OF_COURSE: dict[Course, JobStatus] = {
    Course.NEW: JobStatus.PENDING,
    Course.IN_PROGRESS: JobStatus.IN_PROGRESS,
    Course.CANCELED: JobStatus.CANCELLED,
    Course.COMPLETED: JobStatus.COMPLETED,
}


class SensorStatus(StrEnum):
    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCESSFUL = "SUCCESSFUL"
    FAILURE_UNKNOWN = "FAILURE_UNKNOWN"
    FAILURE_EXPIRED = "FAILURE_EXPIRED"
    FAILURE_NO_DATA_FOUND = "FAILURE_NO_DATA_FOUND"
    FAILURE_STOPPED = "FAILURE_STOPPED"
    FAILURE_JOB_INITIALIZATION = "FAILURE_JOB_INITIALIZATION"
    FAILURE_EJECTED = "FAILURE_EJECTED"


OF_OUTCOME: dict[Outcome, SensorStatus] = {
    Outcome.WAITING: SensorStatus.PENDING,
    Outcome.STARTING: SensorStatus.IN_PROGRESS,
    Outcome.ACTIVE: SensorStatus.IN_PROGRESS,
    Outcome.SUCCESSFUL: SensorStatus.SUCCESSFUL,
    Outcome.FAILED: SensorStatus.FAILURE_UNKNOWN,
    Outcome.EXPIRED: SensorStatus.FAILURE_EXPIRED,
    Outcome.NOTHING_FITS: SensorStatus.FAILURE_NO_DATA_FOUND,
    Outcome.STOPPED: SensorStatus.FAILURE_STOPPED,
    Outcome.NOT_REQUESTED: SensorStatus.FAILURE_JOB_INITIALIZATION,
    Outcome.REMOVED: SensorStatus.FAILURE_EJECTED,
}
FAILURES = [status for status in SensorStatus if status.startswith("FAILURE_")]
OUTCOMES: dict[SensorStatus, list[Outcome]] = {
    status: [outcome for outcome, word in OF_OUTCOME.items() if word == status]
    for status in SensorStatus
}
