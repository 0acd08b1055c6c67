"""The devices of a deployment in the order in which they need somebody."""

from django.db.models import Case, IntegerField, Value, When

from deployments.charts import KINDS
from deployments.derived import STATE_WORD
from deployments.progress import APART
from deployments.states import State
from query.tree import Operator

# The states that are listed together, the worst first.
TOGETHER: dict[str, frozenset[State]] = {
    "failed": KINDS["fail"],
    "progress": KINDS["run"],
    "waiting": KINDS["wait"],
    "installed": KINDS["ok"],
    "apart": frozenset(APART),
}
URGENCY = Case(
    *(
        When(STATE_WORD.compare(Operator.IN, tuple(sorted(states))), then=Value(rank))
        for rank, states in enumerate(TOGETHER.values())
    ),
    default=Value(len(TOGETHER)),
    output_field=IntegerField(),
)
