"""The public keys of devices and what they sign."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from fleet.errors import Invalid

Key = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
CURVES = (ec.SECP224R1, ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
PEM_LENGTH = 16 * 1024


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key in its one normal form: equal keys have equal `pem` and `digest` (SHA-256, hex)."""

    pem: str
    digest: str


def normalise(pem: str) -> PublicKey:
    """Read a public key: RSA of any size, ECDSA on P-224, 256, 384 or 521, or Ed25519.

    Raises Invalid("key_invalid"). Source: Mender API, Device authentication, `pubkey`.
    """
    try:
        key = _load(pem)
        normal = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm) as error:
        raise Invalid("key_invalid", "cannot decode public key", field="pubkey") from error
    return PublicKey(normal, hashlib.sha256(normal.encode()).hexdigest())


def verify(pem: str, signature: str, body: bytes) -> bool:
    """Whether `signature` (base64) is the key's over exactly these bytes.

    RSA signs by PKCS #1 v1.5 and ECDSA in ASN.1 DER, both over SHA-256; Ed25519 signs the
    bytes themselves. Source: Mender API, Device authentication, X-MEN-Signature.
    """
    try:
        raw = base64.b64decode("".join(signature.split()), validate=True)
        _verify(_load(pem), raw, body)
    except (InvalidSignature, binascii.Error, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _verify(key: Key, signature: bytes, body: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, body, padding.PKCS1v15(), SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, body, ec.ECDSA(SHA256()))
    else:
        key.verify(signature, body)


def _load(pem: str) -> Key:
    if len(pem) > PEM_LENGTH:
        raise ValueError("a key of this length is none")
    key = load_pem_public_key(pem.encode())
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES):
        return key
    if isinstance(key, rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        return key
    raise ValueError("a kind of key that devices do not use")
