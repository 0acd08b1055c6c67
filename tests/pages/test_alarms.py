"""What monitors raise, on the page of the device, the overview and the list of devices."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fleet.alerts import Told
from fleet.monitoring import report_alerts
from tests.make import make_device
from tests.pages.reading import part, queries, words

pytestmark = pytest.mark.django_db
LINES = {
    "description": "It stopped.",
    "lines_before": [{"line_number": 11, "data": "started"}],
    "line_matching": {"line_number": 12, "data": "exited <1>"},
}


def told(name, level="CRITICAL", details=None):
    at = timezone.now() - timedelta(minutes=1)
    return Told(f"{name} is watched", level, at, name, "service", "not-running", details)


@pytest.fixture
def loud(home):
    device = make_device(home, name="loud", device_type="board")
    report_alerts(device=device, alerts=[told("sshd"), told("cron", "OK"), told("ntp", "OK")])
    return device


def url(device):
    return f"/devices/{device.id}/"


def test_the_last_word_of_each_monitor_comes_first(client, loud):
    report_alerts(device=loud, alerts=[told("cron", details=LINES)])
    text = words(client.get(url(loud)))
    for said in (
        "3 monitors",
        "Critical cron is watched",
        "OK ntp is watched",
        "History, 4 in all",
    ):
        assert said in text
    for said in ("It stopped.", "11 started", "12 exited <1>"):
        assert said in text


def test_a_long_history_takes_as_many_queries(client, loud):
    few = queries(client, url(loud))
    report_alerts(device=loud, alerts=[told("sshd")] * 30)
    assert queries(client, url(loud)) == few
    assert "History, the last 20 of 33" in words(client.get(url(loud)))


def test_alerts_are_asked_for_again(client, loud):
    first = part(client, url(loud), "alerts")
    assert "sshd is watched" in words(first)
    again = part(client, url(loud), "alerts", X_Seen=first["X-Seen"])
    assert (again.status_code, again.content) == (204, b"")


def test_a_quiet_device_says_so(client, home):
    assert "No monitor has raised anything" in words(client.get(url(make_device(home))))


def test_who_may_not_see_alerts_does_not(visit, loud):
    assert "sshd" not in words(visit("deployments_manager").get(url(loud)))


def test_the_overview_counts_devices_in_alarm_and_leads_to_them(client, home, loud):
    make_device(home, name="quiet")
    rejected = make_device(home, name="gone", status="rejected")
    report_alerts(device=rejected, alerts=[told("a")])
    page = client.get("/")
    assert "1 device is in alarm" in words(page)
    assert 'href="/devices/?alarm=yes&amp;state=accepted"' in page.content.decode()
    listed = words(client.get("/devices/?alarm=yes&state=accepted"))
    assert "loud" in listed
    assert "In alarm" in listed
    assert "quiet" not in listed
    assert "gone" not in listed


def test_an_alarm_that_is_over_waits_for_nobody(client, loud):
    report_alerts(device=loud, alerts=[told("sshd", "OK")])
    assert "in alarm" not in words(client.get("/")).replace("No device is in alarm", "")
    assert "No monitor of these devices" in words(client.get("/devices/?alarm=yes"))
