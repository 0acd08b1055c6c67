"""The files of exports: in the default storage, which nobody reaches but through us."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

FOLDER = "exports"


class Written(File):  # type: ignore[type-arg]
    """A file that is made while it is saved, and never in memory as a whole."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__(None)
        self._pieces = pieces

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from self._pieces


def name_of(export_id: UUID, attempt: int) -> str:
    """Each attempt has a file of its own: one that was given up may still be writing."""
    return f"{FOLDER}/{export_id}.{attempt}"


def write(name: str, pieces: Iterable[bytes]) -> int:
    """Write the file; returns its size in bytes."""
    default_storage.delete(name)
    return default_storage.size(default_storage.save(name, Written(pieces)))


def open_file(name: str) -> "File[bytes]":
    """Raises FileNotFoundError."""
    return default_storage.open(name, "rb")


def remove(name: str) -> None:
    """Any number of times."""
    default_storage.delete(name)


def stored() -> dict[str, UUID]:
    """The names of all files and the exports that they were written for."""
    if not default_storage.exists(FOLDER):
        return {}
    _folders, names = default_storage.listdir(FOLDER)
    return {f"{FOLDER}/{name}": UUID(name.partition(".")[0]) for name in names}
