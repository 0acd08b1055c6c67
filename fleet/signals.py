"""What the fleet tells the layers above it, inside the transaction of the change."""

from django.dispatch import Signal

# sender=Device, devices=[numbers], at=datetime: they are about to be removed
device_decommissioned = Signal()

# sender=Device, device=Device: it has just become known, pending or preauthorized
device_enrolled = Signal()

# sender=Device, devices=[Device] of one organization, with the status that they have now,
# action=Action (what the audit log calls it), auth_set=AuthSet or None, actor=Actor
admission_changed = Signal()

# sender=Alert, device=Device, alerts=[Alert]: what its monitors raised and cleared, in their order
alerts_reported = Signal()
