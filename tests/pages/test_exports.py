"""What the Export beside a table hands out is what the table shows, on all of its pages."""

import csv
import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.models import Release
from tests.make import make_artifact, make_deployment, make_device, make_release
from tests.pages.rollouts import say

pytestmark = pytest.mark.django_db

LINK = re.compile(r'href="(/api/v1/[^"]+)" download')
NAMES = ("=cmd|'/C calc'!A0", "+1", "-2", "@SUM(A1)", 'quo"te, comma', "línea ñ", "gw-1", "GW-2")


@pytest.fixture
def fleet(home):
    now = timezone.now()
    for number, name in enumerate(NAMES):
        make_device(
            home,
            name=name,
            status="pending" if number % 3 == 0 else "accepted",
            device_type="board;x" if number % 2 else "kiosk",
            group="'lab', 2" if number < 4 else "",
            inventory={"kernel": "6.6" if number < 5 else "5.10"},
            seen_at=now - timedelta(hours=number) if number < 6 else None,
        )
    for number in range(60):
        make_device(home, name=f"node-{number:02}")


def shown(client: Client, address: str) -> list[str]:
    """The names in the table, page by page."""
    names, link = [], address
    while True:
        page = client.get(link).context["page"]
        names += [device.name for device in page]
        if not page.next:
            return names
        link = f"{address}{'&' if '?' in address else '?'}cursor={page.next}"


def exported(client: Client, address: str, column: str = "name", *, nth: int = 0) -> list[str]:
    """That column of what the nth Export of the page answers, free of the guard of formulas."""
    links = LINK.findall(client.get(address).content.decode())
    answer: Any = client.get(html.unescape(links[nth]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(answer.getvalue().decode().splitlines()))
    assert not any(row[column][:1] in {"=", "+", "-", "@"} for row in rows)
    return [re.sub(r"^'(?=[=+\-@])", "", row[column]) for row in rows]


@pytest.mark.parametrize(
    "query",
    [
        *("", "q=gw", "q=GW-", "q=%3Dcmd", "q=%2B1", "q=%C3%B1", "q=x,y", "q=%28"),
        *("state=pending", "type=board%3Bx&state=accepted", "group=%27lab%27%2C+2", "alarm=yes"),
        *("sort=-name", "sort=seen", "sort=-seen&state=accepted", "sort=group", "sort=-version"),
        "q=name%3D%3Dnode-1*%2Cstatus%3D%3Dpending&sort=-name",
        "q=attribute.kernel%3D%3D6.6%2Cname%3D%3Dgw-1&state=accepted",
        "q=seen_at%3Dlt%3Dnow-3h&sort=-seen",
        "q=name%3D%3D%27%3Dcmd*%27",
    ],
)
def test_devices_are_exported_as_they_are_shown(client, fleet, query):
    address = f"/devices/?{query}"
    names = shown(client, address)
    assert exported(client, address) == names
    assert len(names) == client.get(address).context["page"].count


def test_a_person_with_bounds_exports_what_they_see(home, visit, fleet):
    viewer = visit("viewer")
    assert exported(viewer, "/devices/?state=pending") == shown(viewer, "/devices/?state=pending")


@pytest.mark.parametrize("query", ["", "q=os", "q=NOTE", "tag=beta", "q=first", "tag=beta&q=os"])
def test_releases_are_exported_as_they_are_shown(client, home, query):
    for number in range(3):
        release = make_release(home, name=f"=os-{number}")
        make_artifact(release, description="The first" if number == 2 else "")
        release.tags.create(name="beta" if number else "stable")
        Release.objects.filter(pk=release.pk).update(notes="A note" if number else "")
    address = f"/releases/?{query}"
    names = [release.name for release in client.get(address).context["page"]]
    assert names
    assert exported(client, address) == names


@pytest.mark.parametrize(
    "query", ["", "show=all", "show=finished", "show=all&q=OLL", "release=os-2"]
)
def test_deployments_are_exported_as_they_are_shown(client, home, rollout, query):
    other = make_deployment(home, devices=[make_device(home)], name="-1+1")
    say(other.device_deployments.get(), "success")
    address = f"/deployments/?{query}"
    names = [deployment.name for deployment in client.get(address).context["page"]]
    assert exported(client, address) == names


@pytest.mark.parametrize("query", ["", "show=failed", "show=waiting", "message=disk+full", "q=W-1"])
def test_devices_of_a_deployment_are_exported_worst_first(client, rollout, query):
    address = f"/deployments/{rollout.id}/?{query}"
    names = [row.device_name for row in client.get(address).context["page"]]
    assert names
    assert exported(client, address, "device.name") == names


def test_the_audit_of_a_deployment_is_exported(client, rollout):
    address = f"/deployments/{rollout.id}/"
    entries = client.get(address).context["entries"]
    assert exported(client, address, "action", nth=1) == [entry.action for entry in entries]
