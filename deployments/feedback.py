"""A device that names itself says how an action goes: each of its words is kept as it came.

The same states and the same conditional writes as in `deployments/reporting.py`, but what is over
stays over. Source: hawkBit, feedback of the controller.
"""

from dataclasses import dataclass

from django.db import transaction

from deployments.events import SERVER, Kind, Said, note
from deployments.models import Deployment, DeviceDeployment
from deployments.reporting import may_retry, mirror, move, tell_end, was_counted
from deployments.retrieving import action_of, not_found, take_up
from deployments.states import FINAL, State
from fleet.errors import Conflict, LimitReached
from fleet.models import Device
from fleet.texts import storable

MOST_ENTRIES = 1000
MOST_MESSAGES = 50
LONGEST_MESSAGE = 512


@dataclass(frozen=True, slots=True)
class Word:
    """What the device says: that it has come to `state`, or something besides, by its `kind`.

    A remark, which has no state to come to, leaves its part as it is; its entry says `about`.
    """

    state: State | None = None
    kind: Kind = Kind.STATE
    about: State | None = None


def hear(*, device: Device, action: int, word: Word, said: Said) -> None:
    """Take the device's word on what it is to install.

    Raises NotFound, Conflict "action_closed", and LimitReached "status_limit" or "message_limit".
    """
    said = checked(said)
    row = action_of(device, action)
    if row.is_open and row.admitted_at is None:
        # It may begin without having come for it first.
        take_up(device, row)
    with transaction.atomic():
        row = _open_action(device, action)
        if word.state is None or _meant(row, word.state) not in FINAL:
            check_room(row)
        if word.state is State.SUCCESS:
            # Whoever takes a device away locks it first and its rows then: so do we.
            mirror(row, device, wants_attributes=True)
        while not _take(row, word, said):
            row = _open_action(device, action)


def hear_about_leaving(*, device: Device, action: int, word: Word, said: Said) -> None:
    """Take a remark on what the device was asked to leave: nothing is decided by it.

    Raises Conflict "action_not_cancelable" if it was not asked to.
    """
    said = checked(said)
    row = action_of(device, action)
    if row.state != State.ABORTED and not row.is_canceling:
        raise Conflict("action_not_cancelable", "The device was not asked to leave this action")
    check_room(row)
    # That it has left it, it says by closing it.
    kind = Kind.WARNING if word.about is State.ABORTED else Kind.RUNNING
    note(row, kind=kind, said=said)


def note_download(*, row: DeviceDeployment, path: str) -> None:
    """The device fetches a file of it: that is the beginning, if it has not said so itself."""
    word = Word(state=State.DOWNLOADING)
    said = Said((f"{SERVER}Target downloads {path}"[:LONGEST_MESSAGE],), row.status_code)
    if row.events.count() >= MOST_ENTRIES:
        return
    if row.state == State.PENDING:
        _take(row, word, said)
    else:
        note(row, state=State.DOWNLOADING, said=said)


def checked(said: Said) -> Said:
    """What can be kept of it; raises LimitReached "message_limit"."""
    own = [text for text in said.messages if not text.startswith(SERVER)]
    if len(own) > MOST_MESSAGES:
        raise LimitReached("message_limit", f"at most {MOST_MESSAGES} messages at once")
    messages = tuple(storable(text)[:LONGEST_MESSAGE] for text in said.messages)
    return Said(messages, said.code, said.device_time)


def check_room(row: DeviceDeployment) -> None:
    """Raises LimitReached "status_limit"; how it ended can be said without asking this."""
    if row.events.count() >= MOST_ENTRIES:
        raise LimitReached("status_limit", f"at most {MOST_ENTRIES} status entries of an action")


def _open_action(device: Device, action: int) -> DeviceDeployment:
    row = action_of(device, action)
    if not row.is_open or row.is_cut_off:
        raise Conflict("action_closed", "The action is over")
    if row.admitted_at is None:
        raise not_found(action)
    return row


def _take(row: DeviceDeployment, word: Word, said: Said) -> bool:
    """Write what is said; False if the row changed since it was read."""
    if word.state is None:
        note(row, kind=word.kind, state=word.about, said=said)
        return _heed(row, said)
    state = _meant(row, word.state)
    if state is None:
        note(row, kind=Kind.DOWNLOADED, said=said)
        return _heed(row, said)
    if was_counted(row, state):
        return True
    target = State.PENDING if state is State.FAILURE and may_retry(row) else state
    if not move(row, target, row.substate, status_code=said.code, **_text_of(said)):
        return False
    note(row, kind=word.kind, state=state, said=said)
    tell_end(row, target)
    return True


def _meant(row: DeviceDeployment, state: State) -> State | None:
    """A download is the end of what was to be downloaded only; else it is a remark, None."""
    only = row.deployment.action_type == Deployment.ActionType.DOWNLOAD_ONLY
    return None if state is State.DOWNLOADED and not only else state


def _heed(row: DeviceDeployment, said: Said) -> bool:
    told = {"status_code": said.code, **_text_of(said)}
    if any(getattr(row, name) != value for name, value in told.items()):
        DeviceDeployment.objects.filter(number=row.number).update(**told)
    return True


def _text_of(said: Said) -> dict[str, str]:
    """The last of its texts that is its own, for its part; nothing where there is none."""
    own = [text for text in said.messages if text and not text.startswith(SERVER)]
    return {"message": own[-1]} if own else {}
