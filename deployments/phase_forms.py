"""What people type about the phases of a deployment."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.http import QueryDict

from deployments.planning import PhasePlan

# Shares to begin with, the rest as None; each phase opens a day after the one before.
TEMPLATES: dict[str, tuple[int | None, ...]] = {
    "careful": (1, 10, 30, None),
    "quick": (10, None),
    "once": (),
}
DAY = timedelta(days=1)
PHASES = 8


class PhaseForm(forms.Form):
    """One phase; both fields empty is no phase, an empty share takes the rest."""

    percent = forms.IntegerField(label="Share", required=False, min_value=1, max_value=100)
    starts_at = forms.DateTimeField(
        label="Opens",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def plan(self) -> PhasePlan | None:
        percent, starts_at = self.cleaned_data.get("percent"), self.cleaned_data.get("starts_at")
        if percent is None and starts_at is None:
            return None
        return PhasePlan(percent, starts_at and starts_at.astimezone(UTC))


PhaseFormSet = forms.formset_factory(PhaseForm, extra=PHASES, max_num=PHASES)


def with_template(typed: QueryDict, template: str, *, now: datetime) -> QueryDict:
    """What was typed, its phases replaced by those of a template."""
    shares = TEMPLATES.get(template, ())
    first, filled = now.replace(minute=0, second=0, microsecond=0), typed.copy()
    for position in range(PHASES):
        share = shares[position] if position < len(shares) else None
        opens = first + position * DAY if 0 < position < len(shares) else None
        filled[f"phases-{position}-percent"] = "" if share is None else str(share)
        filled[f"phases-{position}-starts_at"] = f"{opens:%Y-%m-%dT%H:%M}" if opens else ""
    return filled
