"""What the parameters of an address select, by the columns of the list."""

import pytest
from django.http import QueryDict

from fleet.listing.devices import DEVICES
from fleet.models import Device, Organization
from query.asking import NotUnderstood
from query.parameters import parameters_of, selected
from tests.make import make_device, make_organization
from tests.query.fiql.trees import START


@pytest.fixture
def home() -> Organization:
    home = make_organization()
    make_device(home, name="one", group="lab", created_at=START, tags={"eu": "x"})
    make_device(home, name="two,*", status="pending", inventory={"a": "b"})
    make_device(home, name="three", status="rejected", seen_at=START, tags={"us": 1, "lab": 2})
    return home


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["one", "two,*", "three"]),
        ("status=pending,rejected", ["two,*", "three"]),
        ("status=pending&name=one", []),
        ("name=two,*", ["two,*"]),
        ("name=t*", []),
        ("group=lab", ["one"]),
        ("group=", ["one", "two,*", "three"]),
        ("created_at_before=2026-05-04T03:02:02Z", ["one"]),
        ("created_at_after=2026-05-04T03:02:01.123Z&created_at_before=2026-05-05", ["one"]),
        ("seen_at_after=2026-05-04", ["three"]),
        ("seen_at_before=2026-05-04", []),
        ("tag=eu,lab", ["one", "three"]),
        ("in_alarm=true", []),
        ("id=00000000-0000-0000-0000-000000000000", []),
        ("search=TWO", ["two,*"]),
    ],
)
def test_parameters_select(home: Organization, query: str, names: list[str]) -> None:
    rows = selected(Device.objects.of(home), QueryDict(query), DEVICES)
    assert list(rows.order_by("number").values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=nope", "status"),
        ("status=pending&status=accepted", "status"),
        ("status=,", "status"),
        ("created_at_after=yesterday", "created_at_after"),
        ("in_alarm=maybe", "in_alarm"),
        ("id=1", "id"),
        ("name=%00", "name"),
        (f"name={'x' * 4097}", "name"),
        (f"tag={'x,' * 501}", "tag"),
    ],
)
def test_an_error_names_the_parameter(query: str, parameter: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        selected(Device.objects.all(), QueryDict(query), DEVICES)
    assert refused.value.parameter == parameter


def test_each_parameter_says_what_it_is_for() -> None:
    filters = parameters_of(DEVICES).base_filters
    assert "accepted" in filters["status"].extra["help_text"]
    assert {"created_at_after", "created_at_before"} <= set(filters)
    assert not {"created_at", "attribute", "filter"} & set(filters)
