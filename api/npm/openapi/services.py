"""The services of an appliance as Riverbed's own clients read them: resources with their links.

Source: SteelScript, service definitions 2.2.
"""

from typing import Any

from api.npm.openapi import common, images, update
from api.openapi.schema import Schema

COMMON, SYSTEM_UPDATE = "common", "npm.system_update"
SERVICES = ((COMMON, "1.0"), (SYSTEM_UPDATE, "2.0"))
_TITLES = {COMMON: "Common Service", SYSTEM_UPDATE: "Software Update Service"}
_ROOT = "http://support.riverbed.com/apis"


def definition(name: str) -> dict[str, Any]:
    """What the service of this name has."""
    version = dict(SERVICES)[name]
    return {
        "$schema": f"{_ROOT}/service_def/2.2",
        "id": f"{_ROOT}/{name}/{version}",
        "provider": "riverbed",
        "name": name,
        "version": version,
        "title": _TITLES[name],
        "resources": _RESOURCES[name],
    }


def _resource(schema: Schema, path: str, **links: dict[str, Any]) -> dict[str, Any]:
    known = {name: _inlined(each) for name, each in schema["properties"].items()}
    required = {"required": schema["required"]} if "required" in schema else {}
    there = {"self": {"path": f"$/{path}"}, **links}
    return {"type": "object", "properties": known, **required, "links": there}


def _inlined(schema: Schema) -> Schema:
    """References lead to resources here, not to schemas."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name == "Image":
            return {"$ref": "#/resources/image"}
        return _inlined(update.SCHEMAS[name])
    parts = {key: _inlined(schema[key]) for key in ("items",) if key in schema}
    if "properties" in schema:
        parts["properties"] = {key: _inlined(each) for key, each in schema["properties"].items()}
    return schema | parts


def _link(method: str, response: str, *, path: str = "", request: Any = None) -> dict[str, Any]:
    found: dict[str, Any] = {"method": method}
    if path:
        found["path"] = f"$/{path}"
    if request:
        found["request"] = request
    if response:
        found["response"] = {"$ref": f"#/resources/{response}"}
    return found


_URL = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}
_VERBS = {
    verb: _link("POST", "update", path=f"update/{verb}") for verb in ("init", "start", "reset")
}
_RESOURCES: dict[str, dict[str, Any]] = {
    COMMON: {
        "info": _resource(common.SCHEMAS["Info"], "info", get=_link("GET", "info")),
        "auth_info": _resource(
            common.SCHEMAS["AuthInfo"], "auth_info", get=_link("GET", "auth_info")
        ),
    },
    SYSTEM_UPDATE: {
        "image": _resource(
            images.SCHEMAS["Image"],
            "images/items/{id}",
            get=_link("GET", "image"),
            delete=_link("DELETE", ""),
        ),
        "images": _resource(
            images.SCHEMAS["Images"],
            "images",
            get=_link("GET", "images"),
            fetch=_link("POST", "image", path="images/fetch", request=_URL),
            upload=_link("POST", "image", path="images/upload"),
        ),
        "update": _resource(
            update.SCHEMAS["Update"], "update", get=_link("GET", "update"), **_VERBS
        ),
    },
}
