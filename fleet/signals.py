"""What the fleet tells the layers above it, inside the transaction of the change."""

from django.dispatch import Signal

# sender=Device, devices=[numbers], at=datetime: they are about to be removed
device_decommissioned = Signal()

# sender=Device, device=Device: it has just become known, pending or preauthorized
device_enrolled = Signal()
