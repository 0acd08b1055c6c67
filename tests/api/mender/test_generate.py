"""Raw files become artifacts: announced at once, there when a job has made them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from artifacts.models import Artifact, PendingUpload
from fleet.models import Organization, Role
from jobs.running import run_due
from tests.api.mender.audit import entries
from tests.api.mender.callers import Person, error_of, person
from tests.api.mender.forms import ARGS, RAW, generate
from tests.artifacts.stored import stored_files
from tests.make import make_artifact, make_release

ARTIFACTS = "v1/deployments/artifacts"


def path_of(answer: Any) -> str:
    assert (answer.status_code, answer.content) == (201, b"")
    return str(answer.headers["Location"].removeprefix("/api/management/"))


@pytest.mark.django_db(transaction=True)
def test_it_is_announced_and_then_it_is_there(admin: Person) -> None:
    args = {
        **ARGS,
        "software_filesystem": "data",
        "software_name": "panel",
        "software_version": "7",
    }
    path = path_of(generate(admin, args=args))
    error_of(admin.get(path), 404)
    run_due()
    shown = admin.get(path).json()
    assert path == f"{ARTIFACTS}/{shown['id']}"
    assert (shown["name"], shown["description"]) == ("panel-1", "Monday")
    assert shown["device_types_compatible"] == ["board", "rspi"]
    assert shown["artifact_provides"]["data.panel.version"] == "7"
    assert shown["updates"][0]["type_info"] == {"type": "single-file"}
    files = {file["name"]: file["size"] for file in shown["updates"][0]["files"]}
    assert files == {"dest_dir": 5, "filename": 11, "permissions": 4, "panel.conf": len(RAW)}
    assert admin.get(f"{path}/download").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_audit_log_names_who_asked(admin: Person) -> None:
    path_of(generate(admin))
    run_due()
    [entry] = [each for each in entries(admin) if each["action"] == "upload"]
    assert entry["actor"]["type"] == "user"
    assert entry["actor"]["email"].endswith("@example.com")


@pytest.mark.parametrize("types", ["board,rspi", " board , rspi ,", ["board", "rspi"]])
def test_device_types_come_as_one_field_or_several(admin: Person, types: Any) -> None:
    path_of(generate(admin, device_types_compatible=types))
    assert PendingUpload.objects.get().facts["recipe"]["device_types"] == ["board", "rspi"]


def test_what_is_not_used_may_be_left_out(admin: Person) -> None:
    path_of(generate(admin, description=None, type="single-file"))
    path_of(generate(admin, name="b", Args=None, args='{"Filename": "f", "DEST_DIR": "/", "x": 1}'))
    path_of(generate(admin, name="c", args={**ARGS, "software_name": None}))


@pytest.mark.parametrize(
    "fields",
    [
        *({"name": None}, {"name": "x" * 257}, {"type": None}, {"type": "rootfs-image"}),
        *({"device_types_compatible": None}, {"device_types_compatible": ","}),
        *({"args": None}, {"args": "no"}, {"args": "[]"}, {"args": "{}"}, {"args": "[" * 99}),
        *({"args": {**ARGS, "dest_dir": "etc"}}, {"args": {**ARGS, "filename": "a/b"}}),
        *({"args": {**ARGS, "filename": 1}}, {"args": {**ARGS, "software_name": ["x"]}}),
        *({"file": None}, {"description": "x" * 4097}),
    ],
)
def test_what_nothing_can_be_made_of_is_refused(admin: Person, fields: dict[str, Any]) -> None:
    error_of(generate(admin, **fields), 400)
    assert stored_files() == []
    assert not PendingUpload.objects.exists()


def test_what_is_no_form_is_refused(admin: Person) -> None:
    error_of(admin.post(f"{ARTIFACTS}/generate", b"x", content_type="text/plain"), 400)
    multipart = "multipart/form-data; boundary=x"
    error_of(admin.post(f"{ARTIFACTS}/generate", b"--x", content_type=multipart), 400)


def test_the_same_twice_is_not_unique(admin: Person, organization: Organization) -> None:
    make_artifact(make_release(organization, name="panel-1"), device_types=["rspi"])
    assert error_of(generate(admin), 422) == "Artifact not unique"
    path_of(generate(admin, device_types_compatible="board"))
    error_of(generate(admin, device_types_compatible="board"), 422)


def test_too_much_is_too_large(
    admin: Person, organization: Organization, settings: Settings
) -> None:
    settings.GENERATE_SIZE_LIMIT = len(RAW) - 1
    assert error_of(generate(admin), 413) == "Artifact file too large"
    settings.GENERATE_SIZE_LIMIT = len(RAW)
    organization.storage_limit = len(RAW) - 1
    organization.save()
    error_of(generate(admin), 413)
    assert stored_files() == []


def test_pending_files_are_in_the_usage(admin: Person) -> None:
    path_of(generate(admin))
    assert admin.get("v1/deployments/limits/storage").json() == {"limit": 0, "usage": len(RAW)}


def test_who_may_not_upload_may_not_generate(organization: Organization) -> None:
    error_of(generate(person(organization, Role.OPERATOR)), 403)
    assert stored_files() == []


ANYTHING = st.text(max_size=12) | st.sampled_from(["single_file", "/", "{}", "..", "board", "\0"])


@given(
    name=ANYTHING,
    types=st.lists(ANYTHING, max_size=3),
    args=st.fixed_dictionaries(
        {}, optional=dict.fromkeys([*ARGS, "software_name", "software_version"], ANYTHING)
    )
    | ANYTHING,
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db(transaction=True)
def test_whatever_is_asked_is_made_or_refused(
    admin: Person, name: str, types: list[str], args: Any
) -> None:
    answer = generate(admin, name=name, device_types_compatible=types, args=args)
    if answer.status_code == 201:
        run_due()
        shown = admin.get(path_of(answer)).json()
        assert shown["name"] == name
        Artifact.objects.all().delete()
    else:
        error_of(answer, answer.status_code)
        assert answer.status_code in {400, 422}
    assert not PendingUpload.objects.exists()
