"""A link opens exactly the file it was made for, under the name it was made for, for its time."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from artifacts.links import check_link, signed_path, signed_url
from fleet.errors import Forbidden
from tests.make import make_artifact, make_release

LATER = int(time.time()) + 3600
Parts = tuple[UUID, str, str, str]


def parts_of(path: str) -> Parts:
    """What the view will be given of such a link."""
    split = urlsplit(path)
    query = parse_qs(split.query)
    _, _, _, artifact_id, name = split.path.split("/")
    return UUID(artifact_id), unquote(name), query["expires"][0], query["signature"][0]


def refusal_code(parts: Parts) -> str:
    try:
        check_link(*parts)
    except Forbidden as refusal:
        return refusal.code
    return ""


@given(st.uuids(), st.text(max_size=40))
def test_what_was_signed_is_accepted_whatever_its_name(artifact_id: UUID, name: str) -> None:
    assert refusal_code(parts_of(signed_path(artifact_id, f"{name}.mender", LATER))) == ""


@given(st.integers(0, 3), st.data())
def test_a_link_with_any_part_changed_is_refused(which: int, data: st.DataObject) -> None:
    parts = list(parts_of(signed_path(uuid4(), "release-1.mender", LATER)))
    other = st.uuids() if which == 0 else st.text(max_size=60)
    parts[which] = data.draw(other.filter(lambda value: value != parts[which]))
    assert refusal_code(tuple(parts)) == "link_invalid"  # type: ignore[arg-type]


@given(st.integers(0, 42), st.sampled_from("ABCDefgh0123-_é "))
def test_no_single_character_of_the_signature_can_be_another(place: int, new: str) -> None:
    artifact_id, name, expires, signature = parts_of(signed_path(uuid4(), "x", LATER))
    changed = signature[:place] + new + signature[place + 1 :]
    expected = "" if changed == signature else "link_invalid"
    assert refusal_code((artifact_id, name, expires, changed)) == expected


@given(st.integers(-(10**12), int(time.time()) - 1))
def test_an_expired_link_is_refused(expires: int) -> None:
    assert refusal_code(parts_of(signed_path(uuid4(), "x", expires))) == "link_expired"


@given(st.text(max_size=40))
def test_no_name_leads_out_of_its_place_in_the_path(name: str) -> None:
    path = signed_path(uuid4(), f"{name}.mender", LATER)
    assert urlsplit(path).path.count("/") == 4
    assert path.isascii()


def test_keys_that_were_replaced_still_open(settings: Settings) -> None:
    parts = parts_of(signed_path(uuid4(), "x", LATER))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert refusal_code(parts) == ""
    settings.SECRET_KEY_FALLBACKS = []
    assert refusal_code(parts) == "link_invalid"


@pytest.mark.django_db
def test_a_url_says_when_it_expires() -> None:
    artifact = make_artifact(make_release(name="release-1"))
    link = signed_url(artifact, base="https://fleet.example/", lifetime=timedelta(minutes=15))
    assert link.uri.startswith(f"https://fleet.example/files/artifacts/{artifact.id}/release-1.")
    expires = int(parse_qs(urlsplit(link.uri).query)["expires"][0])
    assert link.expires_at == datetime.fromtimestamp(expires, UTC)
    assert timedelta(minutes=14) < link.expires_at - datetime.now(UTC) <= timedelta(minutes=15)
