"""What runs beside what: the children of `manage.py serve`."""

import sys
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: tuple[str, ...]


def programs() -> list[Program]:
    """Everything one machine needs, the web first."""
    together = [
        Program("web", _granian()),
        Program("worker", _celery("worker", "--pool", "threads", "--concurrency", "2", *_ALONE)),
        Program("scheduler", _celery("beat", "--pidfile=", "--schedule", str(_SCHEDULE))),
    ]
    if settings.DEMO:
        together.append(Program("demo", (sys.executable, "manage.py", "demo")))
    return together


_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")
_SCHEDULE = settings.DATA / "schedule"


def _granian() -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", settings.HOST, "--port", str(settings.PORT)),
        *("--workers", str(settings.SERVE_WORKERS)),
        *("--blocking-threads", str(settings.SERVE_THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
        # It warns of more threads than processors; most of ours wait for slow clients.
        *("--log-level", "error"),
        "config.wsgi:application",
    )


def _celery(*arguments: str) -> tuple[str, ...]:
    # In a container everything is root; Celery's warning is about pickle, which we do not accept.
    quiet = ("-W", "ignore:You're running the worker")
    return (sys.executable, *quiet, "-m", "celery", "--quiet", "--app", "config.celery", *arguments)
