"""When devices last called."""

import time

import pytest
from django.db import OperationalError

from fleet import presence
from fleet.models import Contact, Device
from tests.make import make_device


@pytest.mark.django_db
def test_calls_are_written_together(django_assert_max_num_queries):
    home = make_device().organization
    devices = [make_device(home) for _ in range(30)]
    for device in devices * 3:
        presence.seen(device.pk)
    with django_assert_max_num_queries(4):
        presence.flush()
    assert Contact.objects.count() == 30
    with django_assert_max_num_queries(0):
        presence.flush()


@pytest.mark.django_db
def test_a_later_call_moves_the_moment_on():
    device = make_device()
    moments = []
    for _ in range(2):
        presence.seen(device.pk)
        presence.flush()
        moments.append(Contact.objects.get().seen_at)
    assert moments[0] < moments[1]


@pytest.mark.django_db
def test_devices_that_are_gone_do_not_hold_up_the_others():
    gone, here = make_device(), make_device()
    presence.seen(gone.pk)
    presence.seen(here.pk)
    Device.objects.filter(pk=gone.pk).delete()
    presence.flush()
    assert Contact.objects.get().device == here


@pytest.mark.django_db
def test_what_could_not_be_written_is_written_next_time(monkeypatch):
    device = make_device()
    presence.seen(device.pk)

    def fail(_noted):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(presence, "_write", fail)
        with pytest.raises(OperationalError):
            presence.flush()
    presence.flush()
    assert Contact.objects.get().device == device


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_them_every_few_seconds(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(presence, "INTERVAL", 0.05)
    monkeypatch.setattr(presence, "_flusher", None)
    monkeypatch.setattr(presence.atexit, "register", lambda _: None)
    presence.seen(make_device().pk)
    deadline = time.monotonic() + 10
    while not Contact.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    thread = presence._flusher
    monkeypatch.setattr(presence, "_flusher", None)
    thread.join()
    assert Contact.objects.exists()
