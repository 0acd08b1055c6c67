"""What an operator does in a day."""

import re
import secrets

from playwright.sync_api import expect

from fleet.models import Device
from tests.make import (
    PASSWORD,
    make_artifact,
    make_device,
    make_mender_file,
    make_release,
    make_user,
)


def test_signing_in_and_accepting_a_device(context, home):
    make_user(organization=home, email="ines@example.com")
    make_device(home, name="gw-new", status="pending")
    make_device(home, name="gw-old")
    page = context().new_page()
    page.goto("/devices/")
    page.get_by_label("E-mail").fill("Ines@Example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Ask to be admitted").click()
    page.get_by_label("Select gw-new").check()
    expect(page.get_by_text("1 device selected")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status").get_by_text("1 device accepted.")).to_be_visible()
    assert Device.objects.get(name="gw-new").status == "accepted"


def test_finding_a_device_while_typing(signed_in, home):
    for name in ("gw-1", "kiosk-1"):
        make_device(home, name=name)
    page = signed_in()
    page.goto("/devices/")
    page.get_by_role("combobox").press_sequentially("kio")
    expect(page.get_by_role("link", name="gw-1")).to_have_count(0)
    expect(page.get_by_role("link", name="kiosk-1")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=kio"))
    assert page.title() == "1 device – Slipway"
    page.go_back()
    expect(page.get_by_role("link", name="gw-1")).to_be_visible()


def test_uploading_with_progress(signed_in, home, tmp_path):
    file = tmp_path / "os-3.mender"
    file.write_bytes(make_mender_file("os-3", payload=secrets.token_bytes(12_000_000)))
    page = signed_in("release_manager")
    page.goto("/releases/upload/")
    page.evaluate("""() => { window.shown = 0;
        const meter = document.querySelector("progress");
        new MutationObserver(() => { if (meter.offsetParent && meter.value) window.shown++; })
            .observe(meter, { attributes: true });
        window.addEventListener("beforeunload", () => sessionStorage.shown = window.shown); }""")
    page.get_by_label("Artifact file").set_input_files(file)
    page.get_by_role("button", name="Upload and verify").click()
    expect(page.get_by_role("heading", name="os-3")).to_be_visible()
    expect(page.get_by_text("os-3 is uploaded and verified.")).to_be_visible()
    assert int(page.evaluate("sessionStorage.shown")) > 0
    assert home.artifacts.get().size == file.stat().st_size


def test_a_file_that_is_no_artifact_is_refused_in_place(signed_in, home, tmp_path, complaints):
    file = tmp_path / "os-3.mender"
    file.write_bytes(b"nothing of the kind")
    page = signed_in()
    page.goto("/releases/upload/")
    page.get_by_label("Artifact file").set_input_files(file)
    page.get_by_role("button", name="Upload and verify").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).not_to_contain_text("422")
    assert home.artifacts.count() == 0
    assert all("422" in text for text in complaints)
    complaints.clear()


def test_planning_in_phases_after_a_rehearsal_and_aborting(signed_in, home):
    make_artifact(make_release(home, name="os-2"))
    for number in range(10):
        make_device(home, name=f"gw-{number}", device_type="board")
    make_device(home, name="kiosk-1", device_type="kiosk")
    page = signed_in("operator")
    page.goto("/deployments/new/")
    page.get_by_label("What should run").select_option("os-2")
    expect(page.get_by_text("10 will", exact=True)).to_be_visible()
    page.get_by_label("Share of phase 1 in percent").fill("20")
    page.get_by_role("button", name="Add a phase").click()
    page.get_by_label("Phase 2 opens").fill("2099-01-02T09:00")
    page.get_by_label("Name", exact=True).fill("Rollout 2")
    expect(page.get_by_role("row", name="2 9 2 Jan 2099")).to_be_visible()
    expect(page.get_by_text("No fitting artifact")).to_be_visible()
    page.get_by_role("button", name="Deploy to 11").click()
    expect(page.get_by_role("heading", name="Rollout 2", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Phase 2 9")).to_be_visible()
    page.get_by_role("link", name="Abort…").click()
    page.get_by_role("button", name="Abort for 11").click()
    expect(page.get_by_text("Rollout 2 is aborted.")).to_be_visible()
    assert home.deployments.get().aborted_at is not None
