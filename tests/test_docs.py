"""What the documents say is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT: Path = settings.ROOT
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
OURS = {
    "config",
    "api",
    "deployments",
    "artifacts",
    "fleet",
    "auditlog",
    "jobs",
    "query",
    "webhooks",
}
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
NAMED = re.compile(rf"`((?:{'|'.join(OURS)}|templates|tests|docs)/[\w./-]*\w)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    links = [document.parent / link for link in LINK.findall(text)]
    assert [target for target in links if not target.exists()] == []
    assert [path for path in NAMED.findall(text) if not (ROOT / path).exists()] == []


def test_the_readme_names_every_command_of_ours() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS}
    readme = (ROOT / "README.md").read_text()
    assert set(re.findall(r"^\| `([a-z_]+)", readme, re.MULTILINE)) == ours


def test_the_readme_leads_to_every_document() -> None:
    readme = (ROOT / "README.md").read_text()
    pages = [str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md")]
    assert [page for page in pages if f"({page})" not in readme] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        assert set(re.findall(r"`?\bmake ([a-z]+)`", document.read_text())) <= targets


def test_decisions_are_numbered_without_gaps_and_indexed() -> None:
    folder = ROOT / "docs/decisions"
    names = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert LINK.findall((folder / "README.md").read_text()) == names
    for name in names:
        assert (folder / name).read_text().startswith(f"# {name[:4]} ")
