"""Six devices and six jobs of which everything is known, in the database and as plain facts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment, Phase, StatusEvent
from deployments.states import OPEN, State
from fleet.models import Alert, Device, Organization
from tests.make import make_device, make_release

HOUR = timedelta(hours=1)
DEVICES: dict[str, dict[str, Any]] = {
    "D1": {
        "name": "Router-A",
        "type": "EX50",
        "group": "/test",
        "tags": ["sensor", "important"],
        "connection_status": "connected",
        "health_status": "error",
        "signal_percent": 15,
        "firmware_version": "3.9.0",
        "mac": "00:40:9D:00:00:01",
    },
    "D2": {
        "name": "router-b",
        "type": "EX50",
        "group": "/test/leaf",
        "tags": ["sens-x"],
        "connection_status": "disconnected",
        "health_status": "normal",
        "signal_percent": 80,
        "firmware_version": "3.10.0",
        "mac": "00:40:9D:00:00:02",
    },
    "D3": {
        "name": "Gate-1",
        "type": "EX15",
        "group": "/NorthWest/leaf",
        "tags": [],
        "connection_status": "disconnected",
        "health_status": "warning",
        "signal_percent": 55,
        "firmware_version": "3.10.0",
        "mac": "00:11:22:00:00:03",
    },
    "D4": {
        "name": "Gate-2",
        "type": "EX15",
        "group": "/NorthWestern",
        "tags": ["SENSOR"],
        "connection_status": "connected",
        "health_status": "normal",
        "firmware_version": "4.0.0",
        "mac": "00:11:22:00:00:04",
    },
    "D5": {
        "name": "O'Brien",
        "type": "XBee",
        "group": "/",
        "tags": ["important", "color"],
        "connection_status": "disconnected",
        "health_status": "unknown",
        "signal_percent": 5,
        "mac": "00:11:22:00:00:05",
    },
    "D6": {
        "name": "Spare",
        "type": "EX15",
        "group": "/test2",
        "tags": ["motor"],
        "connection_status": "connected",
        "health_status": "warning",
        "signal_percent": 20,
        "firmware_version": "3.9.0",
        "mac": "00:11:22:00:00:06",
    },
}


@dataclass(frozen=True)
class Job:
    username: str
    status: str
    job_type: str = "firmware_update"
    targets: tuple[str, ...] = field(default=())

    def facts(self, number: int) -> dict[str, Any]:
        """As the query language knows it."""
        return {
            "id": number,
            "username": self.username,
            "status": self.status,
            "job_type": self.job_type,
            "target_count": len(self.targets),
        }


JOBS = {
    11: Job("alice", "completed", targets=("D1", "D2")),
    12: Job("alice", "in_progress", targets=("D3",)),
    13: Job("bob", "new", targets=("D4", "D5")),
    14: Job("Bob", "canceled", "configuration", targets=("D6",)),
    15: Job("ABCD123456", "in_progress", targets=("D1", "D4")),
    16: Job("alice", "completed"),
}
# Query, and the jobs that it selects.
ROWS = [
    ("group = '/test'", "11 15"),
    ("group startsWith 'test/'", "11 15"),
    ("group startsWith 'test'", "11 14 15"),
    ("group startsWith '/NorthWest'", "12 13 15"),
    ("group endsWith '/leaf'", "11 12"),
    ("group <> '/test'", "11 12 13 14 15"),
    ("group = '/'", "13"),
    ("tags = 'sensor'", "11 13 15"),
    ("tags <> 'sensor'", "11 12 13 14"),
    ("tags contains 'ns'", "11 13 15"),
    ("tags startsWith 'sens'", "11 13 15"),
    ("tags endsWith 'or'", "11 13 14 15"),
    (
        "group startsWith '/NorthWest'\nand(connection_status='disconnected'or signal_percent<20)",
        "12",
    ),
    ("tags = 'important' and (health_status = 'error' or health_status = 'warning')", "11 15"),
    ("tags = 'sens-x' and health_status = 'error'", ""),
    ("status = 'in_progress' and tags = 'sensor'", "15"),
    ("username='bob'", "13 14"),
    ("username=’bob'", "13 14"),
    ("username=‘bob’", "13 14"),
    ("job_type='configuration' or tags='sens-x' and connection_status='connected'", "14"),
    ("firmware_version > '3.9.0'", "11 12 13 15"),
    ("firmware_version <> '3.9.0'", "11 12 13 15"),
    ("signal_percent < '20'", "11 13 15"),
    ("signal_percent <> 20", "11 12 13 15"),
    ("name = 'o''brien'", "13"),
    ("ID = 13 OR id = 99", "13"),
    ("mac STARTSWITH '00:40:9d'", "11 15"),
    ("target_count = 0", "16"),
    ("id >= 14 and username <> 'bob'", "15 16"),
    # What a job without targets is of itself, it is whatever is asked of devices beside it.
    ("username = 'alice' or tags = 'motor'", "11 12 14 16"),
    ("username = 'alice' and tags <> 'sensor'", "11 12"),
    ("(username = 'bob' or tags = 'sensor') and (status = 'new' or group = '/test')", "11 13 15"),
    ("(status = 'completed' or group = '/x') and (username = 'alice' or tags = 'x')", "11 16"),
    ("(id = 16 or name = 'x') and (target_count = 0 or tags = 'x')", "16"),
]
WRONG = [
    "last_connect > '2024-01-01'",
    "group > '/a'",
    "signal_percent contains '2'",
    "health_status startsWith 'w'",
    "health_status = 'broken'",
    "connection_status = connected",
    "not (status = 'new')",
    'name = "x"',
    "colour = 'red'",
    "signal_percent < 'low'",
    "status = 'new' and",
    "(status = 'new'",
]


def make_devices(organization: Organization) -> dict[str, Device]:
    now = timezone.now()
    made = {}
    for key, known in DEVICES.items():
        connected = known["connection_status"] == "connected"
        seen_at = None if known["health_status"] == "unknown" else now - (HOUR * (not connected))
        inventory = {"signal_percent": known.get("signal_percent", "none")}
        made[key] = make_device(
            organization,
            identity={"mac": known["mac"]},
            name=known["name"],
            device_type=known["type"],
            group=known["group"].strip("/"),
            software=known.get("firmware_version", ""),
            inventory=inventory,
            tags=dict.fromkeys(known["tags"], ""),
            seen_at=seen_at,
        )
    raise_alert(made["D1"])
    return made


def raise_alert(device: Device, level: str = "CRITICAL") -> None:
    Alert.objects.create(
        device=device,
        name="disk",
        level=level,
        subject_name="disk",
        subject_type="filesystem",
        subject_status="full",
        subject_digest="0" * 64,
        raised_at=timezone.now(),
    )


def make_jobs(organization: Organization, devices: dict[str, Device]) -> dict[int, Deployment]:
    made = {number: make_job(organization, number, job) for number, job in JOBS.items()}
    for number, job in JOBS.items():
        for key in job.targets:
            is_over = job.status == "completed"
            state = State.SUCCESS if is_over else State.PENDING
            row = make_part(made[number], devices[key], state)
            if DEVICES[key]["health_status"] == "warning":
                warn(row)
    return made


def make_job(
    organization: Organization, number: int, job: Job, *, name: str = "", **facts: Any
) -> Deployment:
    """A deployment of that number whose course is the status of the job."""
    now = timezone.now()
    is_software = job.job_type == "firmware_update"
    release = make_release(organization) if is_software else None
    ends: dict[str, Any] = {
        "completed": {"finished_at": now},
        "canceled": {"stop": "graceful", "stopped_at": now},
    }.get(job.status, {})
    deployment = Deployment.objects.create(
        number=number,
        organization=organization,
        name=name or f"job {number}",
        kind="software" if is_software else "configuration",
        configuration=None if is_software else {},
        release=release,
        release_name=release.name if release else "",
        target="devices",
        size=len(job.targets),
        request_digest=str(number),
        created_by=job.username,
        **(ends | facts),
    )
    opens = None if job.status == "new" else now - HOUR
    Phase.objects.create(deployment=deployment, position=0, starts_at=opens)
    return deployment


def make_part(
    deployment: Deployment,
    device: Device | None,
    state: State = State.PENDING,
    finished_at: datetime | None = None,
) -> DeviceDeployment:
    is_open = state in OPEN
    return DeviceDeployment.objects.create(
        deployment=deployment,
        device=device,
        device_ref=str(device.id) if device else "gone",
        device_name=device.name if device else "",
        state=state,
        is_open=is_open,
        finished_at=None if is_open else finished_at or timezone.now(),
    )


def warn(row: DeviceDeployment) -> None:
    StatusEvent.objects.create(
        device_deployment=row, state=row.state, kind=StatusEvent.Kind.WARNING, messages=["hot"]
    )
