"""hawkBit's language, whatever is thrown at it."""

from time import process_time
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.rsql.language import clock_of
from api.hawkbit.rsql.parsing import parse
from fleet.models import Device
from query.compiling import compiled
from query.matching import matches
from tests.api.hawkbit.callers import hawkbit_caller
from tests.api.hawkbit.rsql_devices import look_up_of, settle
from tests.api.hawkbit.rsql_texts import facts, sentences
from tests.make import make_organization

KEYS = {"rest.param.rsqlParamSyntax", "rest.param.rsqlInvalidField"}
pieces = st.sampled_from(
    [
        *("name", "updatestatus", "attribute.", "tag", "==", "!=", "=in=", "=is=", "=", "(", ")"),
        *(";", ",", " and ", " or ", "'", '"', "\\", "*", "null", "${NOW_TS}", "${", "1", "ü", "!"),
        *("<", ">"),
    ]
)
garbage = st.lists(pieces, max_size=12).map("".join) | st.text(max_size=60)
SETTLED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Asked(TestCase):
    def setUp(self) -> None:
        self.organization = make_organization()

    @SETTLED
    @given(st.lists(facts, min_size=1, max_size=3), st.lists(sentences, min_size=3, max_size=6))
    def test_the_database_selects_what_the_matcher_matches(
        self, devices: list[dict[str, Any]], texts: list[str]
    ) -> None:
        known = {f"t{number}": each for number, each in enumerate(devices)}
        settle(self.organization, known)
        rows = list(Device.objects.of(self.organization))
        look_ups = {row.pk: look_up_of(row) for row in rows}
        for text in texts:
            condition = parse(text, TARGETS, clock_of(self.organization, timezone.now()))
            asked = Device.objects.of(self.organization)
            found = asked.filter(compiled(condition, TARGETS.target_of))
            selected = sorted(found.values_list("pk", flat=True))
            matching = sorted(pk for pk, look_up in look_ups.items() if matches(condition, look_up))
            assert selected == matching, text


class Thrown(TestCase):
    def setUp(self) -> None:
        self.hawkbit = hawkbit_caller()
        # What the first call of all takes is not the language's.
        self.hawkbit.get("/targets")

    @settings(max_examples=60, deadline=None)
    @example("(" * 5000)
    @example("name==a;" * 2000)
    @example("name=in=(" + "a," * 3000)
    @example("name=='" + "\\" * 4000)
    @example("name==" + "*" * 4000)
    @example("\ud800")
    @example("name==\0")
    @example("lastcontrollerrequestat=gt=999999999999999")
    @example("targettype.id==99999999999999999999999")
    @given(garbage)
    def test_garbage_is_refused_in_hawkbits_words_and_quickly(self, text: str) -> None:
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode(errors="surrogatepass").decode("latin-1")
        began = process_time()
        response = self.hawkbit.get("/targets", q=text)
        assert process_time() - began < 1
        assert response.status_code in {200, 400}, text
        if response.status_code == 400 and "\0" not in text:
            told = response.json()
            assert told["errorCode"].removeprefix("hawkbit.server.error.") in KEYS
            assert told["message"]
