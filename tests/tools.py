"""The real device clients and the browser that some tests drive."""

import os
import shutil
import subprocess

PACKAGES = [
    "chromium",
    "cpio",
    "curl",
    "dbus",
    "e2fsprogs",
    "jq",
    "mender-artifact",
    "mender-cli",
    "mender-client",
    "mender-connect",
    "openssl",
    "swupdate",
]
QUIETLY = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}


def install_tools() -> None:
    """Install what is missing where that can be done; tests are skipped where it can't."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    missing = [package for package in PACKAGES if not _is_installed(package)]
    if not missing:
        return
    print(f"Installing {', '.join(missing)} …", flush=True)
    if _apt("update") and _apt("install", *missing):
        return
    for package in missing:
        if not _apt("install", package):
            print(f"  {package} could not be installed: its tests will be skipped")


def _is_installed(package: str) -> bool:
    command = ["dpkg-query", "--show", "--showformat=${Status}", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.endswith(" installed")


def _apt(verb: str, *packages: str) -> bool:
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", verb, *packages]
    try:
        done = subprocess.run(command, env=QUIETLY, capture_output=True, timeout=600, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
