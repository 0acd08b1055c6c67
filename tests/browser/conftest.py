"""A real browser on the real pages; skipped where there is none."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from fleet.models import Organization
from tests.make import make_organization, make_user

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
Open = Callable[..., Page]
expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread, which Django takes for asynchronous code."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs a browser: there is no {CHROMIUM}")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def home(transactional_db: Any) -> Organization:
    return make_organization("Northquay")


@pytest.fixture
def complaints() -> list[str]:
    """What a page wrote to the console; a test that expects something clears it."""
    return []


@pytest.fixture
def context(
    browser: Browser, live_server: Any, complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts that are closed again; nothing may have complained in them."""
    opened = []

    def fresh(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(8000)
        context.on("console", lambda message: _note(complaints, message))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        opened.append(context)
        return context

    yield fresh
    for each in opened:
        each.close()
    assert complaints == []


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        complaints.append(message.text)


@pytest.fixture
def signed_in(context: Callable[..., BrowserContext], home: Organization, live_server: Any) -> Open:
    """A page of somebody who is signed in with that role; other options go to the context."""

    def opened(role: str = "administrator", **options: Any) -> Page:
        client = Client()
        client.force_login(make_user(organization=home, role=role))
        fresh = context(**options)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        cookie = {"name": session.key, "value": session.value, "url": live_server.url}
        fresh.add_cookies([cookie])
        return fresh.new_page()

    return opened
