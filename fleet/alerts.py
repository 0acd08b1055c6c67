"""One alert as a device tells it, and the rules it keeps."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fleet.errors import Invalid
from fleet.models import Alert

LONGEST = {"name": 1024, "subject.name": 1024, "subject.type": 256, "subject.status": 256}
DETAILS_SIZE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What a monitor raised (CRITICAL) or cleared (OK), by the device's clock.

    The subject is what is watched: its name and type make the monitor. `details` are kept as
    they come. Source: Mender API, Device monitor, Alert.
    """

    name: str
    level: str
    at: datetime
    subject_name: str
    subject_type: str
    subject_status: str
    details: dict[str, Any] | None = None

    @property
    def monitor(self) -> str:
        """A digest that tells one monitor of a device from its others."""
        text = json.dumps([self.subject_name, self.subject_type])
        return hashlib.sha256(text.encode()).hexdigest()


def check(told: Told, where: str = "") -> Told:
    """Return the alert if it keeps the rules; raises Invalid("alert_invalid").

    `where` stands before the name of the field in the error: "[2].".
    """
    texts = {
        "name": told.name,
        "subject.name": told.subject_name,
        "subject.type": told.subject_type,
        "subject.status": told.subject_status,
    }
    for field, text in texts.items():
        check_text(text, where + field, LONGEST[field])
    if told.level not in Alert.Level.values:
        raise _invalid(f"{where}level", "must be OK or CRITICAL")
    for field, wrong in _problems(told.details):
        raise _invalid(f"{where}subject.details{field}", wrong)
    return told


def check_text(text: object, field: str, longest: int) -> str:
    """Return the text; raises Invalid("alert_invalid") if it is none, empty or too long."""
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        raise _invalid(field, f"a text of 1 to {longest} characters is required")
    return text


def _problems(details: Any) -> Iterator[tuple[str, str]]:
    """Where details are not what readers of them may rely on; what else they hold is free."""
    if details is None:
        return
    if not isinstance(details, dict):
        yield "", "must be an object"
        return
    if not isinstance(details.get("description", ""), str | None):
        yield ".description", "must be a text"
    for name in ("lines_before", "lines_after"):
        lines = details.get(name)
        if lines is not None and not (isinstance(lines, list) and all(map(_is_line, lines))):
            yield f".{name}", "must be a list of lines, each with line_number and data"
    if (matching := details.get("line_matching")) is not None and not _is_line(matching):
        yield ".line_matching", "must have line_number and data"
    if len(json.dumps(details)) > DETAILS_SIZE:
        yield "", f"must not be larger than {DETAILS_SIZE} bytes"


def _is_line(line: Any) -> bool:
    return (
        isinstance(line, dict)
        and isinstance(line.get("data"), str)
        and isinstance(line.get("line_number"), int)
        and not isinstance(line["line_number"], bool)
    )


def _invalid(field: str, wrong: str) -> Invalid:
    return Invalid("alert_invalid", f"{field}: {wrong}", field=field)
