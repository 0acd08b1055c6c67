"""The carrier of jobs: Celery takes ids to workers. The truth is the table of `jobs.models`."""

import os
from typing import Any

from celery import Celery
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

from jobs.periodic import PERIODIC

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
TRANSPORT_ALIASES["filesystem"] = "config.mailbox:Transport"

app = Celery("slipway", set_as_current=True)
app.conf.update(
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    timezone=settings.TIME_ZONE,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    # One message at a time: what waits behind a long job is for the other threads.
    worker_prefetch_multiplier=1,
)
if settings.BROKER_URL.startswith("filesystem:"):
    app.conf.update(
        broker_url="filesystem://localhost",
        broker_transport_options={"folder": str(settings.BROKER_FOLDER)},
    )
else:
    app.conf.update(
        broker_url=settings.BROKER_URL,
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 30},
    )


@app.on_after_finalize.connect
def schedule(sender: Celery, **_kwargs: Any) -> None:
    """Let the scheduler call all periodic work; a call nobody took in time is dropped."""
    come_round = sender.tasks["jobs.come_round"]
    for work in PERIODIC.values():
        sender.add_periodic_task(
            work.seconds, come_round.s(work.name), name=work.name, expires=work.seconds
        )
