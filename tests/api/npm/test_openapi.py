"""The document describes every call there is and no other, and any tool can read it."""

import pytest
from django.test import Client

from api.npm.openapi.document import OPERATIONS, described
from tests.api.document_checks import DocumentChecks
from tests.api.npm.served import served

PATH = "/api/npm/openapi.json"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_is_only_read(method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, PATH)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json().keys() == {"error_id", "error_text"}


class TestDocument(DocumentChecks):
    path = PATH
    document = described()
    calls = [(each.method, each.path) for each in OPERATIONS if each.path != PATH]
    served = list(served())
