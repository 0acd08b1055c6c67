"""What a deployment would do, before it is made."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deployments.models import Deployment
from deployments.planning import PhasePlan, Plan
from deployments.previewing import LeftOut, Preview, preview
from fleet.models import Organization
from fleet.states import Admission
from tests.make import (
    make_artifact,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_release,
    make_target,
)

pytestmark = pytest.mark.django_db
Target = Deployment.Target


@pytest.fixture
def organization() -> Organization:
    organization = make_organization()
    release = make_release(organization, name="os-2")
    make_artifact(release, device_types=["board"])
    return organization


def look(organization: Organization, **facts: Any) -> Preview:
    facts = {"name": "roll-out", "release_name": "os-2", "target": Target.ALL, **facts}
    return preview(organization=organization, plan=Plan(**facts))


def test_it_says_who_is_left_out_and_why(organization: Organization) -> None:
    make_device(organization, device_type="board", name="fine")
    make_device(organization, device_type="board", name="pending", status=Admission.PENDING)
    make_device(organization, name="shy")
    make_device(organization, device_type="plank", name="misfit")
    make_device(organization, device_type="board", software="os-2", name="up to date")
    busy = make_device(organization, device_type="board", name="busy")
    make_deployment(organization, devices=[busy])
    make_device(device_type="plank")
    found = look(organization)
    assert found.devices == 5
    assert found.left_out == [
        LeftOut("not_accepted", 1, ("pending",)),
        LeftOut("unknown_type", 1, ("shy",)),
        LeftOut("nothing_fits", 1, ("misfit",), "plank"),
        LeftOut("already_installed", 1, ("up to date",)),
        LeftOut("busy", 1, ("busy",)),
    ]
    assert found.problem is None


def test_listed_ids_that_nobody_has_are_told(organization: Organization) -> None:
    known = make_device(organization, device_type="board", status=Admission.PENDING, name="known")
    stranger, nobody = str(make_device().id), str(uuid.uuid4())
    listed = (str(known.id).upper(), stranger, nobody, "1")
    found = look(organization, target=Target.DEVICES, device_refs=listed)
    assert found.devices == 4
    assert found.left_out == [
        LeftOut("unknown_id", 3, (stranger, nobody, "1")),
        LeftOut("not_accepted", 1, ("known",)),
    ]


def test_it_shows_how_the_phases_cut(organization: Organization) -> None:
    for _ in range(7):
        make_device(organization, group="eu")
    phases = (PhasePlan(30), PhasePlan(70, make_device().created_at))
    found = look(organization, target=Target.GROUP, group="eu", phases=phases)
    assert [piece.devices for piece in found.phases] == [2, 5]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"release_name": "none"}, "no_artifact"),
        ({"target": Target.GROUP, "group": "nobody"}, "no_devices"),
        ({"phases": (PhasePlan(1), PhasePlan(None, None))}, "invalid_phases"),
        ({"target": Target.DEVICES, "device_refs": ("",)}, "invalid_device_id"),
    ],
)
def test_it_tells_what_creating_would_refuse(
    organization: Organization, facts: dict[str, Any], code: str
) -> None:
    make_device(organization)
    found = look(organization, **facts)
    assert found.problem is not None
    assert (found.problem.code, found.phases) == (code, [])


def test_it_names_five_and_asks_no_more_for_many(organization: Organization) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            look(organization)
        return len(asked)

    make_device(organization)
    few = queries()
    for _ in range(9):
        make_device(organization)
    assert queries() == few
    (shy,) = look(organization).left_out
    assert (shy.devices, len(shy.names)) == (10, 5)


def test_modules_that_are_no_mender_artifact_are_for_who_speaks_hawkbits_language() -> None:
    home = make_organization()
    release = make_distribution_set(home, files={"a.bin": b"x"})
    make_target(home, "silent")
    make_target(home, "known")
    make_device(home, device_type="board", name="box")
    make_device(home, name="untold")
    plan = Plan(name="x", release_name=release.name, target=Deployment.Target.ALL)
    found = preview(organization=home, plan=plan)
    assert found.problem is None
    assert [(each.reason, each.names) for each in found.left_out] == [
        ("unknown_type", ("untold",)),
        ("nothing_fits", ("box",)),
    ]
