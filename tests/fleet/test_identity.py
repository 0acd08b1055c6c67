"""What devices call themselves."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import Invalid
from fleet.identity import NAME_LENGTH, digest, name_of, parse

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
identities = st.dictionaries(texts, values, min_size=1, max_size=5)


@given(identities, st.randoms())
def test_order_and_white_space_do_not_tell_identities_apart(identity, random):
    shuffled = list(identity.items())
    random.shuffle(shuffled)
    again = parse(json.dumps(dict(shuffled), indent=2))
    assert again == identity
    assert digest(again) == digest(identity)


@given(identities, identities)
def test_different_identities_have_different_digests(one, other):
    assert (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)) == (
        digest(one) == digest(other)
    )


@given(st.text(max_size=50))
def test_any_text_is_an_identity_or_invalid(text):
    with contextlib.suppress(Invalid):
        assert isinstance(parse(text), dict)


@given(identities)
def test_every_identity_has_a_name_that_fits(identity):
    assert 1 <= len(name_of(identity)) <= NAME_LENGTH


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ({"mac": "00:11", "hostname": "pump-3"}, "pump-3"),
        ({"model": "x", "SN": "A-7"}, "A-7"),
        ({"model": "x", "mac": "00:11"}, "00:11"),
        ({"place": "hall", "row": "2"}, "hall"),
        ({"name": " ", "id": 12}, "12"),
        ({"name": {"first": "a"}, "colour": "red"}, "red"),
        ({"name": "n" * 300}, "n" * NAME_LENGTH),
    ],
)
def test_the_most_telling_member_is_the_name(identity, name):
    assert name_of(identity) == name


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", '"text"', "{}", "{", '{"a": NaN}', '{"a": 1e999}', '{"a": Infinity}'),
        *('{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"\\ud800": 1}', "[" * 100_000),
        '{"a": ' * 100_000 + "1" + "}" * 100_000,
        '{"a": ' * 65 + "1" + "}" * 65,
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_object_or_cannot_be_kept_is_invalid(text):
    with pytest.raises(Invalid):
        parse(text)
