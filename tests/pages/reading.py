"""What a page says, as its reader has it."""

import html
import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

_UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def words(response: Any) -> str:
    """The text of a page, its elements apart, spaces folded."""
    text = _TAG.sub(" ", _UNSEEN.sub("", response.content.decode()))
    return re.sub(r" ([.,:])(?= |$)", r"\1", " ".join(html.unescape(text).split()))


def part(client: Client, url: str, target: str, **headers: str) -> Any:
    """What HTMX gets for the element with this id."""
    asked = {"HX-Request": "true", "HX-Target": target}
    return client.get(url, headers=asked | {key.replace("_", "-"): v for key, v in headers.items()})


def queries(client: Client, url: str, **headers: str) -> int:
    """How many SQL statements a page takes."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url, headers=headers).status_code == 200
    return len(caught)
