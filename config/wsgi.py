"""The web entry: polls take the fast lane, everything else goes through Django."""

import logging
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from django.db import DatabaseError, connection  # noqa: E402 - Django first

from api.bodies import ChunkedHandler  # noqa: E402 - Django first
from api.hawkbit.ddi.fast_lane import FastLane as HawkbitLane  # noqa: E402 - Django first
from api.mender.fast_lane import FastLane as MenderLane  # noqa: E402 - Django first
from artifacts.sweeping import sweep_abandoned  # noqa: E402 - Django first

try:
    # A server may bring back a killed worker by itself: what that was writing goes now.
    sweep_abandoned()
except DatabaseError:
    logging.getLogger(__name__).warning("Nothing was swept: the database does not answer")
finally:
    connection.close()

application = MenderLane(HawkbitLane(ChunkedHandler()))
