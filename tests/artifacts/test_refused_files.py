"""A file that is not a whole and honest artifact leaves neither file nor row."""

import io
import tarfile

import pytest

from artifacts.models import Artifact, Release
from artifacts.operations import add_artifact
from auditlog.models import AuditEntry
from fleet.errors import Invalid
from tests.artifacts.stored import stored_files
from tests.make import make_actor, make_incoming, make_mender_file, make_organization

pytestmark = pytest.mark.django_db


def refusal_of(content: bytes) -> Invalid:
    organization = make_organization()
    incoming = make_incoming(organization, content)
    with pytest.raises(Invalid) as refusal:
        add_artifact(actor=make_actor(organization), incoming=incoming)
    assert stored_files() == []
    assert not Artifact.objects.exists()
    assert not Release.objects.exists()
    assert not AuditEntry.objects.exists()
    return refusal.value


def rebuilt(content: bytes, **members: bytes) -> bytes:
    """The same tar, some members (dots and slashes written as underscores) with other bytes."""
    target = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as source,
        tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as copy,
    ):
        for member in source:
            stored = source.extractfile(member)
            data = stored.read() if stored else b""
            data = members.get(member.name.replace(".", "_").replace("/", "_"), data)
            member.size = len(data)
            copy.addfile(member, io.BytesIO(data))
    return target.getvalue()


def payload_of(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def test_something_else_altogether() -> None:
    assert refusal_of(b"not an artifact at all" * 1000).code == "not_an_artifact"


def test_nothing_at_all() -> None:
    assert refusal_of(b"").field == "artifact"


def test_a_truncated_file() -> None:
    content = make_mender_file(payload=b"x" * 50_000, compression="none")
    assert refusal_of(content[:40_000]).code == "truncated"


def test_a_corrupted_payload() -> None:
    content = bytearray(make_mender_file(payload=b"y" * 50_000, compression="none"))
    content[content.index(b"y" * 100) + 50] = ord("z")
    assert refusal_of(bytes(content)).code == "checksum_mismatch"


def test_a_manifest_with_a_wrong_checksum() -> None:
    content = make_mender_file(payload=b"honest")
    forged = rebuilt(content, data_0000_tar_gz=payload_of("install.sh", b"forged"))
    assert refusal_of(forged).code == "checksum_mismatch"


def test_a_path_out_of_its_folder() -> None:
    content = make_mender_file()
    forged = rebuilt(content, data_0000_tar_gz=payload_of("../../etc/passwd", b"root"))
    assert refusal_of(forged).code in {"unsafe_name", "unexpected_member"}


class Zeros(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        return bytes(size)


def test_a_decompression_bomb() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("install.sh")
        entry.size = 300 * 1024 * 1024
        archive.addfile(entry, Zeros())
    forged = rebuilt(make_mender_file(), data_0000_tar_gz=packed.getvalue())
    assert refusal_of(forged).code == "bomb"


def test_a_name_that_is_too_long() -> None:
    refusal = refusal_of(make_mender_file("n" * 513))
    assert (refusal.code, refusal.field) == ("too_long", "artifact_name")


def test_a_device_type_that_is_too_long() -> None:
    refusal = refusal_of(make_mender_file(device_types=["d" * 257]))
    assert (refusal.code, refusal.field) == ("too_long", "device_type")


def test_more_combinations_than_anyone_needs() -> None:
    many = [str(number) for number in range(11)]
    content = make_mender_file(depends={"a": many, "b": many, "c": many})
    assert refusal_of(content).code == "too_many_fits"
