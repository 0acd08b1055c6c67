"""From here on conditions may be written in FIQL wherever one is kept with its language."""

from fleet.conditions import Fiql
from fleet.languages import speak
from fleet.models import Language

speak(Language.FIQL, Fiql())
