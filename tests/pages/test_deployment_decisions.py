"""A deployment is paused, resumed and tried again from its page."""

import pytest

from deployments.models import Deployment
from deployments.pausing import pause
from fleet.models import Role
from tests.make import make_actor
from tests.pages.conftest import Visit
from tests.pages.reading import words

pytestmark = pytest.mark.django_db


def url(deployment: Deployment, tail: str = "") -> str:
    return f"/deployments/{deployment.id}/{tail}"


def test_it_is_paused_by_a_button_that_says_for_how_many(client, rollout):
    assert "Pause for 8" in words(client.get(url(rollout)))
    text = words(client.post(url(rollout, "pause/"), follow=True))
    assert "Rollout 2 is paused. Nobody begins it until it is resumed." in text
    assert "It is paused. What should happen?" in text
    assert "by hand" in text
    assert "Resume for 8" in text
    assert "Pause for 8" not in text


def test_it_goes_on(client, rollout):
    pause(actor=make_actor(rollout.organization), deployment=rollout)
    text = words(client.post(url(rollout, "resume/"), follow=True))
    assert "Rollout 2 goes on." in text
    assert "It is paused" not in text


def test_who_failed_tries_again(client, rollout):
    assert "Retry the one that failed" in words(client.get(url(rollout)))
    text = words(client.post(url(rollout, "retry/"), follow=True))
    assert "The one that failed tries again at the next call." in text
    assert rollout.device_deployments.filter(state="failure").count() == 0
    again = words(client.post(url(rollout, "retry/"), follow=True))
    assert "No device that could be tried again has failed." in again


def test_who_is_left_behind_is_said(client, rollout):
    rollout.device_deployments.filter(state="failure").update(device=None)
    text = words(client.post(url(rollout, "retry/"), follow=True))
    assert "Nobody can try again. 1 has gone, or has been in a newer deployment since." in text


def test_what_is_refused_is_said(client, rollout):
    text = words(client.post(url(rollout, "resume/"), follow=True))
    assert "Deployment is not paused." in text


def test_who_looks_on_is_told_when_it_is_paused(client, rollout):
    pause(actor=make_actor(rollout.organization), deployment=rollout)
    htmx = {"HX-Request": "true", "HX-Target": "progress"}
    body = client.get(url(rollout, "?was=in_progress"), headers=htmx).content.decode()
    assert 'id="decide" hx-swap-oob="true"' in body
    assert "What should happen?" in body
    still = client.get(url(rollout, "?was=paused"), headers=htmx).content.decode()
    assert "What should happen?" not in still


def test_who_may_only_look_has_no_buttons(visit: Visit, rollout):
    viewer = visit(Role.VIEWER)
    pause(actor=make_actor(rollout.organization), deployment=rollout)
    text = words(viewer.get(url(rollout)))
    assert "It is paused." in text
    assert "Resume" not in text
    assert "Retry" not in text
    for action in ("pause/", "resume/", "retry/"):
        assert viewer.post(url(rollout, action)).status_code == 403
        assert viewer.get(url(rollout, action)).status_code == 405
