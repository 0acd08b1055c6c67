"""The document says what is there, and nothing else."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator

from api.v1.openapi.document import document
from api.v1.openapi.listings import views
from fleet.permissions import ADMINISTRATOR
from tests.api.v1.callers import caller

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# A call without a body whose method usually has one.
WITHOUT_BODY = {"groups_devices_replace"}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in document()["paths"].items():
        for method, operation in found.items():
            yield path, method.upper(), operation


ALL = {f"{method} {path}": each for path, method, each in operations()}


def test_it_is_served_to_whoever_asks() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json()["paths"].keys() == document()["paths"].keys()


def test_nothing_is_guessed_when_it_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    document.cache_clear()
    GENERATOR_STATS.reset()
    document()
    assert capsys.readouterr().err == ""


def test_every_address_is_in_it_with_each_of_its_methods() -> None:
    found = {
        path: {method.upper() for method in each} for path, each in document()["paths"].items()
    }
    assert found == {path: set(view.needs) for path, view in views()}


def test_each_view_answers_what_it_says_and_asks_for_permissions_that_there_are() -> None:
    for path, view in views():
        answered = {method for method in METHODS if hasattr(view, method.lower())}
        asked = {need.permission for need in view.needs.values() if need.permission}
        assert set(view.needs) <= answered, path
        assert asked <= ADMINISTRATOR, path


def test_names_are_in_one_style_and_there_once() -> None:
    names = [each["operationId"] for each in ALL.values()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_it_says_what_each_call_does_and_who_may() -> None:
    for name, operation in ALL.items():
        assert operation["summary"], name
        assert not operation["summary"].endswith("."), name
        assert len(operation["tags"]) == 1, name
        right = r"Needs the permission `\w+\.\w+`|Any member may"
        assert re.search(right, operation["description"]), name


def test_it_says_what_comes_in_and_what_goes_out() -> None:
    for name, operation in ALL.items():
        for status, response in operation["responses"].items():
            assert status >= "204" or "content" in response, name
        if operation["operationId"].endswith(("_change", "_replace")):
            has_body = operation["operationId"] not in WITHOUT_BODY
            assert ("requestBody" in operation) == has_body, name


def test_failures_are_problems() -> None:
    for name, operation in ALL.items():
        bad = {status: each for status, each in operation["responses"].items() if status >= "400"}
        assert {"400", "401", "403", "429"} <= set(bad), name
        for response in bad.values():
            assert list(response["content"]) == ["application/problem+json"], name


def test_its_schemas_are_schemas() -> None:
    for schema in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.django_db
def test_its_examples_run() -> None:
    admin = caller()
    tried = 0
    for path, method, operation in operations():
        for name, value in _examples(operation) if method == "GET" and "{" not in path else ():
            answer = admin.get(path, **{name: value})
            assert answer.status_code == 200, (path, name, value, answer.content)
            tried += 1
    assert tried > 20


@pytest.mark.django_db
def test_a_list_takes_each_parameter_that_is_named() -> None:
    admin = caller()
    for path, method, operation in operations():
        named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "query"}
        if method == "GET" and "q" in named and "{" not in path:
            answer = admin.get(path, **dict.fromkeys(named - {"format"}, ""))
            assert answer.status_code == 200, (path, answer.content)


@pytest.mark.django_db
def test_each_write_compares_if_match_as_it_says_or_refuses_it() -> None:
    admin, ids = caller(), {"id": str(uuid4()), "name": "x"}
    for path, method, operation in operations():
        named = {each["name"] for each in operation.get("parameters", [])}
        if method != "GET":
            answer = admin.send(method, path.format(**ids), {}, if_match='"x"')
            is_refused = answer.json()["code"] == "precondition_unsupported"
            assert is_refused != ("If-Match" in named), (method, path)
    for path, view in views():
        for method in set(view.needs) - {"GET"}:
            compares = "changing" in getattr(view, method.lower()).__code__.co_names
            assert view.is_conditional == compares, (method, path)


def _examples(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for parameter in operation.get("parameters", []):
        for example in parameter.get("examples", {}).values():
            yield parameter["name"], example["value"]


def test_the_reference_is_made_of_what_we_serve_ourselves() -> None:
    page = Client().get("/api/docs/")
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    shown = page.content.decode()
    assert re.findall(r'(?:src|href)="https?:', shown) == []
    assert "<script>" not in shown
    assert 'data-document="/api/v1/openapi.json"' in shown


@pytest.mark.django_db
def test_the_fields_page_shows_every_list() -> None:
    shown = Client().get("/api/docs/fields").content.decode()
    paths = [path for path, method, each in operations() if each["operationId"].endswith("_list")]
    for path in paths:
        if "{" not in path:
            assert f"GET {path}<" in shown
