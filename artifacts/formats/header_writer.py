"""The documents of a header with one payload, held to the rules the reader applies."""

import json

from artifacts.formats.assembly import join_depends, join_provides, plan_payloads
from artifacts.formats.errors import Code, FormatError
from artifacts.formats.header import Header, PayloadHeader
from artifacts.formats.header_info import parse_header_info, parse_type_info
from artifacts.formats.jsontext import parse_object
from artifacts.formats.limits import DEFAULT_LIMITS


def header_documents(
    info: dict[str, object], type_info: dict[str, object], metadata: dict[str, object]
) -> dict[str, bytes]:
    """JSON texts by member name; FormatError when `read_mender` would refuse one of them."""
    documents = {
        "header-info": compact(info),
        "headers/0000/type-info": compact({key: part for key, part in type_info.items() if part}),
    }
    _require_consistent(*documents.values())
    if metadata:
        documents["headers/0000/meta-data"] = compact(metadata)
        parse_object(documents["headers/0000/meta-data"], "meta-data", DEFAULT_LIMITS)
    for name, body in documents.items():
        if len(body) > DEFAULT_LIMITS.json_member:
            raise FormatError(Code.TOO_LARGE, f"'{name}' is larger than the limit.")
    return documents


def compact(value: dict[str, object]) -> bytes:
    """`value` as JSON without spaces; `bad_header` for what JSON cannot say."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        message = "A value for the header cannot be written as JSON."
        raise FormatError(Code.BAD_HEADER, message) from error


def _require_consistent(raw_info: bytes, raw_type_info: bytes) -> None:
    info = parse_header_info(raw_info, 3, DEFAULT_LIMITS)
    type_info = parse_type_info(raw_type_info, "type-info", 3, DEFAULT_LIMITS)
    header = Header(info, (), [PayloadHeader(type_info)])
    plans = plan_payloads(header, None)
    join_provides(header, plans)
    join_depends(header, plans)
