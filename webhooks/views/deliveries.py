"""One webhook with the log of what was sent, and one delivery with its tries."""

import json
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from fleet.pages import PageRequest, page
from webhooks.bodies import body_of
from webhooks.models import Delivery, Webhook
from webhooks.views.finding import find, find_delivery

PAGE = 50
MOST_TRIES = 50
VIEW = "webhooks.view_webhook"


@require_safe
@page(VIEW)
def webhook(request: PageRequest, webhook_id: UUID) -> HttpResponse:
    return shown(request, find(request, webhook_id))


@require_safe
@page(VIEW)
def delivery(request: PageRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    found = find_delivery(request, webhook_id, delivery_id)
    body = json.dumps(json.loads(body_of(found.event)), indent=2, ensure_ascii=False)
    context = {
        "here": "webhooks",
        "delivery": found,
        "webhook": found.webhook,
        "tries": found.log.order_by("-number")[:MOST_TRIES],
        "body": body,
    }
    return render(request, "webhooks/delivery.html", context)


def shown(request: PageRequest, webhook: Webhook, *, secret: str = "") -> HttpResponse:
    """The page of one webhook; with a `secret` it is the only one that shows it."""
    everything = Delivery.objects.filter(webhook=webhook)
    asked = request.GET.get("show", "")
    show = asked if asked in Delivery.State.values else ""
    rows = everything.filter(state=show) if show else everything
    paginator = Paginator(rows.select_related("event").order_by("-number"), PAGE)
    context = {
        "here": "webhooks",
        "webhook": webhook,
        "secret": secret,
        "show": show,
        "condition": f"webhook.id=={webhook.id}" + (f";state=={show}" if show else ""),
        "states": Delivery.State.choices,
        "page": paginator.get_page(request.GET.get("page")),
        "waiting": everything.pending().count(),
        "is_used": everything.exists(),
    }
    response = render(request, "webhooks/webhook.html", context)
    if secret:
        add_never_cache_headers(response)
    return response
