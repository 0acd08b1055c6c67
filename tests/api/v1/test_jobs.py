"""Jobs, by the own API: how far they are, and for whom."""

import pytest

from artifacts.models import Artifact
from fleet.models import Organization, Role
from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import run_due
from tests.api.v1.callers import Caller, caller
from tests.api.v1.forms import generate
from tests.jobs import kinds
from tests.make import make_organization

assert kinds


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


def ids(person: Caller, **parameters: str) -> set[str]:
    return {item["id"] for item in person.get("/jobs", **parameters).json()["items"]}


def asked(person: Caller, kind: str = "tests.add") -> Job:
    return enqueue(
        kind,
        {"numbers": [1, 2]},
        organization_id=person.organization.pk,
        asked_by=str(person.membership.user_id),
    )


def test_a_job_tells_how_it_comes_along(organization: Organization) -> None:
    person = caller(Role.VIEWER, organization)
    path = f"/jobs/{asked(person).id}"
    shown = person.get(path).json()
    assert (shown["kind"], shown["state"], shown["progress"]) == ("tests.add", "queued", 0)
    assert (shown["result"], shown["finished_at"]) == (None, None)
    assert "arguments" not in shown
    run_due()
    shown = person.get(path).json()
    assert (shown["state"], shown["progress"], shown["attempts"]) == ("done", 100, 1)
    assert shown["result"]
    assert shown["finished_at"].endswith("Z")


def test_one_that_fails_says_why(organization: Organization) -> None:
    person = caller(Role.VIEWER, organization)
    job = enqueue(
        "tests.despair",
        {"text": "There is no such file."},
        organization_id=organization.pk,
        asked_by=str(person.membership.user_id),
    )
    run_due()
    shown = person.get(f"/jobs/{job.id}").json()
    assert (shown["state"], shown["error"]) == ("failed", "There is no such file.")


def test_everybody_sees_their_own_and_administrators_all(organization: Organization) -> None:
    ann, bob = (caller(Role.OPERATOR, organization) for _ in range(2))
    jobs = {"ann": str(asked(ann).id), "bob": str(asked(bob).id)}
    system = str(enqueue("tests.add", {}, organization_id=organization.pk).id)
    assert ids(ann) == {jobs["ann"]}
    assert ids(bob) == {jobs["bob"]}
    assert ids(caller(organization=organization)) == {*jobs.values(), system}
    assert ann.get(f"/jobs/{jobs['bob']}").status_code == 404


def test_no_organization_sees_those_of_another(organization: Organization) -> None:
    enqueue("tests.add", {})
    job = asked(caller(organization=organization))
    stranger = caller()
    assert ids(stranger) == set()
    assert stranger.get(f"/jobs/{job.id}").status_code == 404


def test_they_are_found_by_their_state(organization: Organization) -> None:
    admin = caller(organization=organization)
    done = asked(admin)
    run_due()
    waiting = asked(admin, "tests.raise")
    assert ids(admin, q="state==done") == {str(done.id)}
    assert ids(admin, q="state=in=(queued,running);kind==tests.*") == {str(waiting.id)}


@pytest.mark.django_db(transaction=True)
def test_whoever_may_upload_watches_what_becomes_of_it() -> None:
    ci = caller(Role.CI)
    begun = generate(ci)
    assert ids(ci) == {begun.json()["id"]}
    run_due()
    result = ci.get(begun["Location"]).json()["result"]
    assert result["artifact"] == str(Artifact.objects.get().id)
