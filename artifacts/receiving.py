"""Takes a file out of a multipart request, straight into the storage."""

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from artifacts.storage import Incoming
from fleet.errors import DomainError, Invalid, LimitReached
from fleet.models import Organization

T = TypeVar("T")
_WHAT = {"artifact": "artifact file", "file": "file"}
CHUNK = 256 * 1024
LINGER_SECONDS = 5  # to hear out a sender who was refused: cut off at once, it misses the answer


def expect_artifact(request: HttpRequest, organization: Organization) -> None:
    """Have the file in the field "artifact" stored as it arrives; call before the body is read.

    The CSRF check reads the body: let such a view be exempt, call this, then go on to a
    protected one. The file is deleted when the request ends, unless it became an artifact.
    """
    _expect(request, "artifact", organization, settings.ARTIFACT_SIZE_LIMIT)


def expect_raw_file(request: HttpRequest, organization: Organization) -> None:
    """As `expect_artifact`, for the field "file" and what may be wrapped into an artifact."""
    limit = min(settings.GENERATE_SIZE_LIMIT, settings.ARTIFACT_SIZE_LIMIT)
    _expect(request, "file", organization, limit)


def expect_file(request: HttpRequest, organization: Organization) -> None:
    """As `expect_artifact`, for the field "file" and what is kept as it comes."""
    _expect(request, "file", organization, settings.ARTIFACT_SIZE_LIMIT)


def expect_image(request: HttpRequest, begin: Callable[[str], Incoming]) -> None:
    """As `expect_file`, into what `begin` makes, given what the sender calls the file."""
    request.upload_handlers = [ArtifactUploadHandler(request, "file", begin)]


def received_file(request: HttpRequest) -> Incoming:
    """The file that was expected, however the name of its field is capitalised.

    Raises LimitReached ("artifact_too_large", "storage_quota", "form_too_large") and Invalid
    ("artifact_missing", "upload_incomplete", "malformed_form").
    """
    files = _read_form(request)
    handler = next(h for h in request.upload_handlers if isinstance(h, ArtifactUploadHandler))
    if handler.refusal is not None:
        raise handler.refusal
    for file in files:
        if isinstance(file.file, Incoming):
            return file.file
    message = f"request does not contain the {_WHAT[handler.field]}"
    raise Invalid("artifact_missing", message, field=handler.field)


def file_name(request: HttpRequest) -> str:
    """What the sender calls the file that was received, without folders."""
    names = [file.name for file in _read_form(request) if isinstance(file.file, Incoming)]
    return next(filter(None, names), "")


def form_values(request: HttpRequest, name: str) -> list[str]:
    """Each value of a field, however its name is capitalised."""
    lists = request.POST.lists()
    return [str(value) for key, values in lists if key.lower() == name for value in values]


def form_fields(request: HttpRequest) -> dict[str, str]:
    """The other fields of the form, under lower-case names; of a repeated one the last counts."""
    return {name.lower(): str(value) for name, value in request.POST.items()}


def hear_out(request: HttpRequest) -> None:
    """Who was refused and is cut off at once misses the answer."""
    give_up_at = monotonic() + LINGER_SECONDS
    try:
        while request.read(CHUNK) and monotonic() < give_up_at:
            pass
    except UnreadablePostError:
        return


class ArtifactUploadHandler(FileUploadHandler):
    """Stores the first file of the field; passes over every other file."""

    chunk_size = CHUNK
    file: Incoming  # while it is being written; closed from outside when parsing fails

    def __init__(self, request: HttpRequest, field: str, begin: Callable[[str], Incoming]) -> None:
        """`begin` makes the file, given what the sender calls it."""
        super().__init__(request)
        self.field = field
        self._begin = begin
        self.refusal: DomainError | None = None
        self._is_wanted = False
        self._was_seen = False
        self._give_up_at = 0.0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        self._is_wanted = field_name.lower() == self.field and not self._was_seen
        if self._is_wanted:
            self._was_seen = True
            self.file = self._begin(self.file_name or "")
            self._check(self.file.require_room, self._announced_size())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._is_wanted and self.refusal is None:
            self._check(self.file.write, raw_data)
        elif self.refusal is not None and monotonic() > self._give_up_at:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        if not self._is_wanted or self.refusal is not None:
            return None
        stored = self.__dict__.pop("file")
        return UploadedFile(stored, self.file_name, self.content_type, file_size)

    def upload_interrupted(self) -> None:
        if self._is_wanted:
            self.file.close()
            self.refusal = self.refusal or Invalid("upload_incomplete", "The upload broke off.")

    def _check(self, step: Callable[[T], None], argument: T) -> None:
        try:
            step(argument)
        except LimitReached as refusal:
            self.refusal = refusal
            self.file.close()
            self._give_up_at = monotonic() + LINGER_SECONDS

    def _announced_size(self) -> int:
        """The least the file must measure, by the length of the whole body; 0 if unknown."""
        length = self.request.META.get("CONTENT_LENGTH") if self.request else None
        return int(length or 0) - (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)


def _expect(request: HttpRequest, field: str, organization: Organization, limit: int) -> None:
    handler = ArtifactUploadHandler(
        request, field, lambda _name: Incoming(organization, limit=limit)
    )
    request.upload_handlers = [handler]


def _read_form(request: HttpRequest) -> "list[UploadedFile[Any]]":
    try:
        return [file for _, files in request.FILES.lists() for file in files]
    except UnreadablePostError as error:
        raise Invalid("upload_incomplete", "The upload broke off.") from error
    except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent) as error:
        raise Invalid("malformed_form", f"The form can't be read: {error}") from error
    except RequestDataTooBig as error:
        raise LimitReached("form_too_large", "The form's other fields are too large.") from error
