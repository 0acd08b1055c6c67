"""Members come in one order, each once, and none that nobody asked for."""

import pytest

from artifacts.formats.errors import Code
from tests.artifacts.formats.build import Draft, info, refused, sha256, tar, text

SCRIPT = ("scripts/ArtifactInstall_Enter_01", b"")


@pytest.mark.parametrize("first", [1, 2])
def test_neighbours_cannot_change_places(first: int) -> None:
    outer = Draft().outer()
    outer[first], outer[first + 1] = outer[first + 1], outer[first]
    assert refused(tar(outer)).code == Code.UNEXPECTED_MEMBER


@pytest.mark.parametrize("index", range(4))
def test_no_member_comes_twice(index: int) -> None:
    outer = Draft().outer()
    outer.insert(index, outer[index])
    assert refused(tar(outer)).code == Code.UNEXPECTED_MEMBER


@pytest.mark.parametrize("index", range(1, 5))
@pytest.mark.parametrize("name", ["extra", "data/0001.tar", "header.tar.bz2", "manifest.sig2"])
def test_no_other_member_is_let_in(index: int, name: str) -> None:
    outer = Draft().outer()
    outer.insert(index, (name, b""))
    assert refused(tar(outer)).code == Code.UNEXPECTED_MEMBER


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_the_rest_may_not_be_missing(kept: int) -> None:
    assert refused(tar(Draft().outer()[:kept])).code == Code.MISSING_MEMBER


def test_manifest_may_not_be_missing() -> None:
    outer = Draft().outer()
    del outer[1]
    assert refused(tar(outer)).code == Code.UNEXPECTED_MEMBER


def test_payloads_and_archives_are_as_many() -> None:
    two = info(payloads=[{"type": "app"}, {"type": "app"}])
    draft = Draft(header_info=two, more_header=[("headers/0001/type-info", text({"type": "app"}))])
    assert refused(draft.build()).code == Code.MISSING_MEMBER


def test_a_bootstrap_payload_has_no_files() -> None:
    draft = Draft(header_info=info(payloads=[{"type": None}]), type_info={})
    assert refused(draft.build()).code == Code.UNEXPECTED_MEMBER


def test_header_info_comes_first_in_the_header() -> None:
    outer = Draft().outer()
    header = tar([("headers/0000/type-info", b"{}")])
    outer[1] = ("manifest", f"{sha256(outer[0][1])}  version\n".encode())
    outer[2] = ("header.tar", header)
    assert refused(tar(outer)).code == Code.MISSING_MEMBER


@pytest.mark.parametrize(
    "name",
    ["extra", "headers/0000/other", "headers/0001/type-info", "headers/0/type-info", SCRIPT[0]],
)
def test_the_header_holds_nothing_else_and_scripts_come_early(name: str) -> None:
    error = refused(Draft(more_header=[(name, b"{}")]).build())
    assert (error.code, name in str(error)) == (Code.UNEXPECTED_MEMBER, True)


@pytest.mark.parametrize(
    "name", ["scripts/", "scripts/run.sh", "scripts/a/ArtifactInstall_Enter_01"]
)
def test_scripts_are_named_for_their_state(name: str) -> None:
    assert refused(Draft(scripts=[(name, b"")]).build()).code == Code.UNEXPECTED_MEMBER


def test_no_document_and_no_script_comes_twice() -> None:
    again = [("headers/0000/type-info", b"{}")]
    assert refused(Draft(more_header=again).build()).code == Code.UNEXPECTED_MEMBER
    assert refused(Draft(scripts=[SCRIPT, SCRIPT]).build()).code == Code.UNEXPECTED_MEMBER


def test_every_payload_has_a_type_info() -> None:
    draft = Draft(header_info=info(payloads=[{"type": "app"}, {"type": "app"}]))
    assert refused(draft.build()).code == Code.MISSING_MEMBER
