"""All webhooks; making, changing and deleting one."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from fleet.errors import DomainError
from fleet.pages import PageRequest, page
from fleet.views.acts import sentence
from query.aggregates import counted
from webhooks.destinations import destination
from webhooks.forms import WebhookForm
from webhooks.models import Delivery, Webhook
from webhooks.operations import change_webhook, create_webhook, delete_webhook
from webhooks.views.deliveries import shown
from webhooks.views.finding import find


@require_safe
@page("webhooks.view_webhook")
def webhooks(request: PageRequest) -> HttpResponse:
    rows = Webhook.objects.of(request.organization).order_by("name", "number")
    rows = rows.annotate(pending=counted(Delivery.objects.pending(), "webhook"))
    return render(request, "webhooks/webhooks.html", {"here": "webhooks", "webhooks": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page("webhooks.add_webhook")
def add(request: PageRequest) -> HttpResponse:
    """The secret stands on the answer to this request, and never again."""

    def make(form: WebhookForm) -> HttpResponse:
        said = form.cleaned_data
        webhook, secret = create_webhook(
            actor=request.actor,
            organization=request.organization,
            name=said["name"],
            destination=destination(said["url"]),
            events=said["events"],
        )
        return shown(request, webhook, secret=secret)

    return _asked(request, WebhookForm(request.POST or None), make, {})


@require_http_methods(["GET", "HEAD", "POST"])
@page("webhooks.change_webhook")
def change(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    webhook = find(request, webhook_id)

    def keep(form: WebhookForm) -> HttpResponse:
        said = form.cleaned_data
        change_webhook(
            actor=request.actor,
            webhook=webhook,
            name=said["name"],
            destination=destination(said["url"]),
            events=said["events"],
        )
        messages.success(request, f"{said['name']} is changed.")
        return redirect("webhook", webhook.id)

    now = {"name": webhook.name, "url": webhook.url, "events": webhook.events}
    form = WebhookForm(request.POST or None, initial=now)
    return _asked(request, form, keep, {"webhook": webhook})


@require_http_methods(["GET", "HEAD", "POST"])
@page("webhooks.delete_webhook")
def delete(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    """Ask on a page of its own, then do it."""
    webhook = find(request, webhook_id)
    if request.method == "POST":
        delete_webhook(actor=request.actor, webhook=webhook)
        messages.success(request, f"{webhook.name} is deleted.")
        return redirect("webhooks")
    waiting = Delivery.objects.pending().filter(webhook=webhook).count()
    context = {"here": "webhooks", "webhook": webhook, "waiting": waiting}
    return render(request, "webhooks/delete.html", context)


def _asked(
    request: PageRequest,
    form: WebhookForm,
    act: Callable[[WebhookForm], HttpResponse],
    context: dict[str, object],
) -> HttpResponse:
    """The form, or what came of it; what the domain refuses is said beside the field."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return act(form)
            except DomainError as error:
                field = error.field if error.field in form.fields else None
                form.add_error(field, sentence(error))
    context |= {"here": "webhooks", "form": form}
    return render(request, "webhooks/form.html", context, status=status)
