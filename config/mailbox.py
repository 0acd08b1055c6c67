"""A folder as a broker, for a machine that has none: one file a message.

Celery's own filesystem transport lets a reader see half a message and shares its bindings in
files that two starting processes can truncate. Here a message appears whole, belongs to whoever
removes its file, and bindings are declared by every process for itself.
"""

import time
import uuid
from collections import deque
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads


class Channel(virtual.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: dict[str, deque[Path]] = {}

    @property
    def folder(self) -> Path:
        client: Any = self.connection.client
        return Path(client.transport_options["folder"])

    def _put(self, queue: str, message: dict[str, Any], **_kwargs: Any) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.{queue}"
        unfinished = self.folder / f".{name}"
        unfinished.write_text(dumps(message))
        unfinished.rename(self.folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        names = self._seen.get(queue) or deque(self._waiting(queue))
        self._seen[queue] = names
        while names:
            path = names.popleft()
            try:
                text = path.read_text()
                path.unlink()
            except FileNotFoundError:
                continue
            return loads(text)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for path in waiting:
            path.unlink(missing_ok=True)
        return len(waiting)

    def _waiting(self, queue: str) -> list[Path]:
        return sorted(self.folder.glob(f"[0-9]*.{queue}"))


class Transport(virtual.Transport):
    Channel = Channel
    driver_type = driver_name = "folder"
    polling_interval = 0.05
    default_port = 0
    global_state = virtual.BrokerState()

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state


def empty(folder: Path) -> None:
    """Throw away what nobody fetched: the table still knows every job."""
    for path in folder.glob("*") if folder.exists() else ():
        path.unlink(missing_ok=True)
