"""Searches that can be read, and devices that they find now and then."""

from hypothesis import strategies as st

from api.carbonblack.search.words import DeploymentType, DeviceStatus, Os, TargetPriority
from fleet.models import KitType

NAMES = ["Machost1", "machost2", "mac*", "%", "_x", "ü", "Ü", "a\\b", "10", "-"]
VERSIONS = ["", "3.9", "3.10", "3.10-RC1", "3.10-rc1", "*", "10"]
GROUPS = ["", "7", "07", "6525", "North", "north", "ü"]
SYSTEMS = ["Android 13", "iOS 17", "QNX", "ANDROID", ""]
SAID = ["vdi", "VDI", "aws", "ENDPOINT", "nothing", ""]
ADDRESSES = ["", "http://10.0.0.1", "http://10.0.1.2/mac"]


def cased(words: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(words).flatmap(lambda word: st.sampled_from([word, word.lower()]))


_choices = {
    "os": cased(Os.values),
    "sensor_kit_type": cased(KitType.values),
    "deployment_type": cased(DeploymentType.values),
    "target_priority": cased(TargetPriority.values),
    "status": cased(DeviceStatus.values),
}
_texts = {
    "id": st.sampled_from(["1", "2", "3", "0", "x", "99999999999"]),
    "name": st.sampled_from([*NAMES, ""]),
    "os_version": st.sampled_from([*SYSTEMS, "13", "qnx"]),
    "sensor_version": st.sampled_from([*VERSIONS, "fw", "4"]),
    "policy_id": st.sampled_from(["0", "7", "07", "6525", "x"]),
    "policy_name": st.sampled_from(GROUPS),
}
_fields = _choices | _texts
criteria = st.fixed_dictionaries(
    {}, optional={name: st.lists(values, max_size=3) for name, values in _fields.items()}
)


def quoted(text: str) -> str:
    spelt = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{spelt}"'


STARRED = ["*", "m*", "*1*", "*o*", "3.1*", "1*", "**", "\\**"]


def _asking(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    told = values.map(quoted) | st.sampled_from(STARRED)
    return told.map(lambda value: f"{name}:{value}")


_asked = st.one_of(
    *(_asking(name, values) for name, values in _fields.items()),
    st.sampled_from(["mac", "MAC", "10.0", "ma*t", "*", "%", "_", "ü", "nobody", '"mac*"', "1\\*"]),
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(parts, min_size=2, max_size=3)
    signs = st.sampled_from([" ", " AND ", " OR "])
    together = st.tuples(some, signs).map(lambda told: f"({told[1].join(told[0])})")
    return together | parts.map(lambda part: f"(NOT {part})")


queries = st.just("") | st.recursive(_asked, _joined, max_leaves=5)
facts = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "kit": st.sampled_from(["MAC", "WINDOWS", "OTHER", "XP"]),
        "version": st.sampled_from(VERSIONS),
        "software": st.sampled_from(["", "fw", "unknown", "3.9"]),
        "group": st.sampled_from(GROUPS),
        "status": st.sampled_from(["accepted", "pending", "preauthorized", "rejected", "noauth"]),
        "is_leaving": st.booleans(),
        "days": st.none() | st.sampled_from([1, 29, 31]),
        "address": st.sampled_from(ADDRESSES),
        "priority": st.sampled_from(["", "low", "HIGH", "urgent"]),
        "outcome": st.sampled_from(
            ["", "failure", "success", "failure success", "failure pending"]
        ),
        "os": st.sampled_from(SYSTEMS) | st.lists(st.sampled_from(SYSTEMS), max_size=2),
        "os_version": st.sampled_from(["", "13", 13]) | st.lists(st.just("13"), max_size=2),
        "deployment_type": st.sampled_from(SAID) | st.lists(st.sampled_from(SAID), max_size=2),
        "DEPLOYMENT_TYPE": st.sampled_from(SAID),
    }
)
