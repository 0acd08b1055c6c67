"""One deployment, read through every dialect: what each says of how many devices stand where."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson
from django.test import Client

from deployments.models import Deployment
from fleet.api_keys import issue
from fleet.models import Organization
from tests.api.hawkbit.callers import Hawkbit, basic, hawkbit_caller
from tests.api.mender.callers import Person, person
from tests.api.v1.callers import Caller, caller
from tests.make import make_actor

MENDER = "v1/deployments/deployments"
MENDER_OPEN = frozenset(
    {
        "pending",
        "downloading",
        "installing",
        "rebooting",
        "pause_before_installing",
        "pause_before_rebooting",
        "pause_before_committing",
    }
)
MENDER_DONE = ("success", "already-installed")
MENDER_FAILED = ("failure", "aborted", "noartifact", "decommissioned")
DIGI_STATUSES = {
    "waiting": "pending",
    "starting": "running",
    "active": "running",
    "successful": "done",
    "failed": "failed",
    "canceled": "failed",
}
OUTCOMES = {
    "waiting": "pending",
    "starting": "running",
    "active": "running",
    "successful": "done",
}
PAGE = 500


@dataclass(frozen=True)
class Counts:
    """How many devices have yet to be told, are at it, have it, or ended otherwise."""

    pending: int = 0
    running: int = 0
    done: int = 0
    failed: int = 0

    @property
    def all(self) -> int:
        return self.pending + self.running + self.done + self.failed


class Faces:
    """Somebody who asks all five dialects and Slipway's own API."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.actor = make_actor(organization)
        self.mender: Person = person(organization)
        self.hawkbit: Hawkbit = hawkbit_caller(organization=organization)
        self.own: Caller = caller(organization=organization)
        key, secret = issue(
            actor=self.actor, organization=organization, name="faces", level="administrator"
        )
        self.carbonblack = JsonCaller(
            f"/sensor_update_service/v3/orgs/{organization.key}",
            {"X-AUTH-TOKEN": f"{secret}/{key.key_id}"},
        )
        pair = {"X-API-KEY-ID": key.key_id, "X-API-KEY-SECRET": secret}
        self.digi = JsonCaller("/ws/v1", pair)
        self.npm = JsonCaller("/npm", {"Authorization": basic(key.key_id, secret)})

    def agreed(self, deployment: Deployment) -> Counts:
        """What all of them say; fails where one says something else."""
        told = {
            "carbonblack": self.by_carbonblack(deployment),
            "digi": self.by_digi(deployment),
            "mender": self.by_mender(deployment),
            "own": self.by_own(deployment),
        }
        assert len(set(told.values())) == 1, (told, self.by_hawkbit(deployment))
        counts = told["mender"]
        # hawkBit's words do not tell who waits from who is at it.
        assert self.by_hawkbit(deployment) == (
            counts.pending + counts.running,
            counts.done,
            counts.failed,
        ), (told, self.by_hawkbit(deployment))
        return counts

    def by_carbonblack(self, deployment: Deployment) -> Counts:
        job = self.carbonblack.read(f"/jobs/{deployment.id}")
        counts = Counts(job["pending"], job["processing"], job["updated"], job["failed"])
        assert job["targeted"] == counts.all
        assert sum(job["failed_sensor_counts"].values()) == counts.failed
        assert counts.all == sum(
            devices
            for versions in job["current_sensor_versions"].values()
            for devices in versions.values()
        )
        assert job["percent_complete"] == (
            100 * (counts.done + counts.failed) // counts.all if counts.all else 100
        )
        return counts

    def by_carbonblacks_sensors(self, deployment: Deployment) -> Counts:
        words: Counter[str] = Counter()
        start = 0
        while True:
            found = self.carbonblack.ask(
                f"/jobs/{deployment.id}/sensors/_search", {"rows": 1000, "start": start}
            )
            words.update(each["status"] for each in found["results"])
            start += 1000
            if start >= found["num_found"]:
                break
        failed = sum(number for word, number in words.items() if word.startswith("FAILURE_"))
        return Counts(words["PENDING"], words["IN_PROGRESS"], words["SUCCESSFUL"], failed)

    def by_digi(self, deployment: Deployment) -> Counts:
        job = self.digi.read(f"/jobs/{deployment.number}")
        counts = Counts(
            job["pending_count"], job["active_count"], job["success_count"], job["failure_count"]
        )
        assert job["target_count"] == counts.all
        if counts.all <= 1000:
            words = Counter(DIGI_STATUSES[each["status"]] for each in job["targets"])
            assert Counts(**words) == counts
        return counts

    def by_mender(self, deployment: Deployment) -> Counts:
        """Who is listed has asked: who is among them and has yet to end is at it."""
        words = self._mender(f"{MENDER}/{deployment.id}/statistics")
        listed: Counter[str] = Counter()
        page = 1
        while True:
            path = f"{MENDER}/{deployment.id}/devices/list?page={page}&per_page={PAGE}"
            found = self._mender(path)
            listed.update(each["status"] for each in found)
            page += 1
            if len(found) < PAGE:
                break
        is_open = sum(words[word] for word in MENDER_OPEN)
        running = sum(listed[word] for word in MENDER_OPEN)
        return Counts(
            pending=is_open - running,
            running=running,
            done=sum(words[word] for word in MENDER_DONE),
            failed=sum(words[word] for word in MENDER_FAILED),
        )

    def by_hawkbit(self, deployment: Deployment) -> tuple[int, int, int]:
        """Open, done and failed: of a rollout by its sums, of an assignment by its actions.

        An action goes with its target.
        """
        if deployment.origin in {Deployment.Origin.PLAN, Deployment.Origin.ROLLOUT}:
            told = _json(self.hawkbit.get(f"/rollouts/{deployment.number}"))
            sums = told["totalTargetsPerStatus"]
            is_open = sums["scheduled"] + sums["running"] + sums["notstarted"]
            return is_open, sums["finished"], sums["error"] + sums["cancelled"]
        rows = deployment.device_deployments.all()
        numbers = set(rows.filter(device__isnull=False).values_list("number", flat=True))
        words: Counter[str] = Counter()
        offset = 0
        while True:
            found = _json(self.hawkbit.get("/actions", limit=PAGE, offset=offset))
            words.update(each["detailStatus"] for each in found["content"] if each["id"] in numbers)
            offset += PAGE
            if offset >= found["total"]:
                break
        done = words["finished"] + words["downloaded"]
        failed = words["error"] + words["canceled"]
        gone = rows.filter(device__isnull=True).exclude(state__in=["success", "already_installed"])
        has_it = rows.filter(device__isnull=True).count() - gone.count()
        return len(numbers) - done - failed, done + has_it, failed + gone.count()

    def by_own(self, deployment: Deployment) -> Counts:
        path = "/device-deployments"
        asked = {"q": f"deployment.id=={deployment.id}", "fields": "outcome", "limit": 1000}
        words: Counter[str] = Counter()
        cursor: dict[str, Any] = {}
        while True:
            found = _json(self.own.get(path, **asked, **cursor))
            words.update(OUTCOMES.get(each["outcome"], "failed") for each in found["items"])
            if not found.get("next_cursor"):
                break
            cursor = {"cursor": found["next_cursor"]}
        states = _json(self.own.get(f"/deployments/{deployment.id}/statistics"))["states"]
        counts = Counts(**words)
        assert sum(states.values()) == counts.all
        assert counts.done == sum(
            states[state] for state in ("success", "already_installed", "downloaded")
        )
        return counts

    def update_of(self, device: Any) -> dict[str, Any]:
        """How NPM tells the update of the device."""
        path = f"/{device.number}/api/npm.system_update/2.0/update"
        found: dict[str, Any] = self.npm.read(path)
        return found

    def _mender(self, path: str) -> Any:
        return _json(self.mender.get(path))


class JsonCaller:
    """A caller with headers of its own, below a path; bodies and answers are JSON."""

    def __init__(self, root: str, headers: dict[str, str]) -> None:
        self.root = root
        self.client = Client(enforce_csrf_checks=True, headers=headers)

    def read(self, path: str) -> Any:
        return _json(self.client.get(self.root + path))

    def ask(self, path: str, body: Any) -> Any:
        return _json(self.send("POST", path, body))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        raw = b"" if body is None else orjson.dumps(body)
        content_type = "" if body is None else "application/json"
        return self.client.generic(method, self.root + path, raw, content_type=content_type)


def _json(answer: Any) -> Any:
    assert answer.status_code == 200, (answer.status_code, answer.content[:500])
    return answer.json()
