"""What the buttons on the pages of a webhook do."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from fleet.errors import DomainError
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt, sentence
from webhooks import operations, upkeep
from webhooks.views.deliveries import shown
from webhooks.views.finding import find, find_delivery

CHANGE = "webhooks.change_webhook"


@require_POST
@page(CHANGE)
def enable(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    webhook = find(request, webhook_id)
    upkeep.enable_webhook(actor=request.actor, webhook=webhook)
    messages.success(request, f"{webhook.name} is enabled. What waited is being sent.")
    return redirect("webhook", webhook.id)


@require_POST
@page(CHANGE)
def disable(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    webhook = find(request, webhook_id)
    upkeep.disable_webhook(actor=request.actor, webhook=webhook)
    messages.success(request, f"{webhook.name} is disabled. Nothing is sent to it.")
    return redirect("webhook", webhook.id)


@require_POST
@page(CHANGE)
def rotate(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    """The new secret stands on the answer to this request, and never again."""
    webhook = find(request, webhook_id)
    secret = operations.rotate_secret(actor=request.actor, webhook=webhook)
    return shown(request, find(request, webhook_id), secret=secret)


@require_POST
@page(CHANGE)
def test(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    """To the page of the test's delivery, where its tries appear."""
    webhook = find(request, webhook_id)
    try:
        sent = upkeep.ping(actor=request.actor, webhook=webhook)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("webhook", webhook.id)
    return redirect("webhook-delivery", webhook.id, sent.id)


@require_POST
@page(CHANGE)
def resend(request: PageRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    delivery = find_delivery(request, webhook_id, delivery_id)
    attempt(
        request,
        lambda: upkeep.resend(actor=request.actor, delivery=delivery),
        "It is sent once more, under the same id.",
    )
    return redirect("webhook", webhook_id)
