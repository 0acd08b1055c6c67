"""What people type about themselves and about devices."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
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
