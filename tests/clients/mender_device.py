"""Debian's mender-client as one device in a mount namespace of its own.

Its paths are compiled in, so everything it reads and writes is bind-mounted from a folder.
"""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

NEEDED = ("mender", "mender-artifact", "dbus-daemon", "unshare")
DEVICE_TYPE = "qemux86-64"

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""

MODULE = """#!/bin/sh
echo "$1" >> {folder}/module.states
case "$1" in
  NeedsArtifactReboot) echo No ;;
  SupportsRollback) echo Yes ;;
  ArtifactInstall)
    sleep "$(cat {folder}/control/sleep 2>/dev/null || echo 0)"
    [ -e {folder}/control/fail ] && {{ echo "told to fail by the test" >&2; exit 1; }}
    cp "$2"/files/* {folder}/out/ ;;
esac
exit 0
"""

CONFIGURE = """#!/bin/sh
case "$1" in
  NeedsArtifactReboot) echo No ;;
  SupportsRollback) echo No ;;
  ArtifactInstall) cp "$2/header/meta-data" {folder}/out/configuration.json ;;
esac
exit 0
"""


def why_not() -> str:
    """Why the client cannot run here; empty if it can."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if os.geteuid() != 0:
        return "the client runs in a mount namespace, which needs root"
    entered = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    return "" if entered.returncode == 0 else "mount namespaces are not allowed here"


class MenderDevice:
    def __init__(self, server: str, folder: Path) -> None:
        self.serial = f"device-{uuid.uuid4().hex[:8]}"
        self.folder = folder
        self.output = folder / "client.log"
        self.daemon: subprocess.Popen[bytes] | None = None
        for name in ("share", "etc", "var", "out", "control"):
            (folder / name).mkdir()
        self._script("share/identity/mender-device-identity", f"echo sn={self.serial}")
        self._script("share/inventory/mender-inventory-test", "echo site=lab\necho n=1\necho n=2")
        self._write("share/modules/v3/slipway-test", MODULE.format(folder=folder), 0o755)
        self._write("share/modules/v3/mender-configure", CONFIGURE.format(folder=folder), 0o755)
        self._write("var/device_type", f"device_type={DEVICE_TYPE}\n")
        self._write("etc/artifact_info", "artifact_name=base-1.0\n")
        self._write("etc/scripts/version", "3")
        self._write("etc/mender.conf", json.dumps(self._configuration(server)))
        # the client asks systemctl for its daemon
        self._script("bin/systemctl", f"echo MainPID=$(cat {folder}/pid)")

    @staticmethod
    def _configuration(server: str) -> dict[str, object]:
        return {
            "ServerURL": server,
            "UpdatePollIntervalSeconds": 2,
            "InventoryPollIntervalSeconds": 3600,
            "RetryPollIntervalSeconds": 2,
        }

    def _write(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def _script(self, name: str, body: str) -> None:
        self._write(name, f"#!/bin/sh\n{body}\n", 0o755)

    @property
    def command(self) -> list[str]:
        mounts = "; ".join(
            f'mkdir -p "$(readlink -m {there})"; mount --bind {self.folder}/{here} {there}'
            for here, there in (
                ("share", "/usr/share/mender"),
                ("etc", "/etc/mender"),
                ("var", "/var/lib/mender"),
            )
        )
        client = ["mender", "--no-syslog", "--log-level", "debug"]
        return ["unshare", "-m", "sh", "-ec", f'{mounts}; exec "$@"', "sh", *client]

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.bus_socket}",
        }

    @property
    def bus_socket(self) -> str:
        return f"{tempfile.gettempdir()}/{self.serial}.bus"

    def once(self, *arguments: str) -> int:
        """Run one command of the client; its exit code."""
        with self.output.open("ab") as output:
            return subprocess.run(
                [*self.command, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=60,
                check=False,
            ).returncode

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The daemon and the private bus it wants."""
        self._write("bus.conf", BUS.format(socket=self.bus_socket))
        arguments = ["--nofork", "--nopidfile", f"--config-file={self.folder}/bus.conf"]
        with self.output.open("ab") as output:
            bus = subprocess.Popen(["dbus-daemon", *arguments], stdout=output, stderr=output)
            self.daemon = subprocess.Popen(
                [*self.command, "daemon"], env=self.environment, stdout=output, stderr=output
            )
        self._write("pid", str(self.daemon.pid))
        try:
            yield
        finally:
            for process in (self.daemon, bus):
                process.terminate()
                process.wait(20)
            Path(self.bus_socket).unlink(missing_ok=True)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def module_states(self) -> list[str]:
        path = self.folder / "module.states"
        return path.read_text().split() if path.exists() else []

    def control(self, name: str, value: str | None = "") -> None:
        """Tell the update module how to behave: `fail`, `sleep`; None takes it back."""
        path = self.folder / "control" / name
        path.unlink(missing_ok=True) if value is None else path.write_text(value)


def make_artifact(folder: Path, name: str, content: str = "", compression: str = "gzip") -> Path:
    """An artifact for the test's update module, made by mender-artifact."""
    payload = folder / f"payload-{name}"
    payload.write_text(content or f"content of {name}")
    target = folder / f"{name}.mender"
    subprocess.run(
        [
            *("mender-artifact", "write", "module-image", "-T", "slipway-test"),
            *("-t", DEVICE_TYPE, "-n", name, "-f", payload, "-o", target),
            *("--compression", compression),
        ],
        check=True,
        capture_output=True,
    )
    return target
