"""What people type to plan a deployment. The rules of a plan are with the plan."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count

from artifacts.models import Release
from artifacts.reach import releases_within
from auditlog.actor import Actor
from deployments.models import Deployment
from deployments.phase_forms import PhaseFormSet
from deployments.planning import MAX_LIMIT, Plan
from deployments.reach import ADD, VIEW_RELEASE
from deployments.targets import canonical
from fleet.models import Organization, SavedFilter
from fleet.models.device import DeviceQuerySet
from fleet.narrowing import ids_of_names
from fleet.reach import devices_within

Target = Deployment.Target
# All accepted devices are the usual case, so they come first.
TARGETS = [(each, each.label) for each in (Target.ALL, Target.GROUP, Target.DEVICES)]
# What a role within bounds reaches: a group, or one device.
BOUND_TARGETS = TARGETS[1:]
MATCHING = (Target.FILTER, Target.FILTER.label)
RELEASES = 200
FILTERS = 200
GROUPS = 200
LISTED = 10_000


class PlanForm(forms.Form):
    """Everything of a plan but its phases, which are the formset in `phases`."""

    release = forms.ChoiceField(label="What should run")
    name = forms.CharField(
        required=False,
        max_length=256,
        help_text="As it will stand in lists and in the audit log. Empty: release and target.",
    )
    target = forms.ChoiceField(choices=TARGETS, widget=forms.RadioSelect, initial=Target.ALL)
    group = forms.ChoiceField(required=False)
    filter = forms.ChoiceField(label="Saved filter", required=False)
    max_devices = forms.IntegerField(
        label="Places",
        required=False,
        min_value=1,
        max_value=MAX_LIMIT,
        help_text="Ends when so many have been through it. Empty: goes on until you abort it.",
    )
    devices = forms.CharField(
        label="Devices, one to a line",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
        help_text="Ids or names.",
    )
    retries = forms.IntegerField(
        label="More tries after a failure", min_value=0, max_value=1000, initial=0
    )
    force_installation = forms.BooleanField(
        label="Install again where it is installed already", required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        organization: Organization,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.actor = actor
        self.organization = organization
        self.phases = PhaseFormSet(data, prefix="phases")
        self.fields["release"].choices = self._releases()  # type: ignore[attr-defined]
        self.fields["group"].choices = self._groups()  # type: ignore[attr-defined]
        filters = self._filters() if actor.may(ADD) else []
        self.fields["filter"].choices = filters  # type: ignore[attr-defined]
        matching = [MATCHING] if len(filters) > 1 else []
        targets = [*TARGETS, *matching] if actor.may(ADD) else BOUND_TARGETS
        self.fields["target"].choices = targets  # type: ignore[attr-defined]

    def is_valid(self) -> bool:
        return self.phases.is_valid() & super().is_valid()

    def _releases(self) -> list[tuple[str, str]]:
        """Who may see none deploys what they know by name."""
        releases, names = Release.objects.of(self.organization), []
        if self.actor.may_somewhere(VIEW_RELEASE):
            releases = releases_within(self.actor, VIEW_RELEASE, self.organization)
            newest = releases.order_by("-modified_at", "-number")
            names = list(newest.values_list("name", flat=True)[:RELEASES])
        asked = str(self["release"].value() or "").replace("\0", "")
        if asked not in names and releases.filter(name=asked).exists():
            names.insert(0, asked)
        return [("", "Choose a release"), *((name, name) for name in names)]

    def _groups(self) -> list[tuple[str, str]]:
        devices = self._devices().accepted().exclude(group="")
        counts = devices.order_by("group").values_list("group").annotate(count=Count("number"))
        found = dict(counts[:GROUPS])
        asked = str(self["group"].value() or "").replace("\0", "")
        if asked and asked not in found:
            found = dict(counts.filter(group=asked)) | found
        named = ((group, f"{group}, {count:,}") for group, count in found.items())
        return [("", "Choose a group"), *named]

    def _devices(self) -> DeviceQuerySet:
        return devices_within(self.actor, ADD, self.organization)

    def _filters(self) -> list[tuple[str, str]]:
        saved = SavedFilter.objects.filter(organization=self.organization).order_by("name")
        named = [(str(each.id), each.name) for each in saved[:FILTERS]]
        return [("", "Choose a filter"), *named]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        target = cleaned.get("target")
        if target == Target.GROUP and not cleaned.get("group"):
            self.add_error("group", "Choose the group.")
        if target == Target.FILTER and not cleaned.get("filter"):
            self.add_error("filter", "Choose the filter.")
        if target == Target.DEVICES and not self.errors.get("devices"):
            cleaned["device_refs"] = self._listed(cleaned.get("devices", ""))
        return cleaned

    def _listed(self, text: str) -> tuple[str, ...]:
        """The ids of what is listed; a name stands for every device that has it."""
        given = [line.strip() for line in text.replace(",", "\n").splitlines() if line.strip()]
        if not given:
            self.add_error("devices", "List at least one device.")
        if len(given) > LISTED:
            self.add_error("devices", f"{len(given):,} are listed, {LISTED:,} at most.")
            return ()
        # Names may look like an id written in another way, such as 32 digits.
        names = [each for each in given if canonical(each) is None]
        ids = ids_of_names(self._devices(), names)
        if unknown := [name for name in names if name not in ids and not is_id(name)]:
            more = f" and {len(unknown) - 3:,} more" if len(unknown) > 3 else ""
            text = ", ".join(f"“{name[:60]}”" for name in unknown[:3])
            self.add_error("devices", f"No device is called {text}{more}.")
        return tuple(id_ for each in given for id_ in ids.get(each) or [_written(each)])

    def plan(self) -> Plan:
        """The plan as typed; call it once the form is valid."""
        typed = self.cleaned_data
        is_dynamic = typed["target"] == Target.FILTER
        phases = (form.plan() for form in self.phases)
        return Plan(
            name=typed["name"].strip() or self._usual_name(),
            release_name=typed["release"],
            target=Target(typed["target"]),
            device_refs=typed.get("device_refs", ()),
            group=typed["group"] if typed["target"] == Target.GROUP else "",
            phases=tuple(phase for phase in phases if phase),
            retries=typed["retries"],
            force_installation=typed["force_installation"],
            filter_id=UUID(typed["filter"]) if is_dynamic else None,
            max_devices=typed["max_devices"] if is_dynamic else None,
        )

    def _usual_name(self) -> str:
        typed = self.cleaned_data
        listed = len(typed.get("device_refs", ()))
        whom = {
            Target.ALL: "all devices",
            Target.GROUP: f"group {typed['group']}",
            Target.DEVICES: f"{listed:,} listed device" + ("" if listed == 1 else "s"),
            Target.FILTER: f"devices matching {dict(self._filters()).get(typed['filter'], '')}",
        }[Target(typed["target"])]
        return f"{typed['release']} to {whom}"[:256]


def _written(given: str) -> str:
    return str(UUID(given)) if is_id(given) else given


def is_id(text: str) -> bool:
    """Whether the text is a UUID, however it is written."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
