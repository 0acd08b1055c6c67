from django.urls import path

from api.v1.views import webhook_deliveries as deliveries
from api.v1.views import webhooks

ONE = "webhooks/<uuid:id>"
SENT = "webhook-deliveries/<uuid:id>"

urlpatterns = [
    path("webhooks", webhooks.WebhookCollection.as_view(), name="v1-webhooks"),
    path(ONE, webhooks.WebhookItem.as_view(), name="v1-webhook"),
    path(f"{ONE}/test", webhooks.PingWebhook.as_view(), name="v1-webhook-test"),
    path(f"{ONE}/rotate-secret", webhooks.RotateSecret.as_view(), name="v1-webhook-rotate-secret"),
    path(f"{ONE}/enable", webhooks.EnableWebhook.as_view(), name="v1-webhook-enable"),
    path(f"{ONE}/disable", webhooks.DisableWebhook.as_view(), name="v1-webhook-disable"),
    path(
        "webhook-deliveries", deliveries.DeliveryCollection.as_view(), name="v1-webhook-deliveries"
    ),
    path(SENT, deliveries.DeliveryItem.as_view(), name="v1-webhook-delivery"),
    path(f"{SENT}/attempts", deliveries.AttemptCollection.as_view(), name="v1-webhook-attempts"),
    path(f"{SENT}/resend", deliveries.ResendDelivery.as_view(), name="v1-webhook-resend"),
]
