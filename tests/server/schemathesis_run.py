"""`st run`: a running server asked for everything that its document has."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings


def check_document(
    url: str, authorization: str, known: Mapping[str, Sequence[Any]], *options: str
) -> None:
    """Fail unless each answer is one that the document names; `known` are ids to ask for."""
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "run", "--no-color", url),
            *("--header", f"Authorization: {authorization}", *options),
        ],
        cwd=settings.ROOT,
        env=os.environ | {"SLIPWAY_KNOWN": json.dumps(known)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr
    # A run that has lost its token or its rights reads nothing any more. Few tries of a change may
    # all be refused by rule: the roles that everybody has, say, nobody deletes.
    refused = done.stdout.partition("Authentication failed")[2].partition("Ensure valid")[0]
    assert "- GET " not in refused, done.stdout[-20000:]
