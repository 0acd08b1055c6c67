"""The link to a configuration proves for whom it was made, and until when."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from deployments.configuration_links import PREFIX, configuration_path, verify
from fleet.errors import DomainError

DEPLOYMENT, DEVICE, TENANT = uuid4(), uuid4(), uuid4()


def link(device_type: str = "board", *, minutes: float = 15) -> dict[str, str]:
    path = configuration_path(
        deployment_id=DEPLOYMENT,
        device_type=device_type,
        device_id=DEVICE,
        tenant_id=TENANT,
        expires=timezone.now() + timedelta(minutes=minutes),
    )
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    deployment, kind, device = parts.path.removeprefix(f"{PREFIX}/").split("/")
    assert set(query) == {"x-men-expire", "tenant_id", "x-men-signature"}
    return {
        "deployment_id": deployment,
        "device_type": unquote(kind),
        "device_id": device,
        "tenant_id": query["tenant_id"],
        "expires": query["x-men-expire"],
        "signature": query["x-men-signature"],
    }


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256))
def test_what_was_made_is_taken_whatever_the_type_is_called(device_type: str) -> None:
    made = link(device_type)
    assert made["device_type"] == device_type
    assert UUID(made["deployment_id"]) == DEPLOYMENT
    verify(**made)


@pytest.mark.parametrize(
    "part", ["deployment_id", "device_type", "device_id", "tenant_id", "signature"]
)
def test_a_changed_part_is_found_out(part: str) -> None:
    made = link()
    with pytest.raises(DomainError) as raised:
        verify(**{**made, part: f"{made[part]}x"})
    assert (raised.value.code, raised.value.message) == ("link_invalid", "signature invalid")


def test_it_cannot_be_prolonged() -> None:
    with pytest.raises(DomainError) as raised:
        verify(**{**link(), "expires": "2099-01-01T00:00:00Z"})
    assert raised.value.code == "link_invalid"


def test_it_ends() -> None:
    with pytest.raises(DomainError) as raised:
        verify(**link(minutes=-1))
    assert (raised.value.code, raised.value.message) == ("link_expired", "URL expired")


@pytest.mark.parametrize("part", ["tenant_id", "expires", "signature"])
def test_without_a_part_it_is_none(part: str) -> None:
    with pytest.raises(DomainError) as raised:
        verify(**{**link(), part: ""})
    assert raised.value.code == "invalid_link"


@pytest.mark.parametrize("expires", ["soon", "2030-01-01T00:00:00", "9" * 400, "\ud800"])
def test_a_time_that_is_none_is_refused(expires: str) -> None:
    with pytest.raises(DomainError) as raised:
        verify(**{**link(), "expires": expires})
    assert raised.value.code == "invalid_link"
