"""The floor under a server: a WSGI application that always answers the same."""

from collections.abc import Callable, Iterable
from typing import Any


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    start_response("204 No Content", [])
    return [b""]
