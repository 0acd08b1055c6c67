"""What a reader says about a file it refuses."""

from enum import StrEnum


class Code(StrEnum):
    """Why a file was refused, in words that stay the same between releases."""

    NOT_AN_ARTIFACT = "not_an_artifact"
    UNSUPPORTED_VERSION = "unsupported_version"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    TRAILING_DATA = "trailing_data"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    UNSAFE_NAME = "unsafe_name"
    UNEXPECTED_MEMBER = "unexpected_member"
    MISSING_MEMBER = "missing_member"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    BAD_MANIFEST = "bad_manifest"
    BAD_HEADER = "bad_header"


class FormatError(ValueError):
    """A file (or what a writer was asked to put into one) breaks the rules of its format.

    `code` says which kind of rule; `str()` is a plain sentence naming the member or field.
    """

    # Both go to the base class, so that the error survives pickling between processes.
    def __init__(self, code: Code, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


def quoted(name: str) -> str:
    """A name from an untrusted file, made fit for a message: escaped, at most 80 characters."""
    text = ascii(name)[1:-1]
    return f"'{text}'" if len(text) <= 80 else f"'{text[:77]}...'"
