"""The document describes every call there is and no other, and any tool can read it."""

from api.npm.openapi.document import OPERATIONS, described
from tests.api.document_checks import DocumentChecks
from tests.api.npm.served import served

PATH = "/api/npm/openapi.json"


class TestDocument(DocumentChecks):
    path = PATH
    document = described()
    calls = [(each.method, each.path) for each in OPERATIONS if each.path != PATH]
    served = list(served())
