"""The codes that the source raises, read off the source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from artifacts.formats.errors import Code as FormatCode

PACKAGES = ("fleet", "artifacts", "deployments", "auditlog", "jobs", "webhooks", "api")
KINDS = {"Invalid", "NotFound", "Conflict", "Forbidden", "LimitReached"}
# REST framework's errors, whose code is named.
FRAMEWORK = {"AuthenticationFailed", "PermissionDenied"}
# Where the code is no word in the source: what it may be.
SPELT_ELSEWHERE: dict[str, set[str]] = {
    "artifacts/contents.py": set(FormatCode),
    "artifacts/recipes.py": set(FormatCode),
    "artifacts/operations.py": {"too_long", "not_text"},
    "artifacts/module_files.py": {"md5_differs", "sha1_differs", "sha256_differs"},
    "deployments/creating.py": {"invalid_name", "invalid_artifact_name"},
    # What a device is told, which is Mender's room alone.
    "deployments/reporting.py": set(),
    # An error of another kind or with another field, raised anew with its code.
    "api/v1/views/artifact_uploads.py": set(),
}


@dataclass(frozen=True)
class Raised:
    code: str
    file: str


def raised() -> set[Raised]:
    """Each code and where it is raised, Mender's own room left out."""
    trees = {str(path.relative_to(settings.ROOT)): ast.parse(path.read_text()) for path in _files()}
    kinds = KINDS | {name for tree in trees.values() for name in _subclasses(tree)}
    return {found for file, tree in trees.items() for found in _of(tree, file, kinds)}


def _files() -> Iterator[Path]:
    for package in PACKAGES:
        for path in (settings.ROOT / package).rglob("*.py"):
            if "mender" not in path.parts and "migrations" not in path.parts:
                yield path


def _subclasses(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(_name(base) in KINDS for base in node.bases):
            yield node.name


def _of(tree: ast.AST, file: str, kinds: set[str]) -> Iterator[Raised]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in kinds and node.args:
            yield from _codes(node.args[0], file)
        if isinstance(node, ast.Call) and _name(node.func) in FRAMEWORK:
            named = [each.value for each in node.keywords if each.arg == "code"]
            yield from (found for value in named for found in _codes(value, file, default=set()))
        if isinstance(node, ast.Assign) and _name(node.targets[0]) == "default_code":
            yield from _codes(node.value, file)


def _codes(value: ast.expr, file: str, default: set[str] | None = None) -> Iterator[Raised]:
    if isinstance(value, ast.Constant):
        yield Raised(str(value.value), file)
        return
    if default is None and file not in SPELT_ELSEWHERE:
        raise AssertionError(f"{file}: say in SPELT_ELSEWHERE what {ast.unparse(value)} can be")
    yield from (Raised(code, file) for code in SPELT_ELSEWHERE.get(file, default or set()))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
