"""A device gets the smallest artifact of the release that takes it as it is."""

import pytest
from pytest_django import DjangoAssertNumQueries

from artifacts.compatibility import choose, fits_device_types
from artifacts.models import Release
from tests.make import make_artifact, make_release

pytestmark = pytest.mark.django_db


def test_the_device_type_decides() -> None:
    release = make_release()
    make_artifact(release, device_types=["a"])
    fitting = make_artifact(release, device_types=["b", "c"])
    assert choose(release.number, {"device_type": "c"}) == fitting


@pytest.mark.parametrize("provides", [{"device_type": "z"}, {}, {"device_type": ""}])
def test_a_type_nobody_made_anything_for_gets_nothing(provides: dict[str, str]) -> None:
    release = make_release()
    make_artifact(release, device_types=["a"])
    assert choose(release.number, provides) is None


def test_each_thing_depended_on_must_be_there_with_an_accepted_value() -> None:
    release = make_release()
    artifact = make_artifact(release, depends={"bootloader": ["1", "2"], "disk": ["big"]})
    board = {"device_type": "board"}
    assert choose(release.number, board | {"bootloader": "2", "disk": "big"}) == artifact
    assert choose(release.number, board | {"bootloader": "3", "disk": "big"}) is None
    assert choose(release.number, board | {"bootloader": "2"}) is None


def test_of_several_the_smallest_wins() -> None:
    release = make_release()
    make_artifact(release, size=300)
    small = make_artifact(release, size=100, depends={"delta": ["yes"]})
    make_artifact(release, size=200, depends={"disk": ["big"]})
    provides = {"device_type": "board", "delta": "yes", "disk": "big"}
    assert choose(release.number, provides) == small


def test_other_releases_do_not_count() -> None:
    make_artifact()
    assert choose(make_release().number, {"device_type": "board"}) is None


def test_the_types_a_release_has_something_for() -> None:
    release = make_release()
    make_artifact(release, device_types=["a", "b"])
    make_artifact(release, device_types=["b", "c"], depends={"k": ["1"]})
    assert fits_device_types(release) == fits_device_types(release.number) == {"a", "b", "c"}


def test_lists_of_releases_cost_the_same_however_long(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    organization = make_release().organization
    for _ in range(3):
        release = make_release(organization)
        make_artifact(release, device_types=["a"])
        make_artifact(release, device_types=["b"])
    listed = Release.objects.of(organization).counted().with_artifacts()
    with django_assert_num_queries(2):
        counts = [(release.artifact_count, len(release.artifacts.all())) for release in listed]
    assert counts == [(0, 0), (2, 2), (2, 2), (2, 2)]
