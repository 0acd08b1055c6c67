"""Alerts: what monitors on devices raised and cleared."""

from django.db.models import QuerySet

from api.v1.endpoints import Collection, Item, Need
from fleet.listing.upkeep import ALERTS
from fleet.models import Alert
from fleet.reach import of_devices_within

VIEW = "fleet.view_alert"


class AlertCollection(Collection):
    listing = ALERTS
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> QuerySet[Alert]:
        return of_devices_within(Alert.objects.all(), self.actor, VIEW, self.organization)


class AlertItem(Item):
    listing = ALERTS
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> QuerySet[Alert]:
        return of_devices_within(Alert.objects.all(), self.actor, VIEW, self.organization)
