"""One deployment."""

import pytest

from deployments.models import DeploymentLog
from tests.make import make_deployment, make_device
from tests.pages.reading import part, queries, words
from tests.pages.rollouts import say

pytestmark = pytest.mark.django_db


def url(deployment, tail=""):
    return f"/deployments/{deployment.id}/{tail}"


def test_it_says_how_far_it_is(client, rollout):
    text = words(client.get(url(rollout)))
    assert "In progress" in text
    assert "1 of 10 runs" in text
    assert "1 of the 2 that ended failed: 50.0 %." in text
    assert "Phase 2 opens" in text


def test_it_says_who_is_in_which_phase(client, rollout):
    text = words(client.get(url(rollout)))
    assert "Phase 1 2 Done since" in text
    assert "Installed 1 Failed 1 Phase 2 8 Not open opens" in text


def test_failures_with_the_same_words_stand_together(client, rollout):
    say(rollout.device_deployments.order_by("number")[2], "failure", substate="disk full")
    text = words(client.get(url(rollout)))
    assert "2 devices failed, the same last words together" in text
    assert "2 disk full List these 2" in text
    listed = client.get(url(rollout, "?show=failed&message=disk+full"))
    assert [row.device_name for row in listed.context["page"]] == ["gw-1", "gw-2"]


@pytest.mark.parametrize(
    ("query", "count"),
    [("show=failed", 1), ("show=installed", 1), ("show=waiting", 8), ("q=gw-1", 1), ("q=zz", 0)],
)
def test_its_devices_are_narrowed_down(client, rollout, query, count):
    response = client.get(url(rollout, f"?{query}"))
    assert response.context["page"].paginator.count == count


def test_the_worst_come_first(client, rollout):
    rows = client.get(url(rollout)).context["page"].object_list
    assert [row.state for row in rows[:3]] == ["failure", "pending", "pending"]


def test_it_is_asked_for_again_until_it_is_final(client, rollout):
    first = part(client, url(rollout), "progress")
    assert (first.status_code, b"hx-trigger" in first.content) == (200, True)
    assert part(client, url(rollout), "progress", X_Seen=first["X-Seen"]).status_code == 204
    client.post(url(rollout, "abort/"))
    last = part(client, url(rollout), "progress")
    assert (last.status_code, b"hx-trigger" in last.content) == (286, False)


def test_aborting_is_asked_first_with_what_becomes_of_whom(client, rollout):
    text = words(client.get(url(rollout, "abort/")))
    assert "8 not begun: will not begin" in text
    assert "2 ended: unchanged" in text
    response = client.post(url(rollout, "abort/"), follow=True)
    assert "Rollout 2 is aborted. Nobody begins it any more." in words(response)
    assert "Aborted 8" in words(response)


def test_what_has_ended_cannot_be_aborted(client, rollout):
    client.post(url(rollout, "abort/"))
    again = client.post(url(rollout, "abort/"), follow=True)
    assert "Deployment already finished." in words(again)
    assert "Abort…" not in words(again)


def test_a_log_is_read_on_its_own_page_and_saved(client, rollout):
    row = rollout.device_deployments.get(has_log=True)
    messages = [
        {"timestamp": "2026-11-17T10:57:41Z", "level": "info", "message": "streaming <b>"},
        {"timestamp": "2026-11-17T10:58:03Z", "level": "error", "message": "no space left"},
    ]
    DeploymentLog.objects.create(device_deployment=row, messages=messages)
    response = client.get(url(rollout, f"log/{row.number}/"))
    page = response.content.decode()
    assert "streaming &lt;b&gt;" in page
    assert '<span class="hit">2026-11-17T10:58:03Z error: no space left</span>' in page
    saved = client.get(url(rollout, f"log/{row.number}/?as=text"))
    assert saved["Content-Disposition"] == f'attachment; filename="gw-1-{rollout.number}.log"'
    assert saved.content.decode().splitlines()[1] == "2026-11-17T10:58:03Z error: no space left"
    nobody = rollout.device_deployments.filter(has_log=False).first()
    assert client.get(url(rollout, f"log/{nobody.number}/")).status_code == 404


def test_a_device_that_is_unknown_has_its_row(client, home, rollout):
    deployment = make_deployment(home, devices=["11111111-2222-4333-8444-555555555555"])
    assert "11111111-2222-4333-8444-555555555555" in words(client.get(url(deployment)))


def test_the_audit_log_stands_below(client, rollout):
    assert "someone@example.com Create" in words(client.get(url(rollout)))


def test_a_viewer_cannot_stop_it(visit, rollout):
    client = visit("viewer")
    assert "Abort" not in words(client.get(url(rollout)))
    assert client.post(url(rollout, "abort/")).status_code == 403


def test_fifty_rows_take_as_many_queries_as_ten(client, home, rollout):
    few = queries(client, url(rollout))
    big = make_deployment(devices=[make_device(home) for _ in range(50)])
    assert queries(client, url(big)) <= few <= 16


def test_the_file_of_a_log_is_called_safely_whatever_the_device_is(client, rollout):
    row = rollout.device_deployments.get(has_log=True)
    DeploymentLog.objects.create(device_deployment=row, messages=[])
    rollout.device_deployments.filter(pk=row.pk).update(device_name="a\r\nb/../\u202ec")
    saved = client.get(url(rollout, f"log/{row.number}/?as=text"))
    assert saved["Content-Disposition"] == f'attachment; filename="ab..c-{rollout.number}.log"'


def test_those_that_failed_without_a_word_are_listed_by_themselves(client, rollout):
    silent = rollout.device_deployments.get(device_name="gw-5")
    say(silent, "failure")
    page = client.get(url(rollout)).content.decode()
    assert "?show=failed&amp;message=#detail" in page
    rows = client.get(url(rollout, "?show=failed&message=")).context["page"]
    assert [row.device_name for row in rows] == ["gw-5"]
