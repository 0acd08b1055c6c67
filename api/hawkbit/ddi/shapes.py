"""What devices are told, in hawkBit's shapes. Source: hawkBit, DDI API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from api.hawkbit.members import milliseconds, told
from api.hawkbit.words import detail_of
from artifacts.chunks import Chunk, File
from deployments.instructing import Situation, Step
from deployments.models import DeviceDeployment
from deployments.retrieving import Told
from fleet.models import AutoConfirmation

PARTS = {"application": "bApp", "runtime": "jvm"}
LINKS = {Step.CONFIRM: "confirmationBase", Step.INSTALL: "deploymentBase"}


def root_of(base: str, tenant: str, controller_id: str) -> str:
    """The address of the device, as it called itself."""
    return f"{base}/{quote(tenant, safe='')}/controller/v1/{quote(controller_id, safe='')}"


def href(address: str) -> dict[str, str]:
    return {"href": address}


def polled(situation: Situation, root: str, now: datetime) -> dict[str, Any]:
    """The answer to a poll: when to call again, and what there is to do."""
    seconds = situation.sleep(now)
    sleep = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    links: dict[str, Any] = {}
    if instruction := situation.instruction:
        action = instruction.action
        if instruction.step is Step.LEAVE:
            links["cancelAction"] = href(f"{root}/cancelAction/{action}")
        else:
            name = LINKS[instruction.step]
            links[name] = href(f"{root}/{name}/{action}?c={instruction.version}")
    if situation.installed is not None:
        links["installedBase"] = href(f"{root}/installedBase/{situation.installed}")
    if situation.device is not None and situation.device.wants_attributes:
        links["configData"] = href(f"{root}/configData")
    answer: dict[str, Any] = {"config": {"polling": {"sleep": sleep}}}
    return answer | ({"_links": links} if links else {})


def action(retrieved: Told, name: str, root: str, messages: Sequence[str] | None) -> dict[str, Any]:
    """An action under the `name` that it has there: deployment or confirmation."""
    row, how = retrieved.row, retrieved.handling
    download = "forced" if how.is_forced or how.is_download_only else "attempt"
    is_skipped = how.is_download_only or how.is_window_open is False
    windows = {None: None, True: "available", False: "unavailable"}
    deployment = {
        "download": download,
        "update": "skip" if is_skipped else download,
        "maintenanceWindow": windows[how.is_window_open],
        "chunks": [_chunk(each, root) for each in retrieved.chunks],
    }
    history = None if messages is None else _history(row, messages)
    return told({"id": str(row.number), name: told(deployment), "actionHistory": history})


def cancelled(action: int) -> dict[str, Any]:
    return {"id": str(action), "cancelAction": {"stopId": str(action)}}


def confirmation(itself: AutoConfirmation | None, root: str, waiting: int | None) -> dict[str, Any]:
    """Whether the device confirms by itself, how to change that, and what waits."""
    change = "activateAutoConfirm" if itself is None else "deactivateAutoConfirm"
    links = {change: href(f"{root}/confirmationBase/{change}")}
    if waiting is not None:
        links["confirmationBase"] = href(f"{root}/confirmationBase/{waiting}")
    state: dict[str, Any] = {"active": itself is not None}
    if itself is not None:
        state |= told(
            {
                "initiator": itself.initiator or None,
                "remark": itself.remark or None,
                "activatedAt": milliseconds(itself.activated_at),
            }
        )
    return {"autoConfirm": state, "_links": links}


def files(chunk: Chunk, root: str) -> list[dict[str, Any]]:
    """The artifacts of a module."""
    return [_file(each, f"{root}/softwaremodules/{chunk.number}/artifacts") for each in chunk.files]


def _chunk(chunk: Chunk, root: str) -> dict[str, Any]:
    metadata = [{"key": key, "value": value} for key, value in chunk.metadata]
    return told(
        {
            "part": PARTS.get(chunk.type, chunk.type),
            "version": chunk.version,
            "name": chunk.name,
            "encrypted": True if chunk.is_encrypted else None,
            "artifacts": files(chunk, root),
            "metadata": metadata or None,
        }
    )


def _file(file: File, folder: str) -> dict[str, Any]:
    address = f"{folder}/{quote(file.filename, safe='')}"
    secure = "" if folder.startswith("https:") else "-http"
    return {
        "filename": file.filename,
        "hashes": {"sha1": file.sha1, "md5": file.md5, "sha256": file.sha256},
        "size": file.size,
        "_links": {
            f"download{secure}": href(address),
            f"md5sum{secure}": href(f"{address}.MD5SUM"),
        },
    }


def _history(row: DeviceDeployment, messages: Sequence[str]) -> dict[str, Any]:
    return {"status": detail_of(row).upper(), "messages": list(messages)}
