"""Who sees a page, and through which organization."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from fleet.errors import Forbidden, NotFound
from fleet.pages import PageRequest, page
from tests.make import make_organization, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@page("fleet.change_device")
def change(request: PageRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.name} in {request.organization.key}")


@page()
def missing(request: PageRequest) -> HttpResponse:
    raise NotFound("device_unknown", "no such device")


@page()
def forbidden(request: PageRequest) -> HttpResponse:
    raise Forbidden("forbidden", "no")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.actor))


urlpatterns = [
    path("change/", change),
    path("missing/", missing),
    path("forbidden/", forbidden),
    path("plain/", plain),
    path("sign-in/", plain, name="sign-in"),
]


def test_a_stranger_is_sent_to_sign_in_and_back(client):
    response = client.get("/change/?a=1")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/change/%3Fa%3D1")


def test_a_fragment_is_not_filled_with_the_sign_in_page(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/change/"}
    response = client.get("/change/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (401, "/sign-in/?next=/change/")


def test_a_member_sees_it_if_the_role_allows(client):
    home = make_organization(key="HOME")
    client.force_login(make_user(organization=home, role="operator", email="ann@example.com"))
    assert client.get("/change/").content == b"ann@example.com in HOME"
    client.force_login(make_user(organization=home, role="viewer"))
    assert client.get("/change/").status_code == 403


def test_who_belongs_nowhere_sees_nothing(client):
    user = make_user()
    user.memberships.all().delete()
    client.force_login(user)
    assert client.get("/change/").status_code == 403


def test_what_the_domain_does_not_find_or_allow_is_404_and_403(client):
    client.force_login(make_user())
    assert client.get("/missing/").status_code == 404
    assert client.get("/forbidden/").status_code == 403


def test_the_organization_is_the_chosen_one_or_the_first(client):
    user = make_user(organization=make_organization(key="ONE"), email="ann@example.com")
    second = make_organization(key="TWO")
    user.memberships.create(organization=second, role="operator")
    client.force_login(user)
    assert client.get("/change/").content.endswith(b"ONE")
    session = client.session
    session["organization"] = str(second.pk)
    session.save()
    assert client.get("/change/").content.endswith(b"TWO")
    user.memberships.filter(organization=second).delete()
    assert client.get("/change/").content.endswith(b"ONE")


def test_a_request_without_a_session_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/plain/")
    assert response.content == b"None"
    assert "Vary" not in response
