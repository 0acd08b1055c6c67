"""From here on conditions may be written in RSQL wherever one is kept with its language."""

from api.hawkbit.rsql.language import Rsql
from fleet.languages import speak
from fleet.models import Language

speak(Language.HAWKBIT, Rsql())
