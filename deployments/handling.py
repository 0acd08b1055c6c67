"""How a device is to go about what it was told: how urgently, whether to install, and when.

Source: hawkBit, forced, soft, time-forced and download-only actions; maintenance windows.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime

from deployments.models import Deployment, DeviceDeployment
from deployments.windows import Window, from_kept

FORCED, SOFT, TIMEFORCED, DOWNLOAD_ONLY = (
    Deployment.ActionType.FORCED.value,
    Deployment.ActionType.SOFT.value,
    Deployment.ActionType.TIMEFORCED.value,
    Deployment.ActionType.DOWNLOAD_ONLY.value,
)


@dataclass(frozen=True, slots=True)
class Handling:
    """At this moment. `is_window_open` is None where it may be installed at any time.

    What is not forced leaves it to the device when to begin.
    """

    is_forced: bool
    is_download_only: bool
    is_window_open: bool | None

    def version(self, *of: object) -> int:
        """A number that changes with what is told, and with what it is told of."""
        told = (*of, self.is_forced, self.is_download_only, self.is_window_open)
        return zlib.crc32(repr(told).encode()) & 0x7FFFFFFF


def handling(
    action_type: str, window: Window | None, now: datetime, *, is_row_forced: bool, is_due: bool
) -> Handling:
    """`is_due` says whether the time of a time-forced one has come."""
    is_forced = action_type == FORCED or (action_type == TIMEFORCED and is_due)
    return Handling(
        is_forced or (is_row_forced and action_type == SOFT),
        action_type == DOWNLOAD_ONLY,
        None if window is None else window.is_open(now),
    )


def handling_of(row: DeviceDeployment, now: datetime) -> Handling:
    """The same of a row, read with its deployment."""
    deployment = row.deployment
    forced_at = deployment.forced_at
    return handling(
        deployment.action_type,
        from_kept(deployment.maintenance_window),
        now,
        is_row_forced=row.is_forced,
        is_due=forced_at is not None and forced_at <= now,
    )
