"""Whatever is written can be read, and says what was meant."""

import io
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from artifacts.formats.mender_writer import write_module_artifact
from tests.artifacts.formats.build import read, sha256

NAMES = st.from_regex(r"[a-z0-9][A-Za-z0-9_\-.,]{0,120}", fullmatch=True)
FILES = st.dictionaries(NAMES, st.binary(max_size=3000), max_size=4)
TEXTS = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20)
KEYS = TEXTS.filter(lambda key: key not in {"artifact_name", "artifact_group", "device_type"})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(
    name=TEXTS,
    devices=st.lists(TEXTS, min_size=1, max_size=3, unique=True),
    kind=TEXTS,
    files=FILES,
    metadata=st.dictionaries(TEXTS, JSON, max_size=3),
    provides=st.dictionaries(KEYS, TEXTS, max_size=3),
    depends=st.dictionaries(KEYS, TEXTS | st.lists(TEXTS, max_size=2), max_size=3),
    clears=st.lists(TEXTS, max_size=3),
    compression=st.sampled_from(["none", "gzip"]),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read(
    *,
    name: str,
    devices: list[str],
    kind: str,
    files: dict[str, bytes],
    metadata: dict[str, Any],
    provides: dict[str, str],
    depends: dict[str, str | list[str]],
    clears: list[str],
    compression: Literal["none", "gzip"],
) -> None:
    target = io.BytesIO()
    write_module_artifact(
        target,
        name=name,
        device_types=devices,
        payload_type=kind,
        files=[(file, io.BytesIO(body)) for file, body in files.items()],
        metadata=metadata,
        provides=provides,
        depends=depends,
        clears=clears,
        compression=compression,
    )
    contents = read(target.getvalue())
    (payload,) = contents.payloads
    lists = {key: [value] if isinstance(value, str) else value for key, value in depends.items()}
    assert (contents.name, contents.device_types) == (name, tuple(devices))
    assert contents.provides == {"artifact_name": name} | provides
    assert contents.depends == {"device_type": devices} | lists
    assert contents.clears == tuple(clears)
    assert (payload.type, payload.metadata) == (kind, metadata)
    found = {file.name: (file.sha256, file.size) for file in payload.files}
    assert found == {file: (sha256(body), len(body)) for file, body in files.items()}
