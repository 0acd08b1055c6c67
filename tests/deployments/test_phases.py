"""How phases cut a number of devices."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.planning import PhasePlan, cut
from fleet.errors import Invalid

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def sizes(size: int, *percents: int | None) -> list[int]:
    phases = [
        PhasePlan(percent, NOW + HOUR * position) for position, percent in enumerate(percents)
    ]
    return [piece.devices for piece in cut(phases, size, now=NOW)]


@given(
    size=st.integers(1, 10_000),
    shares=st.lists(st.integers(1, 99), max_size=8).filter(lambda shares: sum(shares) < 100),
    last=st.sampled_from(["left out", "given"]),
)
def test_every_device_is_in_exactly_one_phase(size: int, shares: list[int], last: str) -> None:
    rest = None if last == "left out" else 100 - sum(shares)
    if any(share * size // 100 == 0 for share in shares):
        with pytest.raises(Invalid, match="zero devices"):
            sizes(size, *shares, rest)
    else:
        cut_sizes = sizes(size, *shares, rest)
        assert sum(cut_sizes) == size
        assert cut_sizes[:-1] == [share * size // 100 for share in shares]
        assert min(cut_sizes) > 0


def test_shares_round_down_and_the_last_phase_takes_the_rest() -> None:
    assert sizes(33, 10, 25, None) == [3, 8, 22]


def test_the_last_phase_has_no_quota() -> None:
    phases = [PhasePlan(10), PhasePlan(90, NOW)]
    assert [piece.quota for piece in cut(phases, 500, now=NOW)] == [50, None]


def test_no_phases_and_one_empty_phase_mean_all_at_once() -> None:
    for phases in ([], [PhasePlan()]):
        (piece,) = cut(phases, 7, now=NOW)
        assert (piece.devices, piece.quota, piece.starts_at) == (7, None, NOW)


def test_a_phase_that_rounds_to_nobody_is_named() -> None:
    with pytest.raises(Invalid, match="batch with zero devices not allowed") as refusal:
        sizes(20, 50, 30, 1, None)
    assert refusal.value.details == {"batch": 3}
    assert "Batch: (3) will be empty" in refusal.value.message


@pytest.mark.parametrize(
    "percents",
    [(0, None), (101,), (-5, None), (60, 41), (None, 10), (50, 50, None)],
)
def test_shares_that_contradict_each_other_are_refused(percents: tuple[int | None, ...]) -> None:
    with pytest.raises(Invalid) as refusal:
        sizes(1000, *percents)
    assert refusal.value.code == "invalid_phases"


@pytest.mark.parametrize(
    "times", [(NOW, None), (NOW + HOUR, NOW), (None, NOW + HOUR, NOW + HOUR / 2)]
)
def test_times_that_go_backwards_or_are_missing_are_refused(
    times: tuple[datetime | None, ...],
) -> None:
    phases = [PhasePlan(10, time) for time in times]
    with pytest.raises(Invalid, match=r"start"):
        cut(phases, 1000, now=NOW)


def test_neighbours_may_start_together_and_the_first_at_once() -> None:
    phases = [PhasePlan(10), PhasePlan(10, NOW - HOUR), PhasePlan(None, NOW - HOUR)]
    assert [piece.starts_at for piece in cut(phases, 1000, now=NOW)] == [NOW, NOW, NOW]
