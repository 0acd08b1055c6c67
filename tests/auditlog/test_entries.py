"""What is written into the audit log stays as it is."""

import pytest
from django.urls import reverse

from auditlog.actor import system
from auditlog.models import AppendOnly, AuditEntry
from auditlog.record import Subject, record, record_many
from tests.make import make_actor, make_organization, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:auditlog_auditentry_changelist"


def written(name="pump", **facts):
    home = make_organization()
    record(make_actor(home, **facts), "accept", Subject("device", "1", name), {"to": "accepted"})
    return home, AuditEntry.objects.first()


def test_an_entry_says_who_did_what_to_what_and_where_from():
    home, entry = written(name="pump", address="192.0.2.1", via="admin", token="ci")
    assert (entry.organization_id, entry.actor_name) == (home.pk, "someone@example.com")
    assert (entry.action, entry.object_kind, entry.object_name) == ("accept", "device", "pump")
    assert (entry.address, entry.via, entry.token) == ("192.0.2.1", "admin", "ci")
    assert entry.change == {"to": "accepted"}
    assert AuditEntry.objects.of(home.pk).get() == entry


def test_it_can_be_neither_changed_nor_deleted():
    _home, entry = written()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="reject"),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert AuditEntry.objects.get().action == "accept"


def test_it_outlives_the_organization():
    home, _entry = written()
    home.delete()
    assert AuditEntry.objects.count() == 1


def test_many_are_written_in_a_few_statements(django_assert_max_num_queries):
    subjects = [Subject("device", str(number), "") for number in range(1200)]
    with django_assert_max_num_queries(20):
        record_many(system(), "reject", subjects)
    assert AuditEntry.objects.count() == 1200


def test_long_names_are_cut():
    _home, entry = written(name="n" * 600)
    assert len(entry.object_name) == 512


def test_the_admin_shows_ones_own_and_lets_nothing_be_done(client):
    home, _entry = written(name="ours")
    written(name="theirs")
    client.force_login(make_user(organization=home, is_staff=True))
    page = client.get(reverse(LIST), {"q": "s"}).content.decode()
    assert "ours" in page
    assert "theirs" not in page
    ours = AuditEntry.objects.of(home.pk).get()
    delete = reverse("admin:auditlog_auditentry_delete", args=[ours.pk])
    assert client.post(delete).status_code == 403
    change = reverse("admin:auditlog_auditentry_change", args=[ours.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"action": "reject"}).status_code == 403
    assert client.get(reverse("admin:auditlog_auditentry_add")).status_code == 403
