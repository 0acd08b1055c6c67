from pathlib import Path

import pytest
from pytest_django import Settings

from config import static_files


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    """STATIC_ROOT, for a project whose one static file is `site/app.css`."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "app.css").write_text("a {}")
    settings.STATICFILES_DIRS = [site]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "root"
    return tmp_path / "root"


def test_it_collects_once(collected: Path) -> None:
    static_files.collect()
    assert (collected / "app.css").read_text() == "a {}"
    (collected / "app.css").unlink()
    static_files.collect()
    assert not (collected / "app.css").exists()


def test_it_collects_again_when_a_file_changed(collected: Path) -> None:
    static_files.collect()
    collected.with_name("site").joinpath("app.css").write_text("b {}")
    static_files.collect()
    assert (collected / "app.css").read_text() == "b {}"
