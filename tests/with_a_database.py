"""A plugin for the second database of `make test`: it leaves out what needs no database at all."""

import pytest

FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = [item for item in items if _takes_part(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _takes_part(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("server")
    return bool(marked) or not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
