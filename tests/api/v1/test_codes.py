"""One table holds every code that this API answers with, and the pages are made of it."""

import re
import types
from typing import Any

import orjson
import pytest
from django.test import Client
from rest_framework import serializers

from api.v1 import problems
from api.v1.bodies import Body
from api.v1.codes import AREAS, CODES
from api.v1.codes.wire import MEMBERS
from fleet.errors import Conflict
from tests.api.v1 import pages
from tests.api.v1.raised import raised

# What no call of this API can lead to, and who is told of it instead.
ELSEWHERE = {
    # Devices, in the API that they speak.
    *("alert_invalid", "conflicting_request", "invalid_device_type"),
    *("invalid_log", "invalid_state", "invalid_substate", "log_too_large", "not_in_deployment"),
    *("too_many_alerts", "too_many_monitors"),
    # Who opens a signed link.
    *("invalid_link", "upload_received"),
    # Who sends an image to an appliance.
    "image_end_unknown",
    # A browser on a page of somebody else, in the APIs of jobs.
    "other_site",
    # Who signs in by Mender's call, or keeps a second factor or settings there.
    *("code_needed", "code_wrong", "preferences_changed"),
    *("two_factor_disabled", "two_factor_enabled", "two_factor_not_begun"),
    # Who runs the commands of the server.
    *("limit_invalid", "not_indexable", "organization_exists"),
    # Who turns pages there.
    *("invalid_query",),
    # Who speaks hawkBit's API, which declares tags and kinds of devices, and sets policies.
    *("policy_invalid", "policy_unknown", "tag_exists", "tag_leaving", "tag_not_found"),
    *("target_type_exists", "target_type_not_found", "target_type_unnamed", "target_type_used"),
    *("release_type_not_found", "text_invalid"),
    *("too_many_release_types", "too_many_target_types"),
    # Who makes targets there, and what these tell of themselves.
    *("address_invalid", "attribute_limit", "controller_id_invalid"),
    *("auto_confirmation_active", "auto_confirmation_invalid"),
    *("metadata_invalid", "metadata_limit", "security_token_invalid"),
    *("security_token_unknown", "target_attributes_invalid", "target_exists"),
    # Who asks in its language there, or has a filter assign by itself.
    *("auto_assignment_timeforced", "rsql_field", "rsql_syntax"),
    # Who puts releases together there.
    *("file_empty", "file_exists", "md5_differs", "sha1_differs", "sha256_differs"),
    *("metadata_exists", "metadata_not_found", "too_much_metadata"),
    *("module_deleted", "module_exists", "module_fixed", "module_locked", "module_not_found"),
    *("module_type_not_found", "module_type_unsupported", "number_invalid"),
    *("release_exists", "release_fixed", "release_incomplete", "release_invalidated"),
    *("release_locked", "release_type_used"),
    *("too_many_files", "too_many_module_types", "too_many_modules"),
    *("type_exists", "type_not_found"),
    # Who assigns there, takes back, confirms, and starts rollouts; what devices say of it.
    *("action_closed", "action_limit", "action_not_cancelable", "action_not_deletable"),
    *("action_not_force_quitable", "action_not_found", "assignment_limit"),
    *("group_too_large", "groups_incomplete", "incompatible_target_type"),
    *("invalid_rollout", "invalid_weight", "invalid_window", "message_limit"),
    *("multi_assignment_disabled", "no_query", "not_waiting_for_confirmation"),
    *("release_unknown", "rollout_exists", "rollout_illegal_state", "status_limit"),
    *("too_many_at_once", "too_many_groups", "weight_required"),
    # Who makes keys for scripts, or says what sensor kits are for, on their pages.
    *("api_key_level_invalid", "api_key_limit", "api_key_name_invalid", "api_key_unknown"),
    *("duplicate_api_key_name", "sensor_kit_invalid"),
    # Who makes, stops and archives jobs in Carbon Black's or Digi's API.
    *("deployment_not_finished", "job_completed", "unknown_kit_type", "unknown_version"),
    # Who updates one device there by an image of its own (NPM).
    *("already_begun", "device_type_unknown", "image_empty", "image_in_use"),
    *("image_not_an_artifact", "image_not_for_device", "image_not_found"),
    *("image_version_invalid", "newer_done", "no_valid_image", "not_held"),
}


def test_every_code_that_is_raised_is_in_the_table() -> None:
    missing = {(each.code, each.file) for each in raised() if each.code not in CODES}
    assert sorted(found for found in missing if found[0] not in ELSEWHERE) == []


def test_what_is_left_out_is_raised_somewhere() -> None:
    codes = {each.code for each in raised()}
    assert sorted(ELSEWHERE - codes) == []
    assert sorted(ELSEWHERE & CODES.keys()) == []


def test_the_table_has_no_code_twice_and_says_something_of_each() -> None:
    assert sum(map(len, AREAS.values())) == len(CODES)
    for name, code in CODES.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
        assert code.title
        assert not code.title.endswith(".")
        assert code.explanation.endswith((".", ")"))
        assert 400 <= code.status <= 500


def test_a_code_that_is_not_in_the_table_answers_in_the_same_shape() -> None:
    answer = problems.handle(Conflict("quite_new", "It is new.", field="name"))
    assert answer.status_code == 409
    told: dict[str, Any] = orjson.loads(answer.content)
    assert told["title"] == "Quite new"
    assert told["type"] == "/api/docs/errors#quite_new"
    assert told["field"] == "name"


def test_every_code_within_a_body_is_explained() -> None:
    found = {"unknown_member"}
    for body in _bodies(Body):
        for field in _fields(body()):
            found |= set(field.error_messages)
            found |= {getattr(check, "code", "invalid") for check in field.validators}
    assert sorted(code for code in found if isinstance(code, str) and code not in MEMBERS) == []


def test_the_page_in_the_browser_has_an_anchor_for_each_code() -> None:
    shown = Client().get("/api/docs/errors").content.decode()
    assert re.findall(r'<tr id="(\w+)"', shown) == list(CODES)


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.path.name)
def test_the_pages_are_made_of_what_there_is(page: pages.Page) -> None:
    """`.venv/bin/python -m tests.api.v1.pages` writes them anew."""
    assert page.path.read_text() == page.text()


def _bodies(kind: type[Body]) -> list[type[Body]]:
    assert isinstance(__import__("api.v1.urls"), types.ModuleType)
    known = [each for each in kind.__subclasses__() if each.__module__.startswith("api.")]
    return [*known, *(found for each in known for found in _bodies(each))]


def _fields(body: Any) -> list[serializers.Field[Any, Any, Any, Any]]:
    found: list[Any] = []
    for field in body.fields.values():
        found.append(field)
        inner = getattr(field, "child", field)
        found += _fields(inner) if hasattr(inner, "fields") else [inner]
    return found
