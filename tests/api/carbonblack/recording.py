"""What this dialect answers while a test runs: `tests/api/recording.py` says what for."""

from api.carbonblack.openapi.document import OPERATIONS, described
from api.carbonblack.resources import Resource
from api.openapi.operations import JSON
from tests.api.carbonblack.served import methods_of
from tests.api.recording import Described, views_recorded

DESCRIBED = Described(OPERATIONS, described)
recording = views_recorded([Resource], methods_of, [JSON])
