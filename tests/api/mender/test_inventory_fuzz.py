"""Whatever is searched for, the answer is a list or a reason."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fleet.filters import TYPES
from tests.api.mender.callers import person
from tests.make import make_device

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
SCOPES = st.sampled_from(["identity", "inventory", "monitor", "system", "tags"])
NAMES = st.sampled_from(["id", "status", "group", "created_ts", "check_in_time", "a"]) | st.text(
    min_size=1, max_size=4
)
KINDS = st.sampled_from(TYPES)
TERMS = st.fixed_dictionaries(
    {"scope": SCOPES, "attribute": NAMES, "type": KINDS, "value": ANYTHING}
)
ORDERS = st.fixed_dictionaries({"scope": SCOPES, "attribute": NAMES})


class TestSearch(TestCase):
    @settings(max_examples=120, deadline=None)
    @given(st.lists(TERMS, max_size=2), st.lists(ORDERS, max_size=2), ANYTHING)
    def test_no_search_fails(self, filters: Any, orders: Any, odd: Any) -> None:
        admin = person()
        make_device(admin.organization, inventory={"a": "b"}, tags={"a": [1]})
        for body in [{"filters": filters, "sort": orders}, {"text": odd}, {"device_ids": odd}]:
            answer = admin.post("v2/inventory/filters/search", body)
            assert answer.status_code in {200, 400}, (body, answer.content)
