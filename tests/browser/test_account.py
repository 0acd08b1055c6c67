"""A second factor set up and used in a browser, with and without scripts."""

import pytest
from playwright.sync_api import expect

from fleet import access_tokens
from fleet.models import User
from tests.browser.test_manners import serious
from tests.codes import code_of, enable
from tests.make import PASSWORD, make_user


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_the_account_in_all_its_states(signed_in, home, width, scheme):
    page = signed_in(viewport={"width": width, "height": 900}, color_scheme=scheme)
    user = User.objects.get()
    membership = user.memberships.select_related("user").get()
    actor = access_tokens.people.actor_of(membership)
    problems = []

    def look():
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        problems.extend([f"scrolls sideways by {wide}"] * (wide > 0) + serious(page))

    page.goto("/account/")
    look()
    access_tokens.issue_personal(actor=actor, membership=membership, name="x" * 128)
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_label("Code from the app")).to_be_visible()
    look()
    page.get_by_label("Code from the app").fill(code_of(user))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("button", name="Switch it off")).to_be_visible()
    look()
    page.get_by_label("Name", exact=True).fill("nightly build")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("heading", name="This is the new token")).to_be_visible()
    look()
    assert problems == []


def test_the_code_is_entered_without_scripts(context, home):
    ann = make_user(organization=home, email="ann@example.com")
    enable(ann)
    page = context(java_script_enabled=False).new_page()
    page.goto("/sign-in/?next=/devices/")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code_of(ann))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/devices/")
    page.get_by_text("Northquay").click()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_the_second_step_stands_in_nobody_s_way(context, home):
    enable(make_user(organization=home, email="ann@example.com"))
    page = context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    assert serious(page) == []
