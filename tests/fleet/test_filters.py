"""What a filter selects is what its condition matches, on whatever database."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fleet.filters import condition_of, filter_of
from fleet.inventory import attributes_of
from fleet.models import Device, Organization
from query.matching import MISSING, matches
from query.tree import All, Condition, Not, Some
from tests.make import make_device, make_organization

NAMES = ["a", "b", 'quo"te', "d.o[t]s", "back\\slash", "100%", "it's", "ü", "$", "two words"]
texts = st.text(st.sampled_from("abAB1 .%_'\"\\äß€😀\n"), max_size=4)
numbers = st.integers(-3, 3) | st.sampled_from([0.5, -0.0, 1.0, 1e15, 2**53, 1e-7])
scalars = texts | numbers
lists = st.lists(texts, max_size=3) | st.lists(numbers, max_size=3)
names = st.sampled_from(NAMES)
scopes = st.sampled_from(["inventory", "tags", "identity"])
patterns = st.lists(
    st.sampled_from(["a", "b", "B", "1", ".", "^", "$", "|", "ä", r"\d", r"\W", r"\.", "[ab]", "%"])
    | st.sampled_from(["a*", ".+", "(?:ab)?", "[^a]", "b{2}", "_", "'", '"', "€", "\n"]),
    max_size=4,
).map("".join)


@st.composite
def terms(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"]))
    value = draw(lists if kind in {"$in", "$nin"} else scalars)
    if kind == "$eq" and draw(st.booleans()):
        value = draw(lists | st.booleans())
    if draw(st.booleans()):
        kind, value = draw(
            st.tuples(st.just("$exists"), st.booleans()) | st.tuples(st.just("$regex"), patterns)
        )
    return {"scope": draw(scopes), "attribute": draw(names), "type": kind, "value": value}


told = st.dictionaries(names, scalars | lists, max_size=4)
conditions = st.recursive(
    st.lists(terms(), min_size=1, max_size=2).map(condition_of),
    lambda inner: (
        inner.map(Not)
        | st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, max_size=3).map(lambda parts: Some(tuple(parts)))
    ),
    max_leaves=4,
)


def selected(organization: Organization, condition: Condition) -> set[int]:
    rows = Device.objects.of(organization).filter(filter_of(condition))
    return set(rows.values_list("number", flat=True))


def matched(devices: list[Device], condition: Condition) -> set[int]:
    found = set()
    for device in devices:
        known = {(each.scope, each.name): each.value for each in attributes_of(device)}
        if matches(condition, lambda field, known=known: known.get(field, MISSING)):
            found.add(device.number)
    return found


class TestEveryCondition(TestCase):
    @settings(max_examples=100, deadline=None)
    @given(
        st.lists(st.tuples(told, told, st.dictionaries(names, scalars, max_size=3)), max_size=4),
        conditions,
    )
    def test_what_is_selected_is_what_matches(self, fleet, condition):
        organization = make_organization()
        devices = [make_device(organization), make_device(organization, inventory={"a": "ab"})]
        for number, (inventory, tags, identity) in enumerate(fleet):
            named = identity | {"sn": number}
            devices.append(
                make_device(organization, inventory=inventory, tags=tags, identity=named)
            )
        assert selected(organization, condition) == matched(devices, condition)
