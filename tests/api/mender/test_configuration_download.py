"""A configuration is fetched as an artifact, by who has the link."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from deployments.configuration_links import configuration_path
from fleet.models import Organization
from tests.api.mender.callers import Box, Person, error_of
from tests.api.mender.configuring import WANTED, deployed, fetched, offered, path

UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.fixture
def link(admin: Person, device: Box) -> str:
    admin.put(path(device), WANTED)
    deployed(admin, device)
    return offered(device)


def test_the_artifact_is_a_whole_file(link: str) -> None:
    answer = fetched(link)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.mender-artifact"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="artifact.mender"'
    assert int(answer.headers["Content-Length"]) == len(answer.content) >= 4096
    assert "Content-Encoding" not in answer.headers
    assert fetched(link, Accept_Encoding="gzip").content == answer.content


def test_a_broken_off_download_goes_on(link: str) -> None:
    whole = fetched(link).content
    rest = fetched(link, Range="bytes=4096-")
    assert (rest.status_code, rest.content) == (206, whole[4096:])
    assert rest.headers["Content-Range"] == f"bytes 4096-{len(whole) - 1}/{len(whole)}"
    beyond = fetched(link, Range="bytes=99999999-")
    error_of(beyond, 416)
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (("x-men-signature=", "x-men-signature=A"), 403, "signature invalid"),
        (("/board/", "/other/"), 403, "signature invalid"),
        (("tenant_id=", "tenant_id=0"), 403, "signature invalid"),
        (("x-men-signature=", "signature="), 400, "invalid request parameters"),
        (("x-men-expire=", "expire="), 400, "invalid request parameters"),
        (("x-men-expire=", "x-men-expire=x"), 400, "invalid request parameters"),
    ],
)
def test_a_link_that_was_changed_opens_nothing(
    link: str, change: tuple[str, str], status: int, said: str
) -> None:
    assert said in error_of(fetched(link.replace(*change)), status)


def test_a_link_that_is_too_old_or_leads_nowhere(device: Box, organization: Organization) -> None:
    facts = {
        "deployment_id": UNKNOWN,
        "device_type": "board/with slash",
        "device_id": device.device.id,
        "tenant_id": organization.pk,
    }
    now = timezone.now()
    expired = configuration_path(**facts, expires=now - timedelta(seconds=2))
    assert error_of(fetched(expired), 403) == "URL expired"
    nowhere = configuration_path(**facts, expires=now + timedelta(minutes=1))
    error_of(fetched(nowhere), 404)


@pytest.mark.client
@pytest.mark.skipif(not shutil.which("mender-artifact"), reason="needs mender-artifact")
def test_the_format_s_own_tool_takes_it(link: str, tmp_path: Path) -> None:
    file = tmp_path / "artifact.mender"
    file.write_bytes(fetched(link).content)
    _tool("validate", file)
    said = _tool("read", file)
    for expected in ("mender-configure", "data-partition.mender-configure.*", "property1"):
        assert expected in said


def _tool(verb: str, file: Path) -> str:
    command = ["mender-artifact", verb, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
