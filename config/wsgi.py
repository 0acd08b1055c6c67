"""The web entry: polls take the fast lane, everything else goes through Django."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from api.bodies import ChunkedHandler  # noqa: E402 - Django first
from api.mender.fast_lane import FastLane  # noqa: E402 - Django first

application = FastLane(ChunkedHandler())
