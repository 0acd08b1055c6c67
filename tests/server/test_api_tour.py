"""The tour of the API does what it says, typed as it is written against a server that is real."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.installation import installation
from tests.server.tour import Step, is_as_shown, run, steps_of

PAGE: Path = settings.ROOT / "docs/api-tour.md"


@pytest.mark.server
@pytest.mark.client
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="no curl")
def test_the_tour_is_as_it_is_written(tmp_path: Path) -> None:
    steps = list(steps_of(PAGE.read_text()))
    folder = tmp_path / "outputs"
    folder.mkdir()
    with installation(tmp_path) as here:
        here.start()
        environment = here.environment | {"SERVER": here.url}
        written = run(steps, folder, environment, settings.ROOT)
    for step, text in zip(steps, written, strict=True):
        if step.output is not None:
            assert is_as_shown(text, step.output), f"line {step.line}: this came out\n{text}"


def test_what_is_shown_is_compared_line_by_line() -> None:
    [first, second] = steps_of("```sh\na\n```\n\n```output\nb\n```\ntext\n```sh\nc\n```\n")
    assert first == Step(2, "a\n", "b\n")
    assert (second.script, second.output) == ("c\n", None)
    assert is_as_shown("id 4711\nok\n", "id …\nok\n")
    assert not is_as_shown("id 4711\nmore\nok\n", "id …\nok\n")
    assert is_as_shown("a\nb\nc\nd\n", "a\n…\nd\n")
    assert not is_as_shown("a\nb\nc\n", "a\n…\nd\n")
