"""The digests of a file, all at once while its bytes pass by.

SHA-256 is for us and for Mender's devices, SHA-1 and MD5 are for hawkBit's.
"""

import hashlib
from pathlib import Path

CHUNK = 1024 * 1024


class Digests:
    """What has passed by so far, each as hexadecimal text."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._md5 = hashlib.md5(usedforsecurity=False)

    def update(self, chunk: bytes) -> None:
        for digest in (self._sha256, self._sha1, self._md5):
            digest.update(chunk)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def sha1(self) -> str:
        return self._sha1.hexdigest()

    @property
    def md5(self) -> str:
        return self._md5.hexdigest()


def digests_of_file(path: Path) -> Digests:
    digests = Digests()
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(CHUNK):
            digests.update(chunk)
    return digests
