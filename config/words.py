"""Numbers and times as people read them; in templates as filters and tags."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


@register.filter
def number(value: int) -> str:
    """1204 becomes "1,204"."""
    return f"{value:,}"


@register.filter
def share_of(part: int, whole: int) -> str:
    """One decimal and a space: "22.5 %"; nothing of nothing is "0.0 %"."""
    return f"{part / whole * 100 if whole else 0:.1f} %"


@register.filter
def file_size(size: int) -> str:
    """Decimal units, three digits at most: "148 MB", "1.2 GB", "612 bytes"."""
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    digits = 1 if unit and amount < 9.95 else 0
    return f"{amount:.{digits}f} {UNITS[unit]}"


def duration(span: timedelta) -> str:
    """The two largest units: "41 s", "6 min 12 s", "3 h 40 min", "2 d 4 h"."""
    seconds = max(int(span.total_seconds()), 0)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if not minutes:
        return f"{seconds} s"
    if minutes < 10:
        return f"{minutes} min" + (f" {seconds % 60} s" if seconds % 60 else "")
    if not hours:
        return f"{minutes} min"
    if not days:
        return f"{hours} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{days} d" + (f" {hours % 24} h" if hours % 24 and days < 10 else "")


def age(span: timedelta) -> str:
    """As `duration`, but minutes are whole: what is shown again and again need not flicker."""
    minutes = int(span.total_seconds()) // 60
    return f"{minutes} min" if 0 < minutes < 60 else duration(span)


def moment(at: datetime, now: datetime) -> str:
    """ "11:32" today, "9 Nov 09:00" this year, "9 Nov 2025" before; in UTC."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    day = f"{at.day} {at:%b}"
    return f"{day} {at:%H:%M}" if at.year == now.year else f"{day} {at.year}"


def full(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M:%S} UTC"


@register.simple_tag
def when(at: datetime | None) -> SafeString | str:
    """A moment, short for the eye and whole for machine and pointer."""
    return _time(at, moment(at, timezone.now())) if at else ""


@register.simple_tag
def ago(at: datetime | None, suffix: str = " ago") -> SafeString | str:
    """How long ago a moment was."""
    return _time(at, age(timezone.now() - at) + suffix) if at else ""


def _time(at: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full(at), text)


@register.simple_tag
def took(start: datetime | None, end: datetime | None) -> str:
    """The time between two moments, nothing if one is missing."""
    return duration(end - start) if start and end else ""


@register.simple_tag
def list_value(value: Any) -> str:
    """The value of an attribute, a list item by item."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@register.filter
def at(value: Mapping[str, Any], key: str) -> Any:
    """The value of a key that the template computes."""
    return value.get(key, "")
