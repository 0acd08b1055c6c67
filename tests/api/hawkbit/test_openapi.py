"""The document describes every call there is and no other, and any tool can read it."""

from api.hawkbit.openapi.document import OPERATIONS, described
from api.hawkbit.openapi.operations import Caller
from tests.api.document_checks import DocumentChecks
from tests.api.hawkbit.served import served

PATH = "/api/hawkbit/openapi.json"


class TestDocument(DocumentChecks):
    path = PATH
    document = described()
    calls = [(each.method, each.path) for each in OPERATIONS if each.caller != Caller.ANYBODY]
    served = list(served())
