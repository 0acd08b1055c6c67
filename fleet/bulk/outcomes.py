"""What became of one device when many were changed together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

UNCHANGED = "unchanged"
TEXTS = {
    "device_unknown": "There is no such device.",
    "device_limit": "The maximum number of accepted devices is reached.",
    "no_key": "The device has shown no key yet.",
    "preauthorized": "The device is preauthorized: it is accepted when it first calls.",
    "too_many_tags": "The device would have more than 20 tags.",
    UNCHANGED: "The device is in this state already.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one device: `code` is "" when it was done, else a key of TEXTS."""

    device_id: UUID
    code: str = ""

    @property
    def text(self) -> str:
        return TEXTS.get(self.code, "")

    @property
    def has_failed(self) -> bool:
        """Whether the device is not as it was to be; one that was so before is."""
        return self.code not in {"", UNCHANGED}


def outcomes_of(wanted: Sequence[UUID], codes: Mapping[UUID, str]) -> list[Outcome]:
    """An outcome for each, in this order; one without a code is unknown."""
    return [Outcome(id_, codes.get(id_, "device_unknown")) for id_ in wanted]


def each_once(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))
