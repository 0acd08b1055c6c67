"""Texts in hawkBit's language that can be read, and values that make them true now and then."""

from hypothesis import strategies as st

NAMES = ["edge-1", "Edge-1", "edge-2", "a*b", "ab", "5", "x%_", "[a]", "ü", "Ü", "null"]
KEYS = ["hw", "HW", "a.b", "100%", "k"]
VALUES = ["1.1", "1.10", "linux", "LINUX", "", "null", "5", "a*b", "rome"]
TAGS = ["eu", "EU", "beta", "a*b"]

# In quotes the reader takes one backslash.
texts = st.sampled_from([*NAMES, *VALUES, "*", "edge*", "*1*", "a\\*b*", "a\\*b", "E*", "''"])
_TEXTUAL = ["==", "!=", "=is=", "=not=", "=eq=", "=ne=", "<", "=le=", ">", "=ge=", "=IN=", "=out="]
_EXACT = ["==", "!=", "=is=", "=in=", "=out="]
statuses = st.sampled_from(["unknown", "PENDING", "in_sync", "error", "Registered", "''"])
times = st.sampled_from(["0", "1000", "${NOW_TS}", "${overdue_ts}", "99999999999999"])
numbers = st.sampled_from(["1", "2", "3", "-5", "1.5", "99999999999999999"])


def quoted(text: str) -> str:
    if text == "''":
        return text
    spelt = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{spelt}'"


def _asked(
    fields: list[str], words: list[str], values: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    def spelt(parts: tuple[str, str, list[str]]) -> str:
        field, word, told = parts
        if word.lower() in {"=in=", "=out="}:
            return f"{field}{word}({','.join(map(quoted, told))})"
        return f"{field}{word}{quoted(told[0])}"

    lists = st.lists(values, min_size=1, max_size=3)
    return st.tuples(st.sampled_from(fields), st.sampled_from(words), lists).map(spelt)


questions = st.one_of(
    _asked(
        ["name", "NAME", "id", "controllerid", "description", "group", "ipaddress"],
        _TEXTUAL,
        texts,
    ),
    _asked([f"attribute.{key}" for key in KEYS], _TEXTUAL, texts),
    _asked([f"metadata.{key}" for key in KEYS], _TEXTUAL, texts),
    _asked(["tag", "tag.name"], _TEXTUAL, st.sampled_from([*TAGS, "*", "e*", "''"])),
    _asked(["updatestatus"], _EXACT, statuses),
    _asked(
        ["assignedds.name", "assignedds.version", "installedds.name", "installedds.version"],
        _TEXTUAL,
        st.sampled_from(["fw", "FW", "app", "1.0", "2*", "*", "''"]),
    ),
    _asked(["type", "type.key", "targettype.key", "type.name"], _TEXTUAL, texts),
    _asked(["lastcontrollerrequestat", "createdat"], ["<", "=le=", ">", "=ge=", "=out="], times),
    _asked(["lastcontrollerrequestat"], ["==", "!="], times | st.sampled_from(["*", "''"])),
    _asked(["targettype.id"], ["==", "!=", "<", "=ge=", "=in="], numbers),
    _asked(["autoconfirm"], ["==", "!="], st.sampled_from(["true", "FALSE"])),
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(parts, min_size=2, max_size=3)
    signs = st.sampled_from([",", ";", " and ", " OR "])
    return st.tuples(some, signs).map(lambda told: f"({told[1].join(told[0])})")


sentences = st.recursive(questions, _joined, max_leaves=5)
facts = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "description": st.sampled_from(["", "sensor", "Sensor", "a*b"]),
        "group": st.sampled_from(["", "eu/no", "EU"]),
        "attributes": st.dictionaries(
            st.sampled_from(KEYS),
            st.sampled_from(VALUES)
            | st.sampled_from([5, 1.1, -3])
            | st.lists(st.sampled_from(VALUES), max_size=2),
            max_size=3,
        ),
        "metadata": st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=3),
        "tags": st.lists(st.sampled_from(TAGS), max_size=3, unique=True),
        "type": st.none() | st.sampled_from(["gw", "null"]),
        "minutes": st.none() | st.sampled_from([0, 9, 11, 60]),
        "software": st.sampled_from(["", "fw:1.0", "app:1.0", "unknown"]),
        "parts": st.lists(
            st.tuples(
                st.sampled_from(["fw:1.0", "fw:2.0", "app:1.0"]),
                st.sampled_from(["pending", "success", "failure", "aborted", "downloaded"]),
            ),
            max_size=2,
        ),
    }
)
