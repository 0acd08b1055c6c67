"""What a FormatError carries."""

import pickle

from artifacts.formats.errors import Code, FormatError


def test_it_is_a_value_error_with_a_code_and_a_sentence() -> None:
    error = FormatError(Code.BOMB, "Too much.")
    assert isinstance(error, ValueError)
    assert (error.code, str(error)) == ("bomb", "Too much.")


def test_it_survives_the_way_between_processes() -> None:
    again = pickle.loads(pickle.dumps(FormatError(Code.BOMB, "Too much.")))  # noqa: S301
    assert (again.code, str(again)) == (Code.BOMB, "Too much.")


def test_codes_are_stable_words() -> None:
    assert {str(code) for code in Code} == {
        "not_an_artifact",
        "unsupported_version",
        "truncated",
        "corrupt",
        "trailing_data",
        "too_large",
        "bomb",
        "unsafe_name",
        "unexpected_member",
        "missing_member",
        "checksum_mismatch",
        "bad_manifest",
        "bad_header",
    }
