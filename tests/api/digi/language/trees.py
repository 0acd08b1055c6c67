"""Conditions as parsing makes them, and small fleets that they are asked of."""

from typing import Any

from hypothesis import strategies as st

from api.digi.language.fields import (
    DEVICE_FIELDS,
    DEVICE_ID,
    FIELDS,
    GROUP,
    GROUP_WITHIN,
    JOB_ID,
    JOB_STATUSES,
    JOB_TYPES,
    Field,
)
from api.digi.language.words import Kind
from query.tree import RANGES, All, Comparison, Condition, Not, Operator, Some
from query.wildcards import pattern_of
from tests.api.digi.language.jobs import Job

LETTERS = st.sampled_from("abz09 .%_*?[]\\'\";=<>äß😀-/:")
VERSIONS = ["3.9.0", "3.10.0", "3.10", "3.9.0-rc1", "4", "V4", "03.9.0"]
IDS = [f"{number:08x}-00000000-00000000-0000000a" for number in range(3)]
texts = st.text(LETTERS, max_size=3)
values = texts | st.sampled_from(["edge-1", "ab", "a", "b", *VERSIONS, "10.0.0.1", "and", "x=y"])
numbers = st.integers(-2, 90) | st.sampled_from([0.5, 15.25, 10**30, -1.5])
ranges = st.sampled_from(sorted(RANGES))
patterns = st.builds(
    lambda text, ends: pattern_of([*[""] * (ends > 0), text, *[""] * (ends != 1)]),
    texts | st.sampled_from(["e", "3.", "00:"]),
    st.integers(0, 2),
)
paths = st.sampled_from(["/", "/a", "/a/b", "/ab", "/lab", "/b a"])


def _exact(path: tuple[str, ...], wanted: st.SearchStrategy) -> st.SearchStrategy[Condition]:
    same = wanted.map(lambda value: Comparison(path, Operator.EQUAL, value))
    return same | same.map(Not)


def _ranged(path: tuple[str, ...], wanted: st.SearchStrategy) -> st.SearchStrategy[Condition]:
    return st.builds(Comparison, st.just(path), ranges, wanted)


def _like(path: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    return patterns.map(lambda pattern: Comparison(path, Operator.LIKE, pattern))


def _in_group() -> st.SearchStrategy[Condition]:
    ends = texts.map(lambda text: Comparison(GROUP, Operator.LIKE, pattern_of(["", text])))
    begins = texts.map(
        lambda text: Comparison(GROUP_WITHIN, Operator.LIKE, pattern_of([f"/{text}", ""]))
    )
    holds = texts.map(
        lambda text: Comparison(GROUP_WITHIN, Operator.LIKE, pattern_of(["", text, ""]))
    )
    plain = ends.filter(lambda asked: not str(asked.value).endswith(("/", "*")))
    return _exact(GROUP, paths) | plain | begins | holds.filter(lambda asked: asked.value != "*")


def _of(field: Field) -> st.SearchStrategy[Condition]:
    path = (field.name,)
    match field.kind:
        case Kind.NUMERIC:
            return _exact(path, numbers) | _ranged(path, numbers)
        case Kind.ENUMERATED:
            return _exact(path, st.sampled_from(field.words))
        case Kind.GROUP:
            return _in_group()
        case Kind.TAGS:
            return _exact(path, values) | _like(path)
        case Kind.ID:
            job = _exact(JOB_ID, st.integers(0, 9)) | _ranged(JOB_ID, st.integers(0, 9))
            device = _exact(DEVICE_ID, st.sampled_from(IDS)) | _like(DEVICE_ID)
            return job | device | _ranged(DEVICE_ID, st.sampled_from(IDS))
        case _:
            return _exact(path, values) | _ranged(path, values) | _like(path)


leaves = st.one_of(*(_of(field) for field in FIELDS.values() if field.kind != Kind.TIMESTAMP))
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: Some(tuple(parts)))
    ),
    max_leaves=6,
)

tags = st.dictionaries(
    st.sampled_from(["a", "A b", "x", "notes"]), st.sampled_from(["", "y", 5, ["p", "q"]])
)
told_texts = st.sampled_from(["", "a", "B", "ab", "10.0", 5, 1.5, ["a", "b"], []])
ATTRIBUTES = [
    name
    for name, field in DEVICE_FIELDS.items()
    if name in {"carrier", "network2", "vendor_id", "contact", "notes", "location"}
]
SIGNALS = [name for name, field in DEVICE_FIELDS.items() if field.kind == Kind.NUMERIC]
device_facts: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Edge-1", "edge-1", "a*b", "ä", "[a]", "x%_", "b\\"]),
        "device_type": st.sampled_from(["", "EX50", "ab"]),
        "group": st.sampled_from(["", "a", "a/b", "/ab/", "Lab"]),
        "description": st.sampled_from(["", "ab"]),
        "status": st.sampled_from(["accepted", "pending", "preauthorized", "rejected", "noauth"]),
        "software": st.sampled_from(["", *VERSIONS]),
        "sensor_version": st.sampled_from(["", "3.9.0"]),
        "minutes": st.sampled_from([None, 1, 9, 11, 99]),
        "alert": st.sampled_from([None, "OK", "CRITICAL"]),
        "address": st.sampled_from(["", "http://10.0.0.1", "http://[::1]:80/x", "10.9.9.9"]),
        "identity": st.sampled_from([{}, {"mac": "00409d000001"}, {"mac": "z", "sn": "7"}]),
        "inventory": st.dictionaries(st.sampled_from(ATTRIBUTES), told_texts, max_size=3),
        "signals": st.dictionaries(
            st.sampled_from(SIGNALS), st.sampled_from([0, 15, 15.25, "80", "-1.5", "low", "", []])
        ),
        "interfaces": st.sampled_from(
            [
                {},
                {"mac_eth1": "00:40:9D:00:00:0b", "mac_eth0": "", "ipv4_eth0": "10.0.0.1/24"},
                {"mac_eth0": "0040.9d00.000c", "ipv4_a": [], "ipv4_b": ["10.0.0.2/8", "x"]},
            ]
        ),
        "tags": tags,
    }
)
jobs = st.builds(
    Job,
    st.sampled_from(["alice", "Bob", "ABCD/x"]),
    st.sampled_from(JOB_STATUSES),
    st.sampled_from(JOB_TYPES),
)
