"""What a device's next call stays with, whichever language it speaks, without making the call."""

from datetime import datetime

from artifacts.models import Artifact
from deployments.candidates import (
    ENDING,
    MOST_AT_ONCE,
    Candidate,
    Judgement,
    Verdict,
    judge,
    of_device,
)
from deployments.instructing import look
from deployments.joining import caller_of, oldest_matching
from deployments.provides import provides_of
from deployments.retrieving import judge_named
from deployments.speaking import does_name_itself
from fleet.models import Device


def judgement_of(device: Device, candidate: Candidate) -> Judgement:
    """What the device would be told of it."""
    if not does_name_itself(device):
        return judge(candidate, provides_of(device))
    if candidate.is_configuration:
        return Judgement(Verdict.NOTHING_FITS)
    artifacts = Artifact.objects.filter(release=candidate.release_number)
    return judge_named(candidate, device, has_artifacts=artifacts.exists())


def first_of(device: Device, now: datetime) -> int | None:
    """The deployment the next call stays with, having ended the rows there is nothing to do for.

    A dynamic one that it has yet to join counts as well.
    """
    row = _named_row(device, now) if does_name_itself(device) else _first_row(device, now)
    number = None if row is None else row.deployment_number
    if row is not None and row.is_admitted:
        return number
    joins = oldest_matching(caller_of(device), before=number)
    return number if joins is None else joins


def _named_row(device: Device, now: datetime) -> Candidate | None:
    situation = look(device.organization.key, device.controller_id, now)
    return None if situation is None else situation.candidate


def _first_row(device: Device, now: datetime) -> Candidate | None:
    provides, candidates = provides_of(device), of_device(device.number, now=now)
    for candidate in candidates:
        stays = candidate.is_held or candidate.waits_for_window(now)
        if stays or judge(candidate, provides).verdict not in ENDING:
            return candidate
    return candidates[-1] if len(candidates) == MOST_AT_ONCE else None
