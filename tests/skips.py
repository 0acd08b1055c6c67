"""Writes down which tests were skipped and why, for the last lines of `make test`."""

import os
from pathlib import Path

from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    target = os.environ.get("SLIPWAY_TEST_SKIPS")
    if not target:
        return
    with Path(target).open("a") as file:
        for report in terminalreporter.getreports("skipped"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            reason = str(reason).removeprefix("Skipped: ").replace("\n", " ")
            file.write(f"{report.nodeid}: {reason}\n")
