"""docs/mender.md lists every call there is, with what it answers, and says what it does not."""

import re
from collections.abc import Iterator

from django.conf import settings

from api.mender.openapi.document import OPERATIONS
from api.mender.openapi.operations import Caller
from api.mender.resources import Resource
from api.mender.urls import urlpatterns
from tests.api.mender.documented import COMMON, documented

ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| ([\d, ]+) \|(.*)\|$", re.MULTILINE)
DEVICES, MANAGEMENT = "/api/devices", "/api/management"
MISSING = "\n## Documented by Mender, not answered here\n"
CALLS = {(operation.method, operation.path): operation for operation in OPERATIONS}


def rows(text: str) -> Iterator[tuple[tuple[str, str], set[int], str]]:
    """Call, statuses and notes; a path that is not whole lies below the root of its part."""
    devices, _, management = text.partition("## Management")
    for root, part in [(DEVICES, devices), (MANAGEMENT, management)]:
        for method, path, statuses, notes in ROW.findall(part):
            whole = path if path.startswith("/api/") else root + path
            yield (method, whole), set(map(int, statuses.split(","))), notes


def page() -> tuple[str, str]:
    """What there is, and what there is not."""
    there, heading, missing = (settings.ROOT / "docs/mender.md").read_text().partition(MISSING)
    assert heading
    return there, missing


def test_every_call_is_documented() -> None:
    served = {
        (method, "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)))
        for pattern in urlpatterns
        if isinstance(pattern.callback, Resource)
        for method in pattern.callback.views
    }
    assert {call for call, _, _ in rows(page()[0])} == served


def test_no_call_is_documented_twice() -> None:
    calls = [call for call, _, _ in rows(page()[0])]
    assert len(calls) == len(set(calls))


def test_the_answers_are_those_of_the_openapi_document() -> None:
    said = {call: statuses for call, statuses, _ in rows(page()[0])}
    described = {call: operation.own_statuses for call, operation in CALLS.items() if call in said}
    assert said == described


def test_what_mender_documents_is_answered_or_there_is_a_reason() -> None:
    missing = page()[1]
    excused = {(method, unnamed(path)): statuses for (method, path), statuses, _ in rows(missing)}
    given = {(method, unnamed(path)): call.statuses for (method, path), call in CALLS.items()}
    for call, statuses in documented().items():
        lacking = statuses - given.get(call, set())
        assert lacking == excused.pop(call, set()), call
    assert not excused


def test_what_mender_calls_common_holds_of_every_call() -> None:
    for operation in OPERATIONS:
        is_free = operation.caller == Caller.ANYBODY
        needs_a_role = operation.caller == Caller.PERMITTED
        common = COMMON - ({401, 403, 429} if is_free else set() if needs_a_role else {403})
        assert common <= operation.statuses, operation


def test_every_reason_is_a_sentence() -> None:
    for call, _, reason in rows(page()[1]):
        assert len(reason) > 20, call


def unnamed(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)
