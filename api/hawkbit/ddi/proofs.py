"""How devices prove who they are: each way only where the organization allows it.

Source: hawkBit, authentication of the DDI API.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare

from fleet import security_tokens
from fleet.policies import Policies, gateway_token_of

AUTHORITIES = re.compile(r"[\s,;]+")
ISSUER = "HTTP_X_SSL_ISSUER_HASH_"


class Proof(enum.Enum):
    """By what a call is that of its device; only the first is the device's own."""

    TARGET_TOKEN = enum.auto()
    GATEWAY_TOKEN = enum.auto()
    PROXY = enum.auto()
    NONE_NEEDED = enum.auto()


def prove(
    meta: Mapping[str, Any], controller_id: str, policies: Policies, digest: str
) -> Proof | None:
    """What proves that the device calls, None if nothing does.

    `digest` is that of its accepted security token, empty where it has none.
    """
    scheme, _, secret = str(meta.get("HTTP_AUTHORIZATION", "")).partition(" ")
    secret = secret.strip()
    if scheme == "TargetToken" and policies.target_token_enabled:
        if secret and digest and security_tokens.agrees(digest, secret):
            return Proof.TARGET_TOKEN
    elif scheme == "GatewayToken" and policies.gateway_token_enabled:
        token = gateway_token_of(policies)
        if token and constant_time_compare(token, secret):
            return Proof.GATEWAY_TOKEN
    if policies.header_enabled and _is_vouched_for(meta, controller_id, policies):
        return Proof.PROXY
    return Proof.NONE_NEEDED if policies.anonymous_enabled else None


def _is_vouched_for(meta: Mapping[str, Any], controller_id: str, policies: Policies) -> bool:
    """Whether a proxy of ours names the device, and an issuer that the organization trusts.

    Without a proxy these headers are what anybody says of themselves.
    """
    if settings.TRUSTED_PROXIES < 1:
        return False
    trusted = [each for each in AUTHORITIES.split(policies.header_authority) if each]
    return any(
        constant_time_compare(name, controller_id) and _is_one_of(issuers, trusted)
        for name, issuers in _claims(meta)
    )


def _claims(meta: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    if "HTTP_X_CONTROLLER_ID" in meta:
        yield str(meta["HTTP_X_CONTROLLER_ID"]), [str(meta.get("HTTP_X_AUTHORITY", ""))]
    if "HTTP_X_SSL_CLIENT_CN" in meta:
        hashes = [str(value) for name, value in meta.items() if name.startswith(ISSUER)]
        yield str(meta["HTTP_X_SSL_CLIENT_CN"]), hashes


def _is_one_of(issuers: list[str], trusted: list[str]) -> bool:
    return any(constant_time_compare(known, each) for each in issuers for known in trusted)
