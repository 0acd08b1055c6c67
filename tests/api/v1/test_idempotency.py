"""A call that is sent again with its key is done once, and answered as the first time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from api.models import KeptAnswer
from api.v1.idempotency import KEPT, forget_kept_answers
from fleet.models import Device, Role, SavedFilter
from tests.api.v1.callers import Caller, caller
from tests.at_once import at_once
from tests.make import make_device

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.v1.room")]
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture
def admin(db: None) -> Caller:
    return caller()


def make(who: Caller, name: str = "red", key: str = KEY) -> tuple[int, str]:
    """The status, and the code if it was refused."""
    answer = who.post("/filters", {"name": name}, idempotency_key=key)
    return answer.status_code, answer.json().get("code", "")  # type: ignore[attr-defined]


def test_the_same_call_is_done_once_and_answered_alike(admin: Caller) -> None:
    first, again = (admin.post("/filters", {"name": "red"}, idempotency_key=KEY) for _ in range(2))
    assert SavedFilter.objects.count() == 1
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for header in ("Location", "Content-Type", "Content-Length"):
        assert again.headers[header] == first.headers[header]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_without_a_key_each_call_counts(admin: Caller) -> None:
    for _ in range(2):
        admin.post("/filters", {"name": "red"})
    assert SavedFilter.objects.count() == 2


def test_another_call_with_the_same_key_is_refused(admin: Caller) -> None:
    assert make(admin) == (201, "")
    assert make(admin, "blue") == (422, "idempotency_key_reused")
    elsewhere = admin.post("/filters?x=1", {"name": "red"}, idempotency_key=KEY)
    assert elsewhere.status_code == 422
    assert SavedFilter.objects.count() == 1


def test_a_key_is_one_s_own(admin: Caller) -> None:
    colleague, stranger = caller(organization=admin.organization), caller()
    assert [make(who)[0] for who in (admin, colleague, stranger)] == [201, 201, 201]
    assert SavedFilter.objects.count() == 3


def test_what_failed_is_not_kept(admin: Caller) -> None:
    assert make(admin, "taken") == (409, "filter_exists")
    assert make(admin, "")[0] == 400
    assert SavedFilter.objects.count() == 0
    assert KeptAnswer.objects.count() == 0
    assert make(admin) == (201, "")


def test_who_has_lost_the_right_is_not_answered_again(admin: Caller) -> None:
    make(admin)
    admin.organization.memberships.update(role=Role.VIEWER)
    assert make(admin) == (403, "forbidden")


def test_a_change_and_a_removal_take_a_key_too(admin: Caller) -> None:
    device = make_device(admin.organization)
    path = f"/renamed/{device.id}"
    first = admin.patch(path, {"name": "new"}, idempotency_key="1")
    Device.objects.update(name="newer")
    again = admin.patch(path, {"name": "new"}, idempotency_key="1")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert Device.objects.get().name == "newer"
    gone = [admin.delete(path, idempotency_key="2") for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in gone] == [(204, b"")] * 2
    assert "Content-Type" not in gone[1].headers


@pytest.mark.parametrize("key", ["", "k" * 256, "tab\t", "ü"])
def test_a_key_that_is_none(admin: Caller, key: str) -> None:
    assert make(admin, key=key) == (400, "idempotency_key_invalid")


def test_a_key_is_forgotten_after_a_day(admin: Caller) -> None:
    make(admin)
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert make(admin, "blue") == (201, "")
    forget_kept_answers()
    assert KeptAnswer.objects.count() == 1
    KeptAnswer.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
    forget_kept_answers()
    assert KeptAnswer.objects.count() == 0


def test_the_answer_is_not_kept_in_the_clear(admin: Caller) -> None:
    make(admin, "secretive")
    assert b"secretive" not in bytes(KeptAnswer.objects.get().body)


@pytest.mark.django_db(transaction=True)
def test_calls_at_once_are_done_once() -> None:
    admin = caller()
    answers = at_once([lambda: make(admin) for _ in range(24)], threads=8)
    assert (201, "") in answers
    assert set(answers) <= {(201, ""), (409, "idempotency_key_in_use")}
    assert SavedFilter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_different_calls_at_once_with_one_key_leave_one() -> None:
    admin = caller()
    answers = at_once([lambda n=n: make(admin, f"{n}") for n in range(16)], threads=8)  # type: ignore[misc]
    assert answers.count((201, "")) == 1
    assert {code for _, code in answers} <= {"", "idempotency_key_in_use", "idempotency_key_reused"}
    assert SavedFilter.objects.count() == 1
