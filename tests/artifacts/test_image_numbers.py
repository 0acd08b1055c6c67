"""An image has the number of its artifact from the beginning, and nobody else ever has it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from artifacts.models import Artifact
from artifacts.numbers import reserve_number
from artifacts.raw_files import version_in
from tests.make import make_artifact


@pytest.mark.django_db
def test_numbers_go_on_from_those_of_artifacts() -> None:
    first = make_artifact().pk
    reserved = reserve_number()
    assert first < reserved < make_artifact().pk
    make_artifact(number=reserved)
    assert reserve_number() > Artifact.objects.order_by("-pk").values_list("pk", flat=True)[0]


@pytest.mark.django_db(transaction=True)
def test_each_of_many_at_once_gets_its_own() -> None:
    def reserve(_: int) -> int:
        try:
            return reserve_number()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(reserve, range(40)))
    assert len(set(numbers)) == 40
    assert make_artifact().pk > max(numbers)


@pytest.mark.parametrize(
    ("filename", "version"),
    [
        ("fw-1.2.3.bin", "1.2.3"),
        ("fw-1.2.3-rc1.tar.gz", "1.2.3-rc1"),
        ("fw_v2.0+build.7.swu", "2.0+build.7"),
        ("AppResponse11.14.1_latest.iso", "11.14.1"),
        ("ar-v12.iso", "12"),
        ("12.iso", ""),
        ("firmware.bin", ""),
        ("x86-image.raucb", ""),
        ("", ""),
        ("1." * 300, "1." * 127 + "1"),
    ],
)
def test_the_version_in_a_name(filename: str, version: str) -> None:
    assert version_in(filename) == version
