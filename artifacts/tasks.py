"""Work of the artifacts that comes round."""

from artifacts.storage import sweep_abandoned
from jobs.periodic import every

every(seconds=300, name="artifacts.sweep_abandoned")(sweep_abandoned)
