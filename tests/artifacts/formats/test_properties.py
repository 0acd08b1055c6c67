"""Whatever the bytes are: a FormatError or an answer, nothing else."""

import io
from contextlib import suppress
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from artifacts.formats.errors import FormatError
from artifacts.formats.limits import Limits
from artifacts.formats.mender import read_mender
from tests.artifacts.formats.build import PACK, SUFFIXES, Draft, tar

LIMITS = Limits(bomb_floor=1024 * 1024)


@cache
def valid(suffix: str) -> bytes:
    return Draft(suffix=suffix, metadata={"a": 1}).build()


def never_surprises(data: bytes) -> None:
    with suppress(FormatError):
        read_mender(io.BytesIO(data), limits=LIMITS)


def edits(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` with a few stretches overwritten, cut out or put in."""
    spot = st.tuples(st.integers(0, len(data)), st.integers(0, 40), st.binary(max_size=40))

    def apply(spots: list[tuple[int, int, bytes]]) -> bytes:
        result = data
        for at, length, fresh in spots:
            result = result[:at] + fresh + result[at + length :]
        return result

    return st.lists(spot, min_size=1, max_size=3).map(apply)


@given(st.binary(max_size=2000))
@settings(max_examples=50, deadline=None)
def test_random_bytes_never_surprise(data: bytes) -> None:
    never_surprises(data)
    never_surprises(valid("")[:1536] + data)


@given(st.sampled_from(SUFFIXES).flatmap(lambda suffix: edits(valid(suffix))))
@settings(max_examples=150, deadline=None)
def test_a_mutated_artifact_never_surprises(data: bytes) -> None:
    never_surprises(data)


@given(st.sampled_from(SUFFIXES), st.sampled_from([0, 1, 2, 3]), st.data())
@settings(max_examples=150, deadline=None)
def test_a_mutated_member_never_surprises(suffix: str, index: int, data: st.DataObject) -> None:
    """The members are mutated before they are packed, so that the edits reach the parsers."""
    outer = Draft(metadata={"a": 1}, scripts=[("scripts/ArtifactCommit_Enter_00", b"")]).outer()
    for number, (name, body) in enumerate(outer):
        changed = data.draw(edits(body)) if number == index else body
        packed = number >= 2
        outer[number] = (name + suffix, PACK[suffix](changed)) if packed else (name, changed)
    never_surprises(tar(outer))
