"""An organization with a webhook that leads to a receiver on this machine."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from fleet.models import Organization
from tests.make import make_actor, make_organization
from tests.webhooks.receiver import Receiver, receiving
from webhooks.destinations import destination
from webhooks.kinds import EventKind
from webhooks.models import Webhook
from webhooks.operations import create_webhook

Make = Callable[..., Webhook]


@pytest.fixture
def home(db: Any) -> Organization:
    return make_organization("Northquay")


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE_NETWORKS = True
    with receiving() as made:
        yield made


@pytest.fixture
def make_webhook(settings: Settings) -> Make:
    """Makes a webhook that wants every kind of event, unless told otherwise."""
    settings.WEBHOOK_PRIVATE_NETWORKS = True

    def make(organization: Organization, url: str = "http://127.0.0.1:9/", **facts: Any) -> Webhook:
        webhook, _secret = create_webhook(
            actor=make_actor(organization),
            organization=organization,
            name=facts.pop("name", f"hook {Webhook.objects.count()}"),
            destination=destination(url),
            events=facts.pop("events", EventKind.values),
        )
        return webhook

    return make


@pytest.fixture
def webhook(home: Organization, receiver: Receiver, make_webhook: Make) -> Webhook:
    return make_webhook(home, receiver.url)
