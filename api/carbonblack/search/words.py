"""The words that Carbon Black's device search has for devices.

Source: Carbon Black, Devices API, search criteria; the words are those that its public client
sends.
"""

from django.db.models import TextChoices

from fleet.models import KitType


class Os(TextChoices):
    WINDOWS = "WINDOWS"
    MAC = "MAC"
    LINUX = "LINUX"
    ANDROID = "ANDROID"
    IOS = "IOS"
    OTHER = "OTHER"


class DeploymentType(TextChoices):
    ENDPOINT = "ENDPOINT"
    WORKLOAD = "WORKLOAD"
    VDI = "VDI"
    AWS = "AWS"
    AZURE = "AZURE"
    GCP = "GCP"


class TargetPriority(TextChoices):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    MISSION_CRITICAL = "MISSION_CRITICAL"


class DeviceStatus(TextChoices):
    """What can be asked for; of a device several are true at once."""

    # Waits for admission.
    PENDING = "PENDING"
    # Accepted: and seen within `SILENCE` or not.
    REGISTERED = "REGISTERED"
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    # Rejected, or without any key.
    DEREGISTERED = "DEREGISTERED"
    # Being decommissioned: afterwards there is nothing left to find.
    UNINSTALLED = "UNINSTALLED"
    DELETED = "DELETED"
    # Failed at the last update that ended.
    ERROR = "ERROR"
    SENSOR_OUTOFDATE = "SENSOR_OUTOFDATE"
    # Neither deregistered nor being decommissioned.
    LIVE = "LIVE"
    ALL = "ALL"
    # Of no device here.
    BYPASS = "BYPASS"
    BYPASS_ON = "BYPASS_ON"
    QUARANTINE = "QUARANTINE"


OF_KIT: dict[KitType, Os] = {
    KitType.XP: Os.WINDOWS,
    KitType.WINDOWS: Os.WINDOWS,
    KitType.MAC: Os.MAC,
    KitType.MAC_OSX: Os.MAC,
    KitType.RHEL: Os.LINUX,
    KitType.UBUNTU: Os.LINUX,
    KitType.SUSE: Os.LINUX,
    KitType.AMAZON_LINUX: Os.LINUX,
}
# What the attribute `os` of a device without a kit begins with, in small letters.
MOBILE: dict[Os, str] = {Os.ANDROID: "android", Os.IOS: "ios"}
