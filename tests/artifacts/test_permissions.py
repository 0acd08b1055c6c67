"""Who may not change artifacts and releases is refused by the operations themselves."""

import pytest

from artifacts.models import Artifact
from artifacts.operations import add_artifact, delete_artifact, delete_release, describe
from artifacts.releases import set_notes
from artifacts.storage import path_of
from fleet.errors import Forbidden
from fleet.models import Role
from tests.make import make_actor, make_incoming, make_mender_file, upload_artifact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_viewers_and_operators_change_nothing(role):
    artifact = upload_artifact()
    release, actor = artifact.release, make_actor(artifact.organization, role)
    refused = [
        lambda: describe(actor=actor, artifact=artifact, description="new"),
        lambda: set_notes(actor=actor, release=release, notes="new"),
        lambda: delete_artifact(actor=actor, artifact=artifact),
        lambda: delete_release(actor=actor, release=release),
    ]
    for act in refused:
        with pytest.raises(Forbidden):
            act()
    assert Artifact.objects.get().description == ""


def test_a_file_that_may_not_be_added_is_deleted():
    organization = upload_artifact().organization
    incoming = make_incoming(organization, make_mender_file("release-2"))
    with pytest.raises(Forbidden):
        add_artifact(actor=make_actor(organization, Role.OPERATOR), incoming=incoming)
    assert not path_of(incoming.file).exists()
    assert Artifact.objects.count() == 1
