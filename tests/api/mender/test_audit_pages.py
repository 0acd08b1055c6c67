"""The audit log comes in pages, at a constant cost, for whoever may look into it."""

from typing import Any

import pytest

from auditlog.actor import Actor
from fleet.models import Organization, Role
from fleet.permissions import ROLE_PERMISSIONS
from tests.api.mender.audit import LOGS, write_many
from tests.api.mender.callers import Person, error_of, person


@pytest.mark.parametrize("query", ["page=0", "page=x", "per_page=501", "per_page=ten"])
def test_a_malformed_page_is_refused_by_name(admin: Person, query: str) -> None:
    assert query.partition("=")[0] in error_of(admin.get(f"{LOGS}?{query}"), 400)


def test_the_list_comes_in_pages_of_ten(admin: Person, organization: Organization) -> None:
    write_many(organization, 23)
    for page, length, others in [(1, 10, "first next last"), (3, 3, "first prev last")]:
        answer = admin.get(f"{LOGS}?page={page}&sort=asc")
        assert len(answer.json()) == length
        assert answer.headers["X-Total-Count"] == "23"
        links = answer.headers["Link"].split(", ")
        assert [link.partition('rel="')[2][:-1] for link in links] == others.split()
        assert all(f"/{LOGS}?sort=asc&page=" in link for link in links)
    past = admin.get(f"{LOGS}?page=7&per_page=20")
    assert (past.json(), past.headers["X-Total-Count"]) == ([], "23")


def test_a_longer_page_costs_no_more_queries(
    admin: Person, organization: Organization, django_assert_num_queries: Any
) -> None:
    write_many(organization, 40)
    admin.get(LOGS)
    for size in (1, 40):
        # Who calls, where; the page; the total.
        with django_assert_num_queries(4):
            admin.get(f"{LOGS}?per_page={size}")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", [LOGS, f"{LOGS}/export"])
def test_who_may_look_has_a_role_for_it(organization: Organization, role: Role, path: str) -> None:
    allowed = "auditlog.view_auditentry" in ROLE_PERMISSIONS[role]
    assert person(organization, role).get(path).status_code == (200 if allowed else 403)


@pytest.mark.parametrize("path", [LOGS, f"{LOGS}/export"])
def test_nobody_looks_without_the_permission(
    admin: Person, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Actor, "may", lambda _actor, asked: asked != "auditlog.view_auditentry")
    assert error_of(admin.get(path), 403) == "forbidden"
