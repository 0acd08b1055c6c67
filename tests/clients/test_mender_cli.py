"""Debian's mender-cli, unmodified, against the running server."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from config.simulation.identity import identity
from tests.clients.mender_cli import MenderCli, why_not
from tests.clients.mender_device import make_artifact
from tests.server.crowd import CallingDevice
from tests.serving import EMAIL, PASSWORD, Server, serving

pytestmark = [
    pytest.mark.client,
    pytest.mark.skipif(bool(why_not()), reason=f"mender-cli: {why_not()}"),
]
# So that the upload lasts longer than a progress bar waits before it is drawn.
LARGE = 96 * 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("mender-cli")) as server:
        yield server


@pytest.fixture
def stranger(server: Server, tmp_path: Path) -> MenderCli:
    return MenderCli(server.url, tmp_path)


@pytest.fixture
def cli(stranger: MenderCli) -> MenderCli:
    """Somebody who has signed in."""
    done = stranger.run("login", "--username", EMAIL, "--password", PASSWORD)
    assert done.code == 0, done.output
    return stranger


def artifact_named(cli: MenderCli, name: str) -> dict[str, str] | None:
    """What the tool prints of it, by the words before the colon."""
    done = cli.run("artifacts", "list", "--detail", "3")
    assert done.code == 0, done.output
    for block in done.output.split("ID: ")[1:]:
        lines = [line.strip().partition(":") for line in f"ID: {block}".splitlines()]
        told = {word: text.strip() for word, _, text in reversed(lines)}
        if told["Name"] == name:
            return told
    return None


def test_a_login_with_a_wrong_password_is_refused(stranger: MenderCli) -> None:
    done = stranger.run("login", "--username", EMAIL, "--password", "not-it")
    assert done.code != 0
    assert "401" in done.output
    assert stranger.token == ""


def test_a_token_that_is_none_is_refused(stranger: MenderCli) -> None:
    for arguments in (["artifacts", "list"], ["devices", "list"]):
        done = stranger.run("--token-value", "bogus", *arguments)
        assert done.code != 0
        assert "401" in done.output


def test_an_artifact_is_uploaded_listed_downloaded_and_deleted(
    cli: MenderCli, server: Server, tmp_path: Path
) -> None:
    """The tool sends it chunked, without a length, and draws how far it has come."""
    file = make_artifact(tmp_path, "cli-large", "x" * LARGE, compression="none")
    done = cli.run_in_a_terminal("artifacts", "upload", "--description", "by the tool", str(file))
    assert done.code == 0, done.output
    assert "100" in done.output
    told = artifact_named(cli, "cli-large")
    assert told
    assert (told["Description"], told["Signed"]) == ("by the tool", "false")
    assert (told["Type"], told["Size"]) == ("slipway-test", str(file.stat().st_size))
    path = f"/api/management/v1/deployments/artifacts/{told['ID']}/download"
    with httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {cli.token}"}
    ) as http:
        assert httpx.get(http.get(path).json()["uri"]).content == file.read_bytes()
    done = cli.run("artifacts", "delete", told["ID"])
    assert done.code == 0, done.output
    assert artifact_named(cli, "cli-large") is None
    assert cli.run("artifacts", "delete", told["ID"]).code != 0


def test_a_second_artifact_of_the_same_name_and_type_is_refused(
    cli: MenderCli, tmp_path: Path
) -> None:
    file = make_artifact(tmp_path, "cli-twice")
    assert cli.run("artifacts", "upload", "--no-progress", str(file)).code == 0
    done = cli.run("artifacts", "upload", "--no-progress", str(file))
    assert done.code != 0
    assert "409" in done.output


@pytest.mark.parametrize("damage", ["garbage", "truncated", "changed"])
def test_a_damaged_artifact_is_refused(cli: MenderCli, tmp_path: Path, damage: str) -> None:
    name = f"cli-{damage}"
    file = make_artifact(tmp_path, name, "x" * 100_000, compression="none")
    content = file.read_bytes()
    damaged = {
        "garbage": b"this is no artifact\n",
        "truncated": content[: len(content) // 2],
        "changed": content.replace(b"xxxx", b"yyyy", 1),
    }[damage]
    assert damaged != content
    file.write_bytes(damaged)
    done = cli.run("artifacts", "upload", str(file))
    assert done.code != 0
    assert "400" in done.output
    assert artifact_named(cli, name) is None


def test_devices_are_listed_in_words_and_as_json(cli: MenderCli, server: Server) -> None:
    with httpx.Client(base_url=server.url) as http:
        device = CallingDevice(http, identity("cli", 0, ["gateway"]))
        assert device.authenticate() == 401
    for detail in range(4):
        done = cli.run("devices", "list", "-d", str(detail))
        assert done.code == 0, done.output
        assert "Status: pending" in done.output
    assert device.who.mac in done.output
    raw = cli.run("devices", "list", "--raw").output
    (listed,) = json.loads(raw[raw.index("\n[") :])
    assert listed["identity_data"] == {"mac": device.who.mac, "sn": device.who.serial}
