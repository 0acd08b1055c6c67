"""Who a simulated device is: the same seed and index make the same key and identity again."""

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, slots=True)
class Identity:
    serial: str
    mac: str
    device_type: str
    key: Ed25519PrivateKey

    def authentication_request(self, tenant_token: str) -> tuple[bytes, str]:
        """The raw body and its signature for the `X-MEN-Signature` header."""
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        body = json.dumps(
            {
                "id_data": json.dumps({"mac": self.mac, "sn": self.serial}),
                "pubkey": public.decode(),
                "tenant_token": tenant_token,
            }
        ).encode()
        return body, base64.b64encode(self.key.sign(body)).decode()


def identity(seed: str, index: int, device_types: list[str]) -> Identity:
    """The device number `index` of the fleet called `seed`."""
    digest = hashlib.sha256(f"{seed}/{index}".encode()).digest()
    device_type = device_types[index % len(device_types)]
    mac = ":".join(f"{byte:02x}" for byte in (0x02, *digest[:5]))
    return Identity(
        serial=f"{device_type}-{index + 1:04d}",
        mac=mac,
        device_type=device_type,
        key=Ed25519PrivateKey.from_private_bytes(digest),
    )
