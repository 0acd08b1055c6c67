"""Entity tags: what has not changed is not sent again, what has changed is not overwritten."""

import pytest

from fleet import presence
from fleet.models import Contact, Device
from tests.api.v1.callers import Caller, caller
from tests.at_once import at_once
from tests.make import make_device

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.v1.room")]


@pytest.fixture
def admin(db: None) -> Caller:
    return caller()


@pytest.fixture
def path(admin: Caller) -> str:
    return f"/renamed/{make_device(admin.organization, name='old').id}"


def tag(admin: Caller, path: str) -> str:
    return admin.get(path).headers["ETag"]


def test_what_is_known_is_not_sent_again(admin: Caller, path: str) -> None:
    known = tag(admin, path)
    for header in (known, f'"x", {known}', f"W/{known}", "*"):
        answer = admin.get(path, headers={"If-None-Match": header})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == known
    assert admin.get(path, headers={"If-None-Match": '"x"'}).status_code == 200


def test_what_a_device_does_is_news_but_no_conflict(admin: Caller, path: str) -> None:
    known = tag(admin, path)
    device = Device.objects.get()
    Contact.objects.create(device=device, seen_at=device.created_at)
    assert admin.get(path, headers={"If-None-Match": known}).status_code == 200
    assert admin.patch(path, {"name": "new"}, if_match=known).status_code == 200


def test_a_change_of_what_was_seen_goes_through_and_tells_the_next_tag(
    admin: Caller, path: str
) -> None:
    changed = admin.patch(path, {"name": "new"}, if_match=tag(admin, path))
    assert changed.status_code == 200
    assert changed.headers["ETag"] == tag(admin, path)
    again = admin.patch(path, {"name": "newer"}, if_match=changed.headers["ETag"])
    assert again.status_code == 200


def test_a_change_of_what_has_changed_is_refused(admin: Caller, path: str) -> None:
    known = tag(admin, path)
    admin.patch(path, {"name": "theirs"})
    for call in (admin.patch, admin.delete):
        answer = call(path, {"name": "ours"}, if_match=known)
        assert answer.status_code == 412
        assert answer.json()["code"] == "precondition_failed"  # type: ignore[attr-defined]
    assert Device.objects.get().name == "theirs"


def test_lists_of_tags_stars_and_nonsense(admin: Caller, path: str) -> None:
    known = tag(admin, path)
    for header, status in [
        ("*", 200),
        (f'"x", {known}', 200),
        (f"W/{known}", 412),
        ('"x"', 412),
        ("nonsense", 412),
        ("", 412),
    ]:
        assert admin.patch(path, {"name": "old"}, if_match=header).status_code == status, header


def test_what_is_gone_is_not_found_whatever_is_named(admin: Caller, path: str) -> None:
    Device.objects.all().delete()
    assert admin.patch(path, {"name": "new"}, if_match="*").status_code == 404


def test_what_is_refused_inside_changes_nothing(admin: Caller, path: str) -> None:
    assert admin.patch(path, {"name": "refused"}).status_code == 409
    assert Device.objects.get().name == "old"


@pytest.mark.django_db(transaction=True)
def test_of_changes_at_once_to_what_all_have_seen_one_goes_through() -> None:
    admin = caller()
    path = f"/renamed/{make_device(admin.organization, name='old').id}"
    known = tag(admin, path)

    def rename(number: int) -> int:
        return admin.patch(path, {"name": f"new {number}"}, if_match=known).status_code

    answers = at_once([lambda n=n: rename(n) for n in range(12)], threads=6)  # type: ignore[misc]
    presence.forget()
    assert sorted(answers) == [200] + [412] * 11
