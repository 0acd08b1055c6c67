"""The template components: one tag for each thing the design names."""

import tomllib
from typing import Any

from django import template
from django.conf import settings
from django.db.models import TextChoices
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from artifacts.models import Release
from config.vocabulary import ADMISSION, KINDS, PART, STATUS, Look
from deployments import reach
from deployments.models import Deployment
from deployments.states import State, Status
from fleet.models import Device, Membership, Organization
from fleet.pages import parts_for
from fleet.reach import holds_for
from fleet.states import Admission
from webhooks.models import Webhook

register = template.Library()

VERSION: str = tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["version"]


@register.simple_tag
def version() -> str:
    """The version of Slipway that runs."""
    return VERSION


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A symbol of the sprite; decorative, so hidden from screen readers."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
def state(tone: str, symbol: str, word: str, css: str = "") -> SafeString:
    """Icon, word and colour, always the three together."""
    css = f" {css}" if css else ""
    return format_html('<span class="state state--{}{}">{}{}</span>', tone, css, icon(symbol), word)


@register.simple_tag
def admission(value: str, word: str = "", css: str = "") -> SafeString:
    """The state of a device or of one of its keys."""
    return _worded(ADMISSION, Admission(value), word, css)


@register.simple_tag
def admission_word(value: str) -> str:
    return str(Admission(value).label)


@register.simple_tag
def part(value: str, word: str = "", css: str = "") -> SafeString:
    """The state of a device in a deployment."""
    return _worded(PART, State(value), word, css)


@register.simple_tag
def status(value: str, word: str = "", css: str = "") -> SafeString:
    """The status of a whole deployment."""
    return _worded(STATUS, Status(value), word, css)


@register.simple_tag
def kind(value: str, word: str = "") -> SafeString:
    """A part of a progress bar: installed, in progress, failed, waiting."""
    tone, symbol, label = KINDS[value]
    return state(tone, symbol, word or label)


@register.simple_tag
def kind_word(value: str) -> str:
    return KINDS[value][2]


def _worded(looks: dict[TextChoices, Look], value: TextChoices, word: str, css: str) -> SafeString:
    tone, symbol = looks[value]
    return state(tone, symbol, word or str(value.label), css)


@register.simple_tag
def part_look(value: str) -> Look:
    """Tone and icon of a state of a device in a deployment, where the word stands elsewhere."""
    return PART[State(value)]


@register.simple_tag
def part_word(value: str) -> str:
    return str(State(value).label)


@register.inclusion_tag("components/bar.html")
def bar(drawing: Any, size: str = "", label: str = "") -> dict[str, Any]:
    """One progress bar; `drawing` knows its geometry."""
    return {"drawing": drawing, "size": size, "label": label}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Any, page: Any, things: str = "rows") -> dict[str, Any]:
    """Which rows of a list are shown, and the ways to the others."""
    return {"page": page, "things": things, "request": context["request"]}


@register.inclusion_tag("components/turner.html", takes_context=True)
def turner(context: Any, page: Any) -> dict[str, Any]:
    """The ways from a page of a list to those before and behind it."""
    return {"page": page, "request": context["request"]}


@register.simple_tag(takes_context=True)
def narrowed(context: Any, name: str, value: str | None) -> str:
    """The address of this list with one of its parameters changed, from its first page."""
    query = context["request"].GET.copy()
    for place in ("page", "cursor", name):
        query.pop(place, None)
    if value:
        query[name] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/sortable.html", takes_context=True)
def sortable(context: Any, name: str, label: str, css: str = "") -> dict[str, Any]:
    """The head of a column: sorts by it, the other way round when it is sorted already."""
    now = context["wanted"].sort
    turned = f"-{name}" if now == name else name
    column = context.get("columns", {}).get(name)
    return {
        "label": label,
        "help": column.help if column else "",
        "css": css,
        "order": {name: "ascending", f"-{name}": "descending"}.get(now, ""),
        "link": narrowed(context, "sort", turned),
    }


@register.simple_tag(takes_context=True)
def may(context: Any, permission: str, thing: Device | Deployment | None = None) -> bool:
    """Whether whoever looks at the page has a permission in its organization, or for the thing."""
    actor = getattr(context.get("request"), "actor", None)
    if actor is None or thing is None:
        return actor is not None and actor.may(permission)
    if isinstance(thing, Deployment):
        return reach.holds_for(actor, permission, thing)
    return holds_for(actor, permission, thing)


@register.simple_tag(takes_context=True)
def may_somewhere(context: Any, permission: str) -> bool:
    """Whether they have it at all, be it for the devices of some groups only."""
    actor = getattr(context.get("request"), "actor", None)
    return actor is not None and actor.may_somewhere(permission)


@register.simple_tag(takes_context=True)
def open_parts(context: Any) -> list[str]:
    """The parts of the dashboard that whoever looks at the page may open."""
    actor = getattr(context.get("request"), "actor", None)
    return [] if actor is None else parts_for(actor)


@register.simple_tag
def summary(release: Release, parts: dict[int, dict[str, int]]) -> dict[str, Any]:
    """What the artifacts of a release, read already, and its other modules come to."""
    artifacts = list(release.artifacts.all())
    others = parts.get(release.pk, {"modules": 0, "size": 0})
    return {
        "artifacts": len(artifacts),
        "modules": others["modules"],
        "size": sum(artifact.size for artifact in artifacts) + others["size"],
        "types": sorted({type_ for artifact in artifacts for type_ in artifact.device_types}),
    }


@register.simple_tag
def organizations(membership: Membership) -> Any:
    """The organizations of a person, to look through another of them."""
    return Organization.objects.filter(memberships__user=membership.user_id)


@register.simple_tag
def webhooks_given_up(membership: Membership) -> int:
    """How many webhooks of the organization Slipway has disabled because they failed."""
    return Webhook.objects.of(membership.organization_id).given_up().count()


@register.inclusion_tag("components/field.html")
def field(bound: Any, css: str = "") -> dict[str, Any]:
    """A form field with label, hint and error."""
    return {"field": bound, "css": css}
