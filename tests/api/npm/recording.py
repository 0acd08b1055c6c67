"""What this dialect answers while a test runs: `tests/api/recording.py` says what for."""

from api.npm.openapi.document import OPERATIONS, described
from api.npm.resources import Address
from api.openapi.operations import JSON
from tests.api.npm.served import PREFIX, methods_of
from tests.api.recording import Described, views_recorded

DESCRIBED = Described(OPERATIONS, described)
recording = views_recorded([Address], methods_of, [JSON], PREFIX)
