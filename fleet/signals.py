"""What the fleet tells the layers above it, inside the transaction of the change."""

from django.dispatch import Signal

# sender=Device, devices=[numbers], at=datetime: they are about to be removed
device_decommissioned = Signal()

# sender=Device, devices=[Device] of one organization: they have just become known
device_enrolled = Signal()

# sender=Device, device=Device, actor=Actor: from now on it confirms whatever it is to install
auto_confirmation_activated = Signal()

# sender=Device, devices=[Device] of one organization, with the status that they have now,
# action=Action (what the audit log calls it), auth_set=AuthSet or None, actor=Actor
admission_changed = Signal()

# sender=Alert, device=Device, alerts=[Alert]: what its monitors raised and cleared, in their order
alerts_reported = Signal()

# sender=SavedFilter, saved=SavedFilter: it has another name or query
saved_filter_changed = Signal()

# sender=SavedFilter, saved=SavedFilter, actor=Actor: it is about to be removed
saved_filter_leaving = Signal()
