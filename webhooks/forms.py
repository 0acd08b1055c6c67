"""What people type about webhooks."""

from itertools import groupby
from typing import Any

from django import forms

from fleet.outgoing.urls import LONGEST
from webhooks.kinds import EventKind
from webhooks.operations import NAME_LENGTH

AREAS = {
    "device": "Devices",
    "deployment": "Deployments",
    "phase": "Phases",
    "device_deployment": "Results of devices",
    "alert": "Alerts",
}


class WebhookForm(forms.Form):
    """Name, address and kinds of events; what is wrong with an address the operation says."""

    name = forms.CharField(label="Name", max_length=NAME_LENGTH)
    url = forms.CharField(
        label="Address",
        max_length=LONGEST,
        help_text="Slipway sends a POST there for each event: https://…",
        widget=forms.TextInput(
            attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    events = forms.MultipleChoiceField(
        choices=EventKind.choices,
        error_messages={"required": "Choose at least one kind of event."},
    )

    def groups(self) -> list[dict[str, Any]]:
        """The kinds by what they are about, each with whether it is chosen."""
        chosen = set(self["events"].value() or [])
        return [
            {
                "label": AREAS[area],
                "kinds": [
                    {"value": kind.value, "label": kind.label, "is_chosen": kind.value in chosen}
                    for kind in kinds
                ],
            }
            for area, kinds in groupby(EventKind, key=lambda kind: kind.area)
        ]
