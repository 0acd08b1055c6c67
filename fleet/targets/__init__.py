"""Devices as hawkBit knows them: made or changed by people, or registered by their first call."""

from fleet.targets.attributes import Mode, report_attributes
from fleet.targets.creating import NewTarget, create_targets
from fleet.targets.registering import note_address, register
from fleet.targets.updating import UNASSIGNED, TargetChange, update_target

__all__ = [
    "UNASSIGNED",
    "Mode",
    "NewTarget",
    "TargetChange",
    "create_targets",
    "note_address",
    "register",
    "report_attributes",
    "update_target",
]
