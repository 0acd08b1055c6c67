"""The languages that conditions on devices are written in, each with how it is read.

FIQL is ours (`fleet/conditions.py`); a dialect that brings its own says so when it is set up.
"""

from datetime import datetime
from typing import Protocol

from django.db.models import Q
from django.utils import timezone

from fleet.errors import Invalid
from fleet.models import Device, Language, Organization
from fleet.models.device import DeviceQuerySet
from query.fiql.sentences import LIMITS, Limits


class Spoken(Protocol):
    """How a language is read; what is kept in it has at most `longest` characters."""

    longest: int

    def condition(
        self,
        organization: Organization,
        text: str,
        *,
        now: datetime,
        field: str,
        limits: Limits = LIMITS,
    ) -> Q:
        """What is so of the devices that the text selects; raises Invalid, naming the field."""

    def is_moving(self, text: str) -> bool:
        """Whether the text says something else as time goes by; raises what reading raises."""


_SPOKEN: dict[str, Spoken] = {}


def speak(language: Language, spoken: Spoken) -> None:
    """From now on texts in the language are read so."""
    _SPOKEN[language] = spoken


def spoken_as(language: str) -> Spoken:
    """Raises Invalid("invalid_filter") for one that nobody here speaks."""
    spoken = _SPOKEN.get(language)
    if spoken is None:
        raise Invalid("invalid_filter", f"Nobody here reads the language {language}")
    return spoken


def check_length(text: str, language: str, *, field: str) -> None:
    """Raises Invalid("filter_invalid") where the text is too long to be kept."""
    longest = spoken_as(language).longest
    if len(text) > longest:
        raise Invalid("filter_invalid", f"{field}: at most {longest} characters", field=field)


def devices_selected(
    organization: Organization,
    text: str,
    language: str = Language.HAWKBIT,
    *,
    field: str = "query",
    now: datetime | None = None,
) -> DeviceQuerySet:
    """The organization's devices that the text selects; raises Invalid.

    One by one, whatever the condition joins; to lock the rows, name the table of devices.
    """
    at = now or timezone.now()
    check_length(text, language, field=field)
    condition = spoken_as(language).condition(organization, text, now=at, field=field)
    return Device.objects.of(organization).filter(condition)
