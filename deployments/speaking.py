"""Which language a device speaks: Mender's, with a key of its own, or hawkBit's."""

from django.db.models import Exists, OuterRef, Q

from fleet.models import AuthSet, Device, SecurityToken
from fleet.states import Admission


def names_itself() -> Q:
    """What is so of a device that says with each call who it is, and nothing else (hawkBit's).

    Who has a key that is accepted speaks Mender's.
    """
    keys = AuthSet.objects.filter(device=OuterRef("number"), status=Admission.ACCEPTED)
    tokens = SecurityToken.objects.filter(device=OuterRef("number"))
    return Q(Exists(tokens)) & ~Q(Exists(keys))


def does_name_itself(device: Device) -> bool:
    return Device.objects.filter(names_itself(), number=device.number).exists()
