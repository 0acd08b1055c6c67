"""Whether this installation works: for load balancers, the supervisor and people."""

import http.client
import logging
import secrets
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobs import liveness

FRESH = 1.0  # seconds for which an answer is given again
log = logging.getLogger(__name__)

_since = timezone.now()
_lock = threading.Lock()
_last: tuple[float, dict[str, str]] = (-FRESH, {})


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 if every part works, else 503; the body says which part does not, never why."""
    parts = _examine()
    works = all(state == "ok" for state in parts.values())
    return JsonResponse(
        {"status": "ok" if works else "failing", **parts}, status=200 if works else 503
    )


def answers(port: int) -> bool:
    """Whether the server on this machine says that it works."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    server = http.client.HTTPConnection(host, port, timeout=1)
    try:
        server.request("GET", "/healthz")
        return server.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        server.close()


def _examine() -> dict[str, str]:
    global _last  # noqa: PLW0603
    with _lock:
        at, parts = _last
        if time.monotonic() - at >= FRESH:
            parts = {name: _state(name, check) for name, check in _CHECKS.items()}
            _last = (time.monotonic(), parts)
        return parts


def _state(name: str, check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failing"
    except Exception:
        log.exception("%s does not work", name)
        return "failing"


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _storage() -> bool:
    storage = storages["artifacts"]
    name = storage.save(f".probe-{secrets.token_hex(8)}", ContentFile(b"ok"))
    storage.delete(name)
    return True


def _jobs() -> bool:
    return liveness.is_alive(watched_since=_since)


_CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "storage": _storage, "jobs": _jobs}
