"""What devices say of an action, from hawkBit's words into ours.

Source: hawkBit, DdiActionFeedback and DdiConfirmationFeedback.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.hawkbit.errors import not_readable
from api.hawkbit.members import LATEST, moment_of, number_of, object_of, text_of
from deployments.events import SERVER, Kind, Said
from deployments.feedback import Word
from deployments.states import State

RUNNING = Word(State.INSTALLING, Kind.RUNNING)
SUCCESS, FAILURE = Word(State.SUCCESS), Word(State.FAILURE)
# What is closed depends on its result.
WORDS: dict[str, Word] = {
    "canceled": Word(about=State.ABORTED),
    "rejected": Word(kind=Kind.WARNING),
    "proceeding": RUNNING,
    "scheduled": RUNNING,
    "resumed": RUNNING,
    "download": Word(State.DOWNLOADING),
    "downloaded": Word(State.DOWNLOADED),
}
CLOSED = "closed"
RESULTS = frozenset({"success", "failure", "none"})
LARGEST = 2**31


@dataclass(frozen=True, slots=True)
class Feedback:
    """`execution` and `finished` are as the device spelt them."""

    execution: str
    finished: str
    said: Said

    @property
    def has_failed(self) -> bool:
        return self.finished == "failure"

    @property
    def word(self) -> Word:
        if self.execution == CLOSED:
            return FAILURE if self.has_failed else SUCCESS
        return WORDS[self.execution]


def read_feedback(body: dict[str, Any]) -> Feedback:
    """Raises Refused (400 notReadable)."""
    status = object_of(body, "status") or {}
    execution = _word(status, "execution", frozenset({CLOSED, *WORDS}))
    finished = _word(object_of(status, "result") or {}, "finished", RESULTS)
    said = _said(status, body, f"{SERVER}Target reported {_reported(execution, finished)}")
    return Feedback(execution, finished, said)


def read_confirmation(body: dict[str, Any]) -> tuple[bool, Said]:
    """Whether it is confirmed, or denied; raises Refused (400 notReadable)."""
    answer = _word(body, "confirmation", frozenset({"confirmed", "denied"}))
    return answer == "confirmed", _said(body, body, "")


def _word(members: dict[str, Any], name: str, known: frozenset[str]) -> str:
    word = text_of(members, name)
    if word is None or word.lower() not in known:
        raise not_readable()
    return word.lower()


def _reported(execution: str, finished: str) -> str:
    word = execution.upper()
    return f"{word} with ERROR!" if execution == CLOSED and finished == "failure" else f"{word}."


def _said(status: dict[str, Any], body: dict[str, Any], otherwise: str) -> Said:
    """The device's own texts, else one of ours, and what its code is."""
    code = number_of(status, "code")
    if code is not None and not -LARGEST <= code < LARGEST:
        raise not_readable()
    texts = _texts(status.get("details"))
    texts += [] if texts or not otherwise else [otherwise]
    texts += [] if code is None else [f"{SERVER}Device reported status code: {code}"]
    return Said(tuple(texts), code, _device_time(body))


def _device_time(body: dict[str, Any]) -> datetime | None:
    """None where its clock shows no time: what a device says is worth having even so."""
    given = body.get("timestamp")
    number = int(given) if isinstance(given, float) else number_of(body, "timestamp")
    if number is None or not 0 <= number <= LATEST:
        return None
    return moment_of({"timestamp": number}, "timestamp")


def _texts(details: Any) -> list[str]:
    if details is None:
        return []
    items = details if isinstance(details, list) else [details]
    if not all(isinstance(each, str | int | float) for each in items if each is not None):
        raise not_readable()
    return [str(each) for each in items if each is not None]
