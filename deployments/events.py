"""What is written into the history of a device's part in a deployment, one entry or many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from deployments.models import DeviceDeployment, StatusEvent
from deployments.states import State

# What messages of ours begin with (hawkBit), so that they are known from what devices say.
SERVER = "Update Server: "
AT_ONCE = 1000

Kind = StatusEvent.Kind


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with a word of a device, or of somebody for it."""

    messages: tuple[str, ...] = ()
    code: int | None = None
    device_time: datetime | None = None


NOTHING = Said()


def note(
    row: DeviceDeployment,
    *,
    kind: Kind = Kind.STATE,
    state: State | str | None = None,
    said: Said = NOTHING,
) -> StatusEvent:
    """Write one entry; without a `state` it is that of the row."""
    return StatusEvent.objects.create(
        device_deployment=row,
        kind=kind,
        state=state or row.state,
        messages=list(said.messages),
        code=said.code,
        device_time=said.device_time,
        attempt=max(row.attempts, 1),
    )


def note_each(
    rows: Iterable[tuple[int, State | str]], *, kind: Kind = Kind.STATE, message: str = ""
) -> None:
    """Write the same entry for many rows, each given by its number and with its state."""
    StatusEvent.objects.bulk_create(
        (
            StatusEvent(
                device_deployment_id=number,
                kind=kind,
                state=state,
                messages=[message] if message else [],
            )
            for number, state in rows
        ),
        batch_size=AT_ONCE,
    )
