"""Pages about webhooks."""

from django.urls import path

from webhooks.views import acts, deliveries, webhooks

ONE = "webhooks/<uuid:webhook_id>/"
DELIVERY = f"{ONE}deliveries/<uuid:delivery_id>/"

urlpatterns = [
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.add, name="webhook-new"),
    path(ONE, deliveries.webhook, name="webhook"),
    path(f"{ONE}change/", webhooks.change, name="webhook-change"),
    path(f"{ONE}delete/", webhooks.delete, name="webhook-delete"),
    path(f"{ONE}enable/", acts.enable, name="webhook-enable"),
    path(f"{ONE}disable/", acts.disable, name="webhook-disable"),
    path(f"{ONE}test/", acts.test, name="webhook-test"),
    path(f"{ONE}rotate/", acts.rotate, name="webhook-rotate"),
    path(DELIVERY, deliveries.delivery, name="webhook-delivery"),
    path(f"{DELIVERY}resend/", acts.resend, name="webhook-resend"),
]
