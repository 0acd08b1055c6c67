"""A filter is read aloud as it is understood."""

import pytest

from deployments.filter_words import terms_in_words


@pytest.mark.parametrize(
    ("value", "said"),
    [(True, "there"), ("true", "there"), (False, "not there"), ("false", "not there")],
)
def test_existence_may_be_asked_for_by_a_word(value: bool | str, said: str) -> None:
    term = {"scope": "tags", "attribute": "site", "type": "$exists", "value": value}
    assert terms_in_words({"terms": [term]}) == [f"tags/site is {said}"]
