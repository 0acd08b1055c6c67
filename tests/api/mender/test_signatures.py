"""A device proves that it holds its key."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fleet.models import Device, Organization
from tests.api.mender.authentication import PATH, ask, request_of
from tests.api.mender.callers import Caller, error_of
from tests.make import make_key


@pytest.mark.usefixtures("organization")
def test_the_signature_must_be_there_and_be_right(caller: Caller) -> None:
    key = make_key()
    body = request_of(key)
    assert error_of(caller.post(PATH, body), 400) == "missing request signature header"
    for signature in ["", make_key().sign(body), key.sign(body + b" "), "%%%", "é"]:
        assert ask(caller, body, signature).status_code in {400, 401}
    assert not Device.objects.exists()


@pytest.mark.parametrize("bits", [1024, 2048])
def test_rsa_keys_of_any_size_will_do(
    caller: Caller, organization: Organization, bits: int
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = json.dumps({"id_data": '{"sn":"1"}', "pubkey": pem.decode()}).encode()
    signature = base64.b64encode(private.sign(body, padding.PKCS1v15(), SHA256())).decode()
    assert ask(caller, body, signature).status_code == 401
    assert organization.devices.count() == 1


def test_ecdsa_keys_will_do(caller: Caller, organization: Organization) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = json.dumps({"id_data": '{"sn":"1"}', "pubkey": pem.decode()}).encode()
    signature = base64.b64encode(private.sign(body, ec.ECDSA(SHA256()))).decode()
    assert ask(caller, body, signature).status_code == 401
    assert organization.devices.count() == 1
