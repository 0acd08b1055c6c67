"""What devices tell of themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fleet import inventory
from fleet.errors import Invalid
from fleet.inventory import Attribute, attributes_of
from fleet.models import Device
from tests.at_once import at_once
from tests.make import make_device


def told(device: Device) -> dict[str, object]:
    fresh = Device.objects.get(pk=device.pk)
    return {row.name: row.value for row in attributes_of(fresh) if row.scope == "inventory"}


def tell(device: Device, *, replace: bool = False, **values: object) -> None:
    attributes = [Attribute(name, value) for name, value in values.items()]
    inventory.report(device=device, attributes=attributes, replace=replace)


@pytest.mark.django_db
class TestReport:
    def test_it_merges_or_replaces_and_leaves_tags_alone(self):
        device = make_device(inventory={"a": "1", "b": "2"}, tags={"place": "hall"})
        tell(device, b="3", c=["x", "y"])
        assert told(device) == {"a": "1", "b": "3", "c": ["x", "y"]}
        tell(device, replace=True, d=4.5)
        assert told(device) == {"d": 4.5}
        tags = [row for row in attributes_of(device) if row.scope == "tags"]
        assert [(row.name, row.value) for row in tags] == [("place", "hall")]

    def test_device_type_and_software_are_mirrored_on_the_device(self):
        device = make_device()
        tell(device, device_type=["qemu", "other"], artifact_name="release-1")
        device.refresh_from_db()
        assert (device.device_type, device.software) == ("qemu", "release-1")
        tell(device, cpu="arm")
        device.refresh_from_db()
        assert device.device_type == "qemu"
        tell(device, replace=True, artifact_name="s" * 5000)
        device.refresh_from_db()
        assert (device.device_type, len(device.software)) == ("", 4096)

    def test_of_a_name_said_twice_the_last_counts(self):
        device = make_device()
        twice = [Attribute("a", "1", description="old"), Attribute("a", "2")]
        inventory.report(device=device, attributes=twice, replace=False)
        row = next(row for row in attributes_of(device) if row.name == "a")
        assert (row.value, row.description) == ("2", "")

    def test_descriptions_stay_until_the_attribute_is_replaced(self):
        device = make_device()
        said = Attribute("ip", "1.2.3.4", description="address")
        inventory.report(device=device, attributes=[said], replace=False)
        tell(device, other="x")
        assert {row.description for row in attributes_of(device)} == {"", "address"}
        tell(device, replace=True, ip="1.2.3.4")
        assert {row.description for row in attributes_of(device)} == {""}

    @pytest.mark.parametrize(
        "value",
        [
            *(None, True, {}, {"a": 1}, [True], [None], ["a", 1], [["a"]]),
            *(float("nan"), float("inf"), "\0", "\ud800", ["\0"], 10**400),
        ],
    )
    def test_other_values_are_refused_whole(self, value):
        device = make_device()
        with pytest.raises(Invalid):
            tell(device, good="1", bad=value)
        assert told(device) == {}

    def test_there_is_an_end_to_what_a_device_may_tell(self):
        device = make_device()
        tell(device, **{f"name-{number}": 1 for number in range(1000)})
        with pytest.raises(Invalid):
            tell(device, another=1)
        tell(device, replace=True, another=1)
        assert told(device) == {"another": 1}

    @pytest.mark.parametrize("name", ["", "n" * 1025, "\0", None, 1])
    def test_other_names_are_refused(self, name):
        with pytest.raises(Invalid):
            inventory.report(device=make_device(), attributes=[Attribute(name, "1")], replace=False)

    def test_what_a_decommissioned_device_says_is_lost_without_an_error(self):
        device = make_device()
        Device.objects.all().delete()
        tell(device, a="1")


@pytest.mark.django_db
class TestAttributes:
    def test_a_fresh_device_with_three_attributes_and_two_keys_shows_nine(self):
        device = make_device(identity={"mac": "1", "sn": "2"}, status="accepted")
        tell(device, a="1", b="2", c="3")
        scopes = [row.scope for row in attributes_of(Device.objects.get())]
        assert len(scopes) == 9
        assert [scopes.count(scope) for scope in ("identity", "inventory", "system")] == [3] * 3

    def test_every_scope_is_shown(self):
        seen_at = timezone.now() - timedelta(hours=1)
        device = make_device(
            identity={"sn": "1", "more": {"a": [1]}},
            status="rejected",
            group="north",
            tags={"place": "hall"},
            seen_at=seen_at,
        )
        rows = {(row.scope, row.name): row.value for row in attributes_of(device)}
        assert rows["identity", "sn"] == "1"
        assert rows["identity", "more"] == '{"a":[1]}'
        assert rows["identity", "status"] == "rejected"
        assert rows["system", "group"] == "north"
        assert rows["system", "check_in_time"] == f"{seen_at.isoformat()[:23]}Z"
        assert rows["tags", "place"] == "hall"

    def test_a_device_that_said_nothing_has_no_check_in_time(self):
        names = [row.name for row in attributes_of(make_device(status="pending"))]
        assert "check_in_time" not in names

    def test_many_devices_are_read_without_further_queries(self, django_assert_num_queries):
        home = make_device(inventory={"a": 1}).organization
        for _ in range(5):
            make_device(home, inventory={"a": 1}, seen_at=timezone.now())
        make_device(home)
        with django_assert_num_queries(1):
            for device in Device.objects.select_related("inventory", "contact"):
                attributes_of(device)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
# Beyond this PostgreSQL keeps the digits of a number, not the nearest float.
numbers = st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15)
values = texts | numbers | st.lists(texts, max_size=3) | st.lists(numbers, max_size=3)


class TestEveryValue(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.dictionaries(texts.filter(bool), values, max_size=5))
    def test_what_was_said_is_what_is_shown(self, said):
        device = make_device()
        attributes = [Attribute(name, value) for name, value in said.items()]
        inventory.report(device=device, attributes=attributes, replace=True)
        assert told(device) == said


@pytest.mark.django_db(transaction=True)
def test_attributes_reported_at_once_are_all_kept():
    device = make_device()
    at_once(lambda n=n: tell(device, **{f"a{n}": n}) for n in range(40))
    assert len(told(device)) == 40
