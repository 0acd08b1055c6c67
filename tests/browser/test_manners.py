"""Keyboard, themes, narrow screens, and a browser without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.make import make_artifact, make_deployment, make_device, make_mender_file, make_release

LONG = "averylongnamewithoutanyplacetobreak_" * 4


@pytest.fixture
def pages(home):
    device = make_device(
        home,
        name=LONG,
        device_type=LONG,
        group=LONG,
        software=LONG,
        inventory={"kernel": "6.6", LONG: LONG},
    )
    make_device(home, status="pending", name="gw-new")
    artifact = make_artifact(
        make_release(home, name=f"{LONG}os"),
        device_types=[LONG],
        provides={LONG: LONG},
        description=LONG,
    )
    release = artifact.release
    deployment = make_deployment(release=release, devices=[device], name=LONG)
    deployment.device_deployments.update(substate=LONG)
    return [
        *("/", "/devices/", f"/devices/{device.id}/", "/releases/", f"/releases/{release.id}/"),
        *(
            "/releases/upload/",
            "/releases/wrap/",
            "/deployments/?show=all",
            f"/deployments/{deployment.id}/",
        ),
        *(f"/deployments/new/?release={release.name}", f"/deployments/{deployment.id}/abort/"),
        *(f"/devices/{device.id}/decommission/", f"/artifacts/{artifact.id}/delete/"),
    ]


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {each['id']} {[node['target'] for node in each['nodes']][:3]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_nothing_serious_stands_in_anybodys_way(signed_in, pages, width, scheme):
    page = signed_in(viewport={"width": width, "height": 900}, color_scheme=scheme)
    problems = []
    for number, url in enumerate(pages):
        page.goto(url)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        problems += [f"{url} scrolls sideways by {wide}"] * (wide > 0)
        if width > 1000 or number % 3 == 0:
            problems += serious(page)
    assert problems == []


def test_an_empty_house_and_the_door_are_fine_too(signed_in, context):
    page = signed_in(viewport={"width": 390, "height": 844}, color_scheme="dark")
    stranger = context(viewport={"width": 1440, "height": 900}).new_page()
    problems = []
    for each, urls in ((page, ("/", "/releases/", "/deployments/")), (stranger, ("/sign-in/",))):
        for url in urls:
            each.goto(url)
            assert each.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
            problems += serious(each)
    assert problems == []


def test_the_theme_is_switched_and_kept_by_the_server(signed_in):
    page = signed_in(color_scheme="light")
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate(ground) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keys_go_places(signed_in, home):
    make_device(home, name="gw-1")
    page = signed_in()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("gw")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/devices/\?q=gw$"))
    page.get_by_role("link", name="gw-1").focus()
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(r"/releases/$"))


def test_everything_works_without_scripts(signed_in, home, tmp_path):
    make_device(home, name="gw-1", device_type="board", status="pending")
    page = signed_in(java_script_enabled=False)
    page.goto("/devices/")
    page.get_by_label("Select gw-1").check()
    page.get_by_role("button", name="Accept").click()
    file = tmp_path / "os-2.mender"
    file.write_bytes(make_mender_file("os-2"))
    page.goto("/releases/upload/")
    page.get_by_label("Artifact file").set_input_files(file)
    page.get_by_role("button", name="Upload and verify").click()
    page.get_by_role("link", name="Deploy it").click()
    page.get_by_label("Share of phase 1 in percent").fill("100")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_text("1 will", exact=True)).to_be_visible()
    page.get_by_role("button", name="Deploy to 1").click()
    page.get_by_role("link", name="Abort…").click()
    page.get_by_role("button", name="Abort for 1").click()
    assert home.deployments.get().aborted_at is not None
