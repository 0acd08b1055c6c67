"""What lies in the artifact storage."""

from pathlib import Path

from django.core.files.storage import storages


def stored_files() -> list[Path]:
    root = Path(storages["artifacts"].path("."))
    return sorted(path for path in root.rglob("*") if path.is_file())
