"""Which function does which kind of job."""

from collections.abc import Callable
from typing import Any

from jobs.models import Job

Handler = Callable[[Job], dict[str, Any] | None]

_handlers: dict[str, Handler] = {}
_slow: set[str] = set()


class Hopeless(Exception):
    """Raised by a handler whose work can never succeed; the text says why, to people."""


class UnknownKind(LookupError):
    """No handler is registered for this kind of job."""


def handles(kind: str, *, is_slow: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`; what it returns becomes `job.result`.

    It runs outside any transaction, and again after a crash or an exception other than Hopeless:
    it must be safe to run twice. What waits for somebody outside `is_slow`: it is done beside the
    other jobs (`jobs/beside.py`). Handlers live in `<app>/tasks.py`, imported when the app is
    ready.
    """

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(kind, handler) is not handler:
            raise ValueError(f"Two handlers for jobs of kind {kind}")
        if is_slow:
            _slow.add(kind)
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The function registered for `kind`; raises UnknownKind."""
    try:
        return _handlers[kind]
    except KeyError:
        raise UnknownKind(f"No handler for jobs of kind {kind}") from None


def slow_kinds() -> frozenset[str]:
    return frozenset(_slow)
