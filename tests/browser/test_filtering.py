"""The filter of the devices page in a browser: suggestions, mistakes, views and exports."""

import re

import pytest
from playwright.sync_api import expect

from fleet.models import SavedFilter
from jobs.running import run_due
from tests.browser.test_manners import serious
from tests.make import make_device


@pytest.fixture
def fleet(home):
    for number in range(3):
        make_device(
            home,
            name=f"edge-{number}",
            device_type="board",
            inventory={"kernel": f"6.{number}"},
            status="pending" if number == 2 else "accepted",
        )
    make_device(home, name="kiosk", device_type="screen")


def test_a_condition_is_written_with_suggestions_by_keyboard(signed_in, fleet):
    page = signed_in()
    page.goto("/devices/")
    field = page.get_by_role("combobox")
    field.press_sequentially("sta")
    option = page.get_by_role("option", name="status")
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "q-list-0")
    field.press("Enter")
    expect(page.get_by_role("option", name="==")).to_be_visible()
    field.press("ArrowDown")
    field.press("Tab")
    expect(page.get_by_role("option", name="pending")).to_be_visible()
    field.press_sequentially("pen")
    expect(page.get_by_role("option")).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("status==pending")
    expect(field).to_be_focused()
    expect(page.get_by_role("link", name="edge-2")).to_be_visible()
    expect(page.get_by_role("link", name="edge-1")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"q=status%3D%3Dpending"))
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_names_of_attributes_are_suggested_and_taken_by_mouse(signed_in, fleet):
    page = signed_in()
    page.goto("/devices/")
    field = page.get_by_role("combobox")
    field.press_sequentially("name==edge-*;attribute.k")
    page.get_by_role("option", name="attribute.kernel").click()
    expect(field).to_have_value("name==edge-*;attribute.kernel")
    expect(field).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_mistake_stands_under_its_character(signed_in, fleet, width, scheme):
    page = signed_in(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto("/devices/?q=name%3D%3Dedge-*")
    field = page.get_by_role("combobox")
    field.fill("name==edge-*;softwaer==x")
    expect(page.get_by_role("alert")).to_have_count(0)
    field.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("software")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(page.get_by_role("link", name="edge-1")).to_be_visible()
    expect(page.get_by_role("link", name="kiosk")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"q=name%3D%3Dedge-\*$"))
    caret = page.locator(".caret").text_content() or ""
    assert caret.splitlines()[-1] == " " * len("name==edge-*;") + "▲"
    if width > 1000:
        drawn = "el => { const range = document.createRange(), text = el.lastChild;"
        drawn += " range.setStart(text, text.data.indexOf('▲')); range.setEnd(text, text.length);"
        place = page.locator(".caret").evaluate(
            drawn + " return range.getBoundingClientRect().x; }"
        )
        box = field.bounding_box() or {"x": 0}
        letter = page.evaluate("""() => { const pen = document.createElement("canvas")
            .getContext("2d"); pen.font = getComputedStyle(document.getElementById("q")).font;
            return pen.measureText("x").width; }""")
        inset = "el => parseFloat(getComputedStyle(el).paddingLeft) + el.clientLeft"
        start = box["x"] + field.evaluate(inset)
        assert abs(place - start - 13 * letter) < letter / 2
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(page) == []
    field.fill("name==kiosk")
    expect(page.get_by_role("link", name="kiosk", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert field.get_attribute("aria-invalid") is None


def test_a_view_is_saved_and_exported(signed_in, home, fleet):
    page = signed_in(viewport={"width": 390, "height": 844}, color_scheme="light")
    page.goto("/devices/?q=name%3D%3Dedge-*&sort=-name")
    page.locator("summary", has_text="Save view").click()
    assert serious(page) == []
    page.get_by_label("Name, for all of Northquay").fill("Edges")
    page.get_by_role("button", name="Save these 3 as a view").click()
    expect(page.get_by_role("link", name="Edges 3")).to_have_attribute("aria-current", "page")
    assert SavedFilter.objects.get().query == "name==edge-*"
    for menu in ("Export", "This view", "Copy as"):
        page.locator("summary", has_text=menu).click()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, menu
    assert serious(page) == []
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Export these 3 as CSV").click()
    lines = coming.value.path().read_text().splitlines()
    assert [line.split(",")[1] for line in lines] == ["name", "edge-0", "edge-1", "edge-2"]


def test_an_export_is_made_in_the_background(signed_in, home, fleet):
    page = signed_in(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.goto("/devices/?state=accepted&sort=-name")
    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="Make the file in the background").click()
    expect(page.get_by_role("heading", name="Your exports")).to_be_visible()
    run_due()
    link = page.get_by_role("link", name="Download devices.csv of 3 rows")
    expect(link).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(page) == []
    with page.expect_download() as coming:
        link.click()
    lines = coming.value.path().read_text().splitlines()
    assert [line.split(",")[1] for line in lines] == ["name", "kiosk", "edge-1", "edge-0"]


def test_filtering_saving_and_exporting_work_without_scripts(signed_in, home, fleet):
    page = signed_in(java_script_enabled=False)
    page.goto("/devices/")
    page.get_by_label("Find by name, identity or id, or filter in FIQL").fill("name==edge-*;x")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#q").fill("name==edge-*")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("link", name="kiosk")).to_have_count(0)
    page.locator("summary", has_text="Save view").click()
    page.get_by_label("Name, for all of Northquay").fill("Edges")
    page.get_by_role("button", name="Save these 3 as a view").click()
    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="The same, compressed").click()
    expect(page.get_by_text("devices, compressed")).to_be_visible()
