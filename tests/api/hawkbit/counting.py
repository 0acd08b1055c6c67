"""The same deployment, counted by everybody who tells of it: all must say the same."""

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from deployments.models import Deployment
from fleet.models import Organization
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.mender.callers import Person, person
from tests.api.v1.callers import Caller, caller
from tests.make import make_user

MENDER = "v1/deployments/deployments"
BEGUN = ("downloading", "installing", "rebooting")
MENDER_HELD = (
    "pause_before_installing",
    "pause_before_rebooting",
    "pause_before_committing",
)
V1_HELD = ("paused_before_installing", "paused_before_rebooting", "paused_before_committing")
STAT = re.compile(r'<div class="stat">\s*<dt>(.*?)</dt>\s*<dd>([\d,]+)', re.DOTALL)
# What leaves the bar of the page is called by its state.
GONE_WORDS = ("Nothing fits", "Aborted", "Decommissioned")
# What hawkBit knows as a rollout; anything else it knows by its actions alone.
ROLLOUTS = (Deployment.Origin.PLAN, Deployment.Origin.ROLLOUT)


@dataclass(frozen=True)
class Counts:
    """How many devices have it, failed, ended otherwise, or have yet to end."""

    done: int = 0
    failed: int = 0
    gone: int = 0
    open: int = 0


@dataclass(frozen=True)
class Told:
    """What one of them says; `begun` of the open ones, and the status, as far as it tells."""

    counts: Counts
    begun: int | None
    is_over: bool


class Counters:
    """Somebody who asks Mender's API, hawkBit's, Slipway's own and the dashboard."""

    def __init__(self, organization: Organization) -> None:
        self.mender: Person = person(organization)
        self.hawkbit: Hawkbit = hawkbit_caller(organization=organization)
        self.own: Caller = caller(organization=organization)
        self.browser = Client()
        self.browser.force_login(make_user(organization=organization))

    def agreed(self, deployment: Deployment) -> Told:
        """What all of them say; fails where one says something else.

        Also that each open part is an action that is active, as it is once all groups are open.
        """
        told = self.agreed_on_phases(deployment)
        self._check_actions(deployment, told.counts)
        return told

    def agreed_on_phases(self, deployment: Deployment) -> Told:
        """The same while some phase has yet to open."""
        told = {
            "mender": self._by_mender(deployment),
            "its list": self._by_menders_list(deployment),
            "own": self._by_own(deployment),
            "page": self._by_page(deployment),
        }
        if deployment.origin in ROLLOUTS:
            told["hawkbit"] = self._by_hawkbit(deployment)
            told["its groups"] = self._by_groups(deployment)
        assert len({each.counts for each in told.values()}) == 1, told
        assert len({each.is_over for each in told.values()}) == 1, told
        assert len({each.begun for each in told.values()} - {None}) == 1, told
        return told["mender"]

    def _by_mender(self, deployment: Deployment) -> Told:
        words = self._mender(f"{MENDER}/{deployment.id}/statistics")
        status = self._mender(f"{MENDER}/{deployment.id}")["status"]
        return _mender_told(words, status)

    def _by_menders_list(self, deployment: Deployment) -> Told:
        listed = self._mender("v2/deployments/deployments")
        (found,) = (each for each in listed if each["id"] == str(deployment.id))
        return _mender_told(found["statistics"]["status"], found["status"])

    def _mender(self, path: str) -> Any:
        answer = self.mender.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def _by_own(self, deployment: Deployment) -> Told:
        path = f"/deployments/{deployment.id}"
        states = _json(self.own.get(f"{path}/statistics"))["states"]
        status = _json(self.own.get(path))["status"]
        begun = sum(states[state] for state in (*BEGUN, *V1_HELD))
        counts = Counts(
            done=states["success"] + states["already_installed"] + states["downloaded"],
            failed=states["failure"],
            gone=states["aborted"] + states["no_artifact"] + states["decommissioned"],
            open=states["pending"] + begun,
        )
        return Told(counts, begun, status in {"finished", "aborted"})

    def _by_page(self, deployment: Deployment) -> Told:
        answer = self.browser.get(f"/deployments/{deployment.id}/")
        assert answer.status_code == 200
        html = answer.content.decode()
        shown = {
            strip_tags(word).strip(): int(number.replace(",", ""))
            for word, number in STAT.findall(html)
        }
        counts = Counts(
            done=shown["Installed"],
            failed=shown["Failed"],
            gone=sum(shown.get(word, 0) for word in GONE_WORDS),
            open=shown["In progress"] + shown["Waiting"],
        )
        return Told(counts, shown["In progress"], "data-live" not in html)

    def _by_hawkbit(self, deployment: Deployment) -> Told:
        told = _json(self.hawkbit.get(f"/rollouts/{deployment.number}"))
        counts = _six(told["totalTargetsPerStatus"])
        assert told["totalTargets"] == sum(told["totalTargetsPerStatus"].values())
        return Told(counts, None, told["status"] in {"finished", "stopped"})

    def _by_groups(self, deployment: Deployment) -> Told:
        path = f"/rollouts/{deployment.number}/deploygroups"
        listed = _json(self.hawkbit.get(path))["content"]
        groups = [_json(self.hawkbit.get(f"{path}/{group['id']}")) for group in listed]
        sums = [_six(group["totalTargetsPerStatus"]) for group in groups]
        whole = Counts(*(sum(each) for each in zip(*map(_all, sums), strict=True)))
        return Told(whole, None, all(group["status"] == "finished" for group in groups))

    def _check_actions(self, deployment: Deployment, counts: Counts) -> None:
        """Of what has opened each device has an action; it is the same in either list."""
        asked = f"rollout.id=={deployment.number}"
        actions = _json(self.hawkbit.get("/actions", q=asked, limit=500))["content"]
        words = [action["detailStatus"] for action in actions]
        done = words.count("finished") + words.count("downloaded")
        is_open = [action["active"] for action in actions].count(True)
        assert (done, words.count("error"), is_open) == (counts.done, counts.failed, counts.open)


def _mender_told(words: dict[str, int], status: str) -> Told:
    begun = sum(words[word] for word in (*BEGUN, *MENDER_HELD))
    counts = Counts(
        done=words["success"] + words["already-installed"],
        failed=words["failure"],
        gone=words["aborted"] + words["noartifact"] + words["decommissioned"],
        open=words["pending"] + begun,
    )
    return Told(counts, begun, status == "finished")


def _six(totals: dict[str, int]) -> Counts:
    return Counts(
        done=totals["finished"],
        failed=totals["error"],
        gone=totals["cancelled"],
        open=totals["scheduled"] + totals["running"] + totals["notstarted"],
    )


def _all(counts: Counts) -> tuple[int, ...]:
    return counts.done, counts.failed, counts.gone, counts.open


def _json(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()
