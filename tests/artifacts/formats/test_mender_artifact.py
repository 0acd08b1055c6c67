"""Our reader against what the real mender-artifact makes."""

import shutil
from pathlib import Path

import pytest

from artifacts.formats.contents import ArtifactContents
from artifacts.formats.mender import read_mender
from tests.artifacts.formats import mender_artifact as tool

pytestmark = [pytest.mark.client, tool.requires_tool]


def read(path: Path) -> ArtifactContents:
    with path.open("rb") as stream:
        return read_mender(stream)


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    path = tmp_path / "payload.txt"
    path.write_bytes(b"hello")
    return path


@pytest.mark.parametrize("compression", ["none", "gzip", "lzma"])
def test_a_module_artifact(tmp_path: Path, payload: Path, compression: str) -> None:
    meta = tmp_path / "meta.json"
    meta.write_text('{"answer": 42}')
    out = tmp_path / "out.mender"
    contents = read(tool.module(out, "-f", payload, "-m", meta, "--compression", compression))
    assert contents.provides == {"artifact_name": "one", "rootfs-image.app.version": "one"}
    assert contents.payloads[0].metadata == {"answer": 42}
    assert [file.size for file in contents.payloads[0].files] == [5]


def test_a_module_artifact_with_everything(tmp_path: Path, payload: Path) -> None:
    script, big = tmp_path / "ArtifactInstall_Enter_01_ok", tmp_path / "big.bin"
    script.write_text("#!/bin/sh\n")
    big.write_bytes(bytes(range(256)) * 1200)
    parts: list[str | Path] = [
        "-f",
        payload,
        "-f",
        big,
        "-s",
        script,
        "-N",
        "zero",
        "-g",
        "beta",
        "-t",
        "bone",
    ]
    keys = ["-p", "data.version:1", "-d", "base:2", "--software-name", "web"]
    contents = read(tool.module(tmp_path / "out.mender", *parts, *keys))
    assert contents.device_types == ("pi", "bone")
    assert contents.scripts == ("ArtifactInstall_Enter_01_ok",)
    assert contents.provides["artifact_group"] == "beta"
    assert contents.depends["base"] == ["2"]
    assert contents.depends["artifact_name"] == ["zero"]
    assert contents.clears == ("rootfs-image.web.*",)
    assert [file.name for file in contents.payloads[0].files] == ["payload.txt", "big.bin"]


def test_a_module_artifact_without_files(tmp_path: Path) -> None:
    assert read(tool.module(tmp_path / "out.mender")).payloads[0].files == ()


def test_an_augmented_artifact(tmp_path: Path, payload: Path) -> None:
    extra = tmp_path / "extra.txt"
    extra.write_text("more")
    more = ("--augment-type", "plus", "--augment-file", extra, "--augment-provides", "x:1")
    contents = read(tool.module(tmp_path / "out.mender", "-f", payload, *more))
    assert (contents.payloads[0].type, contents.provides["x"]) == ("plus", "1")
    assert len(contents.payloads[0].files) == 2


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
@pytest.mark.parametrize(
    "make", ["genrsa -traditional -out", "ecparam -genkey -name prime256v1 -noout -out"]
)
def test_a_signed_artifact(tmp_path: Path, payload: Path, make: str) -> None:
    key = tmp_path / "key"
    tool.run("openssl", *make.split(), key)
    contents = read(tool.module(tmp_path / "out.mender", "-f", payload, "-k", key))
    assert contents.signed
    assert contents.signature


@pytest.mark.parametrize("version", [2, 3])
def test_a_rootfs_artifact(tmp_path: Path, version: int) -> None:
    mkfs = shutil.which("mkfs.ext4", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if mkfs is None:
        pytest.skip("mkfs.ext4 is not installed")
    image = tmp_path / "rootfs.img"
    with image.open("wb") as stream:
        stream.truncate(4 * 1024 * 1024)
    tool.run(mkfs, "-q", "-F", image)
    contents = read(tool.rootfs(tmp_path / "out.mender", image, "-v", str(version)))
    assert (contents.version, contents.payloads[0].type) == (version, "rootfs-image")


def test_a_bootstrap_artifact(tmp_path: Path) -> None:
    contents = read(tool.bootstrap(tmp_path / "out.mender", "-p", "rootfs-image.version:base"))
    assert contents.payloads[0].type is None
    assert contents.provides["rootfs-image.version"] == "base"
