"""The id by which a caller and our log mean the same request."""

import re
import uuid

HEADER = "X-MEN-RequestID"
META = "HTTP_X_MEN_REQUESTID"
MAX_LENGTH = 128
UNPRINTABLE = re.compile(r"[^\x21-\x7e]+")


def request_id(given: str | None) -> str:
    """The caller's own id without what is not printable, or a fresh one."""
    kept = UNPRINTABLE.sub("", given or "")[:MAX_LENGTH]
    return kept or str(uuid.uuid4())
