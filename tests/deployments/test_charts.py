"""Bars: to scale, nothing invisible, always in the same order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments import charts
from deployments.charts import Part
from deployments.states import State

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=8)
KINDS = list(charts.KINDS)


def parts(counts):
    return [Part(KINDS[n % len(KINDS)], count) for n, count in enumerate(counts)]


def widths(drawing):
    return [float(piece.width.rstrip("%")) for piece in drawing.pieces]


@given(COUNTS)
def test_the_pieces_fill_the_bar_and_every_one_can_be_seen(counts):
    drawing = charts.bar(parts(counts))
    assert len(drawing.pieces) == sum(count > 0 for count in counts)
    assert all(width >= 0.69 for width in widths(drawing))
    assert not any(counts) or sum(widths(drawing)) == pytest.approx(100, abs=0.1)


@given(st.lists(COUNTS.filter(any), min_size=1, max_size=12))
def test_the_gates_stand_where_phases_meet(phases):
    drawing = charts.phasebar([parts(counts) for counts in phases])
    gates = [float(gate.rstrip("%")) for gate in drawing.gates]
    assert len(gates) == len(phases) - 1
    assert gates == sorted(gates)
    assert all(0 < gate < 100 for gate in gates)
    assert sum(widths(drawing)) == pytest.approx(100, abs=0.2)


def test_what_is_large_stays_to_scale():
    assert widths(charts.bar([Part("ok", 75), Part("wait", 25)])) == [75, 25]


def test_states_are_summed_in_the_order_of_the_bar():
    counts = {
        State.PENDING: 5,
        State.FAILURE: 1,
        State.REBOOTING: 2,
        State.INSTALLING: 1,
        State.ALREADY_INSTALLED: 1,
        State.SUCCESS: 3,
        State.NO_ARTIFACT: 9,
    }
    counted = charts.parts(counts)
    assert [(part.kind, part.count) for part in counted] == [
        ("ok", 4),
        ("run", 3),
        ("fail", 1),
        ("wait", 5),
    ]
    assert charts.bar(counted).label == "4 installed, 3 in progress, 1 failed, 5 waiting of 13"


def test_nobody_is_a_bar_too():
    assert charts.bar([]).label == "nobody"
    assert charts.phasebar([]).pieces == ()
