"""What a button does, and what the page says of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from fleet.errors import DomainError


def attempt(request: HttpRequest, act: Callable[[], object], said: str) -> bool:
    """Do it and say so; if the domain refuses, say why instead."""
    try:
        act()
    except DomainError as error:
        messages.error(request, sentence(error))
        return False
    messages.success(request, said)
    return True


def sentence(error: DomainError) -> str:
    """The message of an error as a sentence."""
    text = error.message.rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
