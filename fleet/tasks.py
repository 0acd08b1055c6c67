"""Work of the fleet that nobody waits for, and work that comes round."""

from importlib import import_module

from django.conf import settings

from fleet.bulk.changing import CHANGE
from fleet.bulk.jobs import run
from fleet.monitoring import forget_old_alerts
from fleet.sensor_kits import RECOMPUTE, recompute
from fleet.tagging import RETAG
from fleet.tagging import run as retag
from jobs.handlers import handles
from jobs.periodic import every

handles(CHANGE)(run)
handles(RETAG)(retag)
handles(RECOMPUTE)(recompute)
every(seconds=86_400, name="fleet.forget_old_alerts")(forget_old_alerts)


@every(seconds=86_400, name="fleet.forget_sessions")
def forget_sessions() -> None:
    """Delete the sessions of browsers that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
