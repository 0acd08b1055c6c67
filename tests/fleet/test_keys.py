"""Public keys of every kind that devices use, and what they sign."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import Invalid
from fleet.keys import CURVES, normalise, verify

RSA = [rsa.generate_private_key(65537, bits) for bits in (1024, 2048)]
ECDSA = [ec.generate_private_key(curve()) for curve in CURVES]
PRIVATE = [*RSA, *ECDSA, ed25519.Ed25519PrivateKey.generate()]
BODY = b'{"id_data":"{}","pubkey":"\xc3\xa4"}'


def name(key: object) -> str:
    return f"{type(key).__name__}-{getattr(key, 'key_size', '')}"


def pem_of(key, encoding=PublicFormat.SubjectPublicKeyInfo) -> str:
    return key.public_key().public_bytes(Encoding.PEM, encoding).decode()


def sign(key, body: bytes) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        raw = key.sign(body, padding.PKCS1v15(), SHA256())
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        raw = key.sign(body, ec.ECDSA(SHA256()))
    else:
        raw = key.sign(body)
    return base64.b64encode(raw).decode()


@pytest.mark.parametrize("key", PRIVATE, ids=name)
def test_a_signature_holds_for_exactly_its_bytes(key):
    pem = normalise(pem_of(key)).pem
    assert verify(pem, sign(key, BODY), BODY)
    assert not verify(pem, sign(key, BODY), BODY + b" ")
    assert not verify(pem, sign(key, b""), BODY)


@pytest.mark.parametrize("key", PRIVATE, ids=name)
def test_equal_keys_have_one_form(key):
    pem = pem_of(key)
    lines = pem.replace("\n", "\r\n").strip()
    assert normalise(f"\n{lines}") == normalise(pem)
    assert normalise(pem).pem == pem
    assert pem.endswith("-----END PUBLIC KEY-----\n")


def test_the_older_form_of_an_rsa_key_is_the_same_key():
    assert normalise(pem_of(RSA[0], PublicFormat.PKCS1)) == normalise(pem_of(RSA[0]))


@pytest.mark.parametrize(
    "key",
    [dsa.generate_private_key(2048), ec.generate_private_key(ec.SECP256K1())],
    ids=["dsa", "secp256k1"],
)
def test_kinds_that_no_device_uses_are_refused(key):
    with pytest.raises(Invalid, match="cannot decode public key"):
        normalise(pem_of(key))


@pytest.mark.parametrize("signature", ["", "!!", "AAAA", "ä", "A" * 10_000, "\ud800"])
def test_what_is_no_signature_is_wrong_and_no_error(signature):
    for key in PRIVATE:
        assert not verify(pem_of(key), signature, BODY)


@given(
    st.text(max_size=200) | st.just("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
)
def test_text_that_is_no_key_is_invalid_and_nothing_else(text):
    with pytest.raises(Invalid):
        normalise(text)


def test_a_private_key_and_a_very_long_text_are_no_public_key():
    private = RSA[0].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for text in (private, pem_of(RSA[0]) + "x" * 20_000):
        with pytest.raises(Invalid):
            normalise(text)
