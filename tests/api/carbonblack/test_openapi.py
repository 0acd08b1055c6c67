"""The document describes every call there is and no other, and any tool can read it."""

from api.carbonblack.openapi.document import OPERATIONS, described
from tests.api.carbonblack.served import served
from tests.api.document_checks import DocumentChecks

PATH = "/api/carbonblack/openapi.json"


class TestDocument(DocumentChecks):
    path = PATH
    document = described()
    calls = [(each.method, each.path) for each in OPERATIONS]
    served = list(served())
