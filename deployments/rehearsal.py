"""A preview, read aloud: who will get it, who gets it later, who will not."""

from dataclasses import dataclass
from functools import cached_property

from deployments import charts
from deployments.charts import Drawing, Part
from deployments.previewing import LeftOut, Preview

# Why, and what would help.
WORDS: dict[str, tuple[str, str]] = {
    "nothing_fits": ("No fitting artifact", "Upload one for them"),
    "unknown_type": ("Has not said its type", "It says so with its inventory"),
    "already_installed": ("Runs it already", "Choose to install it again"),
    "not_accepted": ("Not accepted", "Accept it first"),
    "unknown_id": ("Not known here yet", "It begins once it has called and is accepted"),
    "busy": ("In another deployment", "That one comes first, then this"),
}
NEVER = frozenset({"nothing_fits", "unknown_type", "already_installed"})


@dataclass(frozen=True, slots=True)
class Reason:
    """How many are left out, or have to wait, and in words why."""

    reason: str
    devices: int
    names: tuple[str, ...]
    device_type: str
    why: str
    helps: str

    @property
    def more(self) -> int:
        return self.devices - len(self.names)


@dataclass(frozen=True)
class Rehearsal:
    """`is_listed` is for devices one by one: they are enlisted whether accepted or not.

    If it `is_dynamic`, more may come than match now.
    """

    preview: Preview
    is_listed: bool
    is_dynamic: bool = False

    @cached_property
    def will_not(self) -> list[Reason]:
        """Of those it is for: they will end without it. Beside them who is not even meant."""
        return self._worded(NEVER if self.is_listed else NEVER | {"not_accepted"})

    @cached_property
    def later(self) -> list[Reason]:
        """They get it, but not when their phase opens."""
        return self._worded({"busy", "unknown_id", "not_accepted"} if self.is_listed else {"busy"})

    @property
    def without(self) -> int:
        return sum(reason.devices for reason in self.will_not)

    @property
    def will(self) -> int:
        ended = sum(reason.devices for reason in self.will_not if reason.reason in NEVER)
        return max(self.preview.devices - ended, 0)

    @property
    def bar(self) -> Drawing:
        drawing = charts.bar([Part("accent", self.will), Part("wait", self.without)])
        label = f"{self.will:,} will, {self.without:,} will not"
        return Drawing(drawing.pieces, drawing.parts, label)

    @property
    def phasebar(self) -> Drawing:
        return charts.phasebar([[Part("wait", each.devices)] for each in self.preview.phases])

    def _worded(self, reasons: set[str] | frozenset[str]) -> list[Reason]:
        return [_reason(each) for each in self.preview.left_out if each.reason in reasons]


def _reason(left_out: LeftOut) -> Reason:
    why, helps = WORDS[left_out.reason]
    return Reason(
        left_out.reason, left_out.devices, left_out.names, left_out.device_type, why, helps
    )
