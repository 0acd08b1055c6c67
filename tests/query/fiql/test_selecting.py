"""What a condition selects is what it matches, on whatever database: missing values and all."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from fleet.listing.devices import DEVICES
from fleet.models import Device
from query.compiling import compiled
from query.matching import matches
from query.tree import Condition
from tests.make import make_organization
from tests.query.fiql.devices import KEYS, facts, look_up_of, make
from tests.query.fiql.trees import conditions

# What words are looked for in is made by SQL alone.
TOLD = replace(DEVICES, asked=())


class TestEveryCondition(TestCase):
    @settings(max_examples=80, deadline=None)
    @given(
        st.lists(facts, min_size=1, max_size=4),
        st.lists(conditions(TOLD, KEYS), min_size=3, max_size=4),
    )
    def test_what_is_selected_is_what_matches(
        self, fleet: list[dict[str, Any]], asked: list[Condition]
    ) -> None:
        organization = make_organization()
        devices = [make(organization, number, known) for number, known in enumerate(fleet)]
        known = {device.number: look_up_of(device) for device in devices}
        for condition in asked:
            rows = Device.objects.of(organization).filter(compiled(condition, DEVICES.target_of))
            selected = list(rows.order_by("number").values_list("number", flat=True))
            matched = [number for number, look_up in known.items() if matches(condition, look_up)]
            assert selected == matched, condition
