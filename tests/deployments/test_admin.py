"""Deployments in the admin."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from deployments.models import Deployment, DeviceDeployment
from fleet.models import Organization, User
from tests.make import make_deployment, make_organization, make_user

pytestmark = pytest.mark.django_db
LISTS = ["deployments_deployment", "deployments_devicedeployment"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def administrator(organization: Organization) -> Client:
    user = make_user(organization=organization, is_staff=True, password=make_password(None))
    return signed_in(user)


@pytest.mark.parametrize("name", LISTS)
def test_only_the_own_organizations_rows_are_listed(name: str) -> None:
    organization = make_organization()
    make_deployment(organization, devices=["mine"], name="my deployment")
    other = make_deployment(devices=["theirs"], name="their deployment")
    client = administrator(organization)
    page = client.get(reverse(f"admin:{name}_changelist")).content.decode()
    assert "my deployment" in page
    assert "their deployment" not in page
    row = other if name == LISTS[0] else other.device_deployments.get()
    assert client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_one_can_be_looked_at_and_searched_for(name: str) -> None:
    deployment = make_deployment(devices=["1"], name="spring")
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    row = deployment if name == LISTS[0] else deployment.device_deployments.get()
    assert client.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    page = client.get(reverse(f"admin:{name}_changelist"), {"q": "spring"}).content.decode()
    assert "spring" in page


def test_status_filters_the_list() -> None:
    make_deployment(devices=["1"], name="spring")
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    for status, is_listed in {"pending": True, "finished": False}.items():
        url = reverse("admin:deployments_deployment_changelist")
        assert ("spring" in client.get(url, {"status": status}).content.decode()) == is_listed


def test_the_action_aborts_and_says_what_was_over_already() -> None:
    deployments = [make_deployment(devices=["1"]) for _ in range(2)]
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    form = {"action": "abort_selected", "_selected_action": [row.pk for row in deployments]}
    url = reverse("admin:deployments_deployment_changelist")
    client.post(url, form)
    assert not Deployment.objects.filter(aborted_at=None).exists()
    assert set(DeviceDeployment.objects.values_list("state", flat=True)) == {"aborted"}
    assert "already finished" in client.post(url, form, follow=True).content.decode()
