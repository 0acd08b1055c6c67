"""Debian's swupdate in suricatta mode, unmodified, as one device; and the images it installs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

NEEDED = ("swupdate", "cpio", "openssl")
DESCRIPTION = """software = {{ version = "{version}"; hardware-compatibility: [ "1.0" ];
  files: ( {{ filename = "payload.bin"; path = "{target}"; type = "rawfile";
    sha256 = "{digest}"; }} ); }}
"""
CONFIGURATION = """globals : {{ }};
identify : ( {{ name = "board"; value = "test"; }}, {{ name = "serial"; value = "{serial}"; }} );
"""


def why_not() -> str:
    """Why the client cannot run here; empty if it can."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class Signer:
    """Who signs images: Debian's build takes signed ones only."""

    key: Path
    certificate: Path


def make_signer(folder: Path, name: str) -> Signer:
    signer = Signer(folder / f"{name}.key", folder / f"{name}.pem")
    _run(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3"),
        *("-keyout", signer.key, "-out", signer.certificate, "-subj", f"/CN={name}"),
        *("-addext", "extendedKeyUsage=emailProtection"),
    )
    return signer


def make_image(folder: Path, version: str, payload: bytes, signer: Signer, target: Path) -> Path:
    """An image that puts the payload at the target: a cpio with a description and its signature."""
    parts = folder / f"image-{version}"
    parts.mkdir()
    (parts / "payload.bin").write_bytes(payload)
    described = DESCRIPTION.format(
        version=version, target=target, digest=sha256(payload).hexdigest()
    )
    (parts / "sw-description").write_text(described)
    _run(
        *("openssl", "cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER"),
        *("-in", parts / "sw-description", "-out", parts / "sw-description.sig"),
        *("-signer", signer.certificate, "-inkey", signer.key),
    )
    image = folder / f"{version}.swu"
    with image.open("wb") as output:
        subprocess.run(
            ["cpio", "-o", "-H", "crc", "--quiet"],
            cwd=parts,
            input=b"sw-description\nsw-description.sig\npayload.bin\n",
            stdout=output,
            check=True,
        )
    return image


class SwupdateDevice:
    """One device, by the controller id and a token option, such as `("-k", "…")`."""

    def __init__(self, url: str, folder: Path, controller_id: str, trusted: Signer) -> None:
        self.url = url
        self.controller_id = controller_id
        self.trusted = trusted
        self.target = folder / f"{controller_id}.installed"
        self.output = folder / f"{controller_id}.log"
        self.configuration = folder / f"{controller_id}.cfg"
        self.configuration.write_text(CONFIGURATION.format(serial=controller_id))
        # Its sockets lie there, and their names have to be short.
        self.sockets = tempfile.mkdtemp(prefix="swu-")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *token: str, outcome: str = "") -> None:
        """Run it; with an `outcome`, as after the reboot that an installation ends with."""
        asked = [*("-t", "DEFAULT", "-u", self.url, "-i", self.controller_id), *token, "-x"]
        asked += ["-p", "2", "-r", "3", "-w", "1", *(["-c", outcome] if outcome else [])]
        command = ["swupdate", "-v", "-f", str(self.configuration), "-H", "board:1.0"]
        command += ["-k", str(self.trusted.certificate), "-u", " ".join(asked)]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                env=os.environ
                | {"TMPDIR": self.sockets, "http_proxy": "", "no_proxy": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def restart(self, *token: str, outcome: str) -> None:
        self.stop()
        self.start(*token, outcome=outcome)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def said(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""


def _run(*command: str | Path) -> None:
    arguments: Sequence[str] = [str(each) for each in command]
    subprocess.run(arguments, check=True, capture_output=True)
