"""Debian's mender-cli as one person with a home of their own."""

import os
import pty
import shutil
import subprocess
import termios
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("mender-cli", "mender-artifact")
TOKEN = ".cache/mender/authtoken"


def why_not() -> str:
    """Why the tool cannot run here; empty if it can."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


@dataclass(frozen=True)
class Done:
    code: int
    output: str


class MenderCli:
    def __init__(self, server: str, home: Path) -> None:
        self.command = ["mender-cli", "--server", server]
        self.home = home
        self.environment = os.environ | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}

    @property
    def token(self) -> str:
        """What it keeps of a login, empty if nothing."""
        path = self.home / TOKEN
        return path.read_text() if path.exists() else ""

    def run(self, *arguments: str) -> Done:
        done = subprocess.run(
            [*self.command, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def run_in_a_terminal(self, *arguments: str) -> Done:
        """As somebody sees it who looks on: with progress bars."""
        ours, its = pty.openpty()
        termios.tcsetwinsize(its, (24, 80))
        with os.fdopen(ours, "rb", buffering=0) as screen:
            process = subprocess.Popen(
                [*self.command, *arguments], env=self.environment, stdin=its, stdout=its, stderr=its
            )
            os.close(its)
            shown = bytearray()
            try:
                while piece := screen.read(4096):
                    shown += piece
            except OSError:
                pass  # how Linux says that nobody holds the other end any more
            return Done(process.wait(60), shown.decode(errors="replace"))
