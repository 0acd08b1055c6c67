"""The end of a call to a server, however slowly that one answers."""

import socket
import threading
from contextlib import suppress
from typing import Any, Self

_OPENED = {"connection.connect_tcp.complete", "connection.start_tls.complete"}


class Deadline:
    """Cuts the connections of a call off when its seconds are over, be it amid a header.

    Timeouts hold between two pieces of an answer only, and a piece may be one byte. Give `opened`
    as the extension "trace" of the request; whoever reads then sees the answer break off, or end:
    ask `is_over`.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def opened(self, event: str, facts: dict[str, Any]) -> None:
        """Remember each connection (httpcore's "trace")."""
        if event not in _OPENED:
            return
        with self._lock:
            self._sockets.append(facts["return_value"].get_extra_info("socket"))
            if self.is_over:
                self._cut()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            self._cut()

    def _cut(self) -> None:
        for each in self._sockets:
            # Not closed: its number must not become another's while somebody reads from it. And
            # not by TLS, which would wait for the other side.
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
