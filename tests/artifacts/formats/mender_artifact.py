"""The real mender-artifact, making one artifact of every kind it knows."""

import shutil
import subprocess
from pathlib import Path

import pytest

TOOL = shutil.which("mender-artifact")
requires_tool = pytest.mark.skipif(TOOL is None, reason="mender-artifact is not installed")


def run(*arguments: str | Path) -> str:
    """Run a program and give its output; the test fails with what the program said."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def validate(artifact: Path) -> None:
    """Have the tool read an unsigned artifact and verify its checksums."""
    run(str(TOOL), "validate", artifact)


def module(out: Path, *arguments: str | Path) -> Path:
    """A module artifact `one` of type `app` for `pi`."""
    run(
        str(TOOL),
        "write",
        "module-image",
        "-T",
        "app",
        "-t",
        "pi",
        "-n",
        "one",
        "-o",
        out,
        *arguments,
    )
    return out


def rootfs(out: Path, image: Path, *arguments: str | Path) -> Path:
    """A rootfs artifact `one` for `pi`."""
    common = ("--no-progress", "-t", "pi", "-n", "one", "-f", image, "-o", out)
    run(str(TOOL), "write", "rootfs-image", *common, *arguments)
    return out


def bootstrap(out: Path, *arguments: str) -> Path:
    """A bootstrap artifact `one` for `pi`."""
    common = ("--no-progress", "-t", "pi", "-n", "one", "-o", out)
    run(str(TOOL), "write", "bootstrap-artifact", *common, *arguments)
    return out
