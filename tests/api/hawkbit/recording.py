"""What this dialect answers while a test runs: `tests/api/recording.py` says what for."""

from api.hawkbit.ddi.resources import DeviceResource
from api.hawkbit.openapi.document import OPERATIONS, described
from api.hawkbit.openapi.operations import HAL, JSON
from api.hawkbit.resources import Resource
from tests.api.hawkbit.served import methods_of
from tests.api.recording import Described, views_recorded

DESCRIBED = Described(OPERATIONS, described)
recording = views_recorded([Resource, DeviceResource], methods_of, [HAL, JSON])
