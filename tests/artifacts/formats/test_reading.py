"""What the reader says about whole and valid artifacts."""

from datetime import UTC, datetime

import pytest

from artifacts.formats.contents import ArtifactContents, Payload, PayloadFile
from tests.artifacts.formats.build import SUFFIXES, Draft, info, read, sha256, tar, text

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_it_reports_everything_the_file_says(suffix: str) -> None:
    draft = Draft(
        suffix=suffix,
        header_info=info(
            artifact_provides={"artifact_name": "one", "artifact_group": "beta"},
            artifact_depends={"device_type": ["pi", "bone"], "artifact_name": ["zero"]},
        ),
        scripts=[("scripts/ArtifactInstall_Enter_01_ok", b"#!/bin/sh\n")],
        type_info={
            "type": "app",
            "artifact_provides": {"app.version": "1"},
            "artifact_depends": {"base": "7", "kernel": ["5", "6"]},
            "clears_artifact_provides": ["app.*"],
        },
        metadata={"answer": [42, None]},
        files=[("a.txt", b"hello"), ("b.txt", b"")],
    )
    assert read(draft.build()) == ArtifactContents(
        format="mender",
        version=3,
        name="one",
        device_types=("pi", "bone"),
        provides={"artifact_name": "one", "artifact_group": "beta", "app.version": "1"},
        depends={
            "device_type": ["pi", "bone"],
            "artifact_name": ["zero"],
            "base": ["7"],
            "kernel": ["5", "6"],
        },
        clears=("app.*",),
        payloads=(
            Payload(
                "app",
                (
                    PayloadFile("a.txt", sha256(b"hello"), 5, EPOCH),
                    PayloadFile("b.txt", sha256(b""), 0, EPOCH),
                ),
                {"answer": [42, None]},
            ),
        ),
        signed=False,
        signature=None,
        scripts=("ArtifactInstall_Enter_01_ok",),
    )


def test_it_reports_a_signature_without_verifying_it() -> None:
    outer = Draft().outer()
    outer.insert(2, ("manifest.sig", b"c2lnbmVk\n"))
    contents = read(tar(outer))
    assert (contents.signed, contents.signature) == (True, "c2lnbmVk")


def test_it_reads_several_payloads() -> None:
    draft = Draft(
        header_info=info(payloads=[{"type": "app"}, {"type": "web"}]),
        more_header=[("headers/0001/type-info", text({"type": "web"}))],
        sums={"data/0001/site": sha256(b"html")},
    )
    outer = [*draft.outer(), ("data/0001.tar", tar([("site", b"html")]))]
    payloads = read(tar(outer)).payloads
    assert [(p.type, [f.name for f in p.files]) for p in payloads] == [
        ("app", ["a.txt"]),
        ("web", ["site"]),
    ]


@pytest.mark.parametrize("archives", [3, 4])
def test_a_bootstrap_artifact_has_no_files_with_or_without_an_archive(archives: int) -> None:
    draft = Draft(header_info=info(payloads=[{"type": None}]), type_info={"type": None}, files=[])
    assert read(tar(draft.outer()[:archives])).payloads == (Payload(None, (), {}),)


def test_rootfs_images_leave_the_type_out_of_type_info() -> None:
    draft = Draft(header_info=info(payloads=[{"type": "rootfs-image"}]), type_info={"type": ""})
    assert read(draft.build()).payloads[0].type == "rootfs-image"


def test_a_device_type_named_twice_counts_once() -> None:
    draft = Draft(header_info=info(artifact_depends={"device_type": ["pi", "pi"]}))
    assert read(draft.build()).device_types == ("pi",)
