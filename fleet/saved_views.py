"""Saved filters as views of the list of devices."""

import re
from dataclasses import dataclass

from auditlog.actor import Actor
from fleet.models import Language, Organization, SavedFilter

# So many stand beside one another, so many more are a click away.
BESIDE = 5
MORE = 50
VIEW = "fleet.view_savedfilter"
_SPECIAL = re.compile(r"([\\'])")


@dataclass(frozen=True, slots=True)
class View:
    """A saved filter, and the condition that its link puts into the field."""

    saved: SavedFilter
    text: str

    @property
    def is_elsewhere(self) -> bool:
        """Whether it was, or could be, said in terms or in a language other than ours."""
        return bool(self.saved.terms) or self.saved.language != Language.FIQL


@dataclass(frozen=True, slots=True)
class Views:
    """The first views by name, those behind them, how many are in neither, and the open one."""

    beside: list[View]
    more: list[View]
    hidden: int
    current: View | None


def views_of(actor: Actor, organization: Organization, text: str) -> Views:
    """All that whoever looks may see; the view whose condition is `text` is open."""
    if not actor.may_somewhere(VIEW):
        return Views([], [], 0, None)
    saved = SavedFilter.objects.filter(organization=organization).order_by("name", "id")
    found = [view_of(row) for row in saved[: BESIDE + MORE]]
    current = next((view for view in found if view.text == text), None)
    if current in found[BESIDE:]:
        found.remove(current)
        found.insert(BESIDE - 1, current)
    hidden = saved.count() - len(found) if len(found) == BESIDE + MORE else 0
    return Views(found[:BESIDE], found[BESIDE:], hidden, current)


def view_of(saved: SavedFilter) -> View:
    """What has no text in FIQL, because it came from another API, is named."""
    text = saved.query if saved.language == Language.FIQL else ""
    return View(saved, text or f"filter=={_quoted(saved.name)}")


def _quoted(text: str) -> str:
    return "'" + _SPECIAL.sub(r"\\\1", text) + "'"
