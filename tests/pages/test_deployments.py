"""The list of deployments."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments.models import Deployment
from deployments.planning import PhasePlan
from tests.make import make_deployment, make_device
from tests.pages.reading import queries, words
from tests.pages.rollouts import say

pytestmark = pytest.mark.django_db


def test_the_list_has_a_tab_for_each_status(client, home, rollout):
    later = timezone.now() + timedelta(days=1)
    make_deployment(devices=[make_device(home)], phases=[PhasePlan(100, later)], name="Later")
    done = make_deployment(devices=[make_device(home)], name="Done")
    say(done.device_deployments.get(), "success")
    Deployment.objects.filter(pk=done.pk).update(finished_at=timezone.now())
    stopped = make_deployment(devices=[make_device(home)], name="Stopped")
    client.post(f"/deployments/{stopped.id}/abort/")
    for show, name in (("", "Rollout 2"), ("scheduled", "Later"), ("finished", "Done")):
        response = client.get(f"/deployments/?show={show}")
        assert [each.deployment.name for each in response.context["rollouts"]] == [name]
    assert "Aborted 1" in words(client.get("/deployments/?show=aborted"))
    assert "4 deployments" in words(client.get("/deployments/?show=all"))


def test_an_end_says_how_many_failed(client, home):
    deployment = make_deployment(devices=[make_device(home), make_device(home)])
    for row in deployment.device_deployments.all():
        say(row, "failure")
    assert "Finished, 2 failed" in words(client.get("/deployments/?show=all"))


def test_the_list_is_found_by_name_and_release(client, rollout):
    assert "1 deployment matches" in words(client.get("/deployments/?q=ROLL"))
    assert "No deployment matches" in words(client.get("/deployments/?q=zzz"))
    assert "1 deployment" in words(client.get(f"/deployments/?release={rollout.release_name}"))


def test_without_any_it_teaches(client):
    assert "Nothing has been deployed yet" in words(client.get("/deployments/"))


def test_twenty_deployments_take_as_many_queries_as_one(client, home, rollout):
    few = queries(client, "/deployments/")
    for _ in range(19):
        deployment = make_deployment(devices=[make_device(home)])
        say(deployment.device_deployments.get(), "installing")
    assert queries(client, "/deployments/") == few <= 15
