"""What people type about themselves and about devices."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from fleet.addresses import client_address
from fleet.models import Role
from fleet.throttling import TooMany, throttle_sign_in


class Throttled(AuthenticationForm):
    """Refuses to check credentials too often; `pause` is then how many seconds to wait."""

    pause = 0

    def clean(self) -> dict[str, Any]:
        address = client_address(self.request) if self.request else ""
        try:
            throttle_sign_in(self.cleaned_data.get("username", ""), address)
        except TooMany as error:
            self.pause = error.seconds
            text = f"Too many attempts. Try again in {error.seconds} s."
            raise ValidationError(text, code=error.code) from error
        return super().clean()


class SignInForm(Throttled):
    """E-mail, whatever its case, and password; `keep` asks for a session of 30 days."""

    error_messages = {
        "invalid_login": "E-mail and password do not match.",
        "inactive": "This account is switched off. An administrator can switch it on.",
    }
    username = forms.CharField(
        label="E-mail",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    keep = forms.BooleanField(
        label="Keep me signed in on this computer for 30 days", required=False
    )


class CodeForm(forms.Form):
    """A code of the moment; spaces in it do not matter."""

    code = forms.CharField(
        label="Code",
        max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class VerifyForm(CodeForm):
    """The first code that an app shows; not the first thing on its page."""

    code = forms.CharField(
        label="Code from the app",
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def _password(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, max_length=4096, widget=widget, help_text=help_text
    )


class PasswordForm(forms.Form):
    current = _password("Current password", "current-password")
    password = _password("New password", "new-password", "At least 8 characters.")


class DisableForm(forms.Form):
    """On the page of another form that asks for the password: its ids are its own."""

    current = _password("Current password", "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "disable_%s", **kwargs})


class TokenForm(forms.Form):
    """`days` is "0" for a token that lasts until it is revoked."""

    name = forms.CharField(
        label="Name",
        max_length=128,
        help_text="What it is for.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    days = forms.ChoiceField(
        label="Expires",
        choices=[("30", "in 30 days"), ("90", "in 90 days"), ("365", "in a year"), ("0", "never")],
    )


class ApiKeyForm(forms.Form):
    """A key of the organization that may what the role `level` may."""

    name = forms.CharField(
        label="Name",
        max_length=128,
        help_text="What it is for.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    level = forms.ChoiceField(label="Access level", choices=Role.choices, initial=Role.VIEWER.value)
