"""The document describes every call there is and no other, and any tool can read it."""

import json
import re

import jsonschema_rs
import schemathesis
from django.test import Client

from api.carbonblack.openapi.document import DIALECT, OPERATIONS, described
from tests.api.carbonblack.served import served

PATH = "/api/carbonblack/openapi.json"


def test_it_is_served_to_anybody() -> None:
    answer = Client().get(PATH)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert json.loads(answer.content) == json.loads(json.dumps(described()))


def test_it_is_valid_openapi_3_1() -> None:
    assert described()["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(described()).validate()


def test_each_schema_is_valid_json_schema() -> None:
    for name, schema in DIALECT.schemas.items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_every_reference_leads_somewhere() -> None:
    document = described()
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found = document
        for part in reference.split("/"):
            found = found[part]


def test_each_call_is_described_and_no_other() -> None:
    mine = OPERATIONS
    assert sorted((each.method, each.path) for each in mine) == sorted(served())
