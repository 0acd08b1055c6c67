"""Whatever a query says, a list answers or refuses it as documented."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.mender.resources import Resource
from api.mender.urls import urlpatterns
from tests.api.mender.callers import Person, error_of
from tests.make import make_deployment, make_device, upload_artifact

LISTS = sorted(
    str(pattern.pattern).removeprefix("api/management/")
    for pattern in urlpatterns
    if isinstance(pattern.callback, Resource)
    and "GET" in pattern.callback.views
    and "<" not in str(pattern.pattern)
    and str(pattern.pattern).startswith("api/management/")
)
PARAMETERS = st.sampled_from(
    [
        "page",
        "per_page",
        "status",
        "id",
        "sort",
        "search",
        "type",
        "name",
        "description",
        "device_type",
        "created_after",
        "created_before",
        "group",
        "has_group",
        "actor_type",
        "actor_email",
        "object_type",
        "object_deployment_name",
        "all",
        "limit",
        "format_separator",
        "ignore",
    ]
)
ARGUMENTS = st.text(max_size=8) | st.integers().map(str) | st.sampled_from(["asc", "%", "\\", "_"])
QUERIES = st.lists(st.tuples(PARAMETERS, ARGUMENTS), max_size=4)


@pytest.fixture(autouse=True)
def things(admin: Person) -> None:
    device = make_device(admin.organization, group="lab")
    make_deployment(devices=[device], release=upload_artifact(admin.organization).release)


@pytest.mark.parametrize("path", LISTS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=QUERIES)
def test_no_query_breaks_a_list(admin: Person, path: str, query: list[tuple[str, str]]) -> None:
    answer = admin.get(f"{path}?{urlencode(query, errors='replace')}")
    if answer.status_code != 200:
        error_of(answer, 400)
