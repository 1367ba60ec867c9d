"""What the small script adds to pages, seen in a real browser, and what everybody must be able to
read: axe finds nothing on any page of accounts, light, dark or as narrow as a phone.
"""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts import audit, tenancy
from tests.conftest import make_workspace
from tests.screens import look

SETTINGS = "/w/ours/settings/"
PAGES = ["profile/", "people/", "keys/", "audit/"]


@pytest.fixture
def ours(transactional_db: None) -> SimpleNamespace:
    return make_workspace("ours", "ours.example")


@pytest.fixture
def ana(ours: SimpleNamespace, live_server: Any, page: Page) -> Page:
    """A browser in which Ana is signed in."""
    client = Client()
    client.force_login(ours.ana.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text))
    return page


def wait_for_focus(page: Page, text: str) -> None:
    """The focus moves once htmx has settled, a moment after the rows are there."""
    for _ in range(100):
        if text in focused(page) and not focused(page).startswith("<body"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(focused(page)[:200])


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.outerHTML.slice(0, 300)")


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    ana: Page, live_server: Any
) -> None:
    paths = [SETTINGS + page for page in PAGES] + ["/workspaces/", "/workspaces/new/"]
    for path in [*paths, "/accounts/password/change/", "/accounts/email/"]:
        look(ana, live_server.url + path)
    assert ana.complaints == []


def test_a_toast_is_read_out_once_and_leaves_after_ten_seconds(ana: Page, live_server: Any) -> None:
    ana.clock.install()
    ana.goto(live_server.url + SETTINGS + "profile/")
    ana.get_by_role("button", name="Save").click()
    expect(ana.locator(".toast")).to_have_count(1)
    ana.clock.run_for(200)
    expect(ana.locator("#live")).to_have_text("Your profile is saved.")
    ana.clock.run_for(9_000)
    expect(ana.locator(".toast")).to_have_count(1)
    ana.clock.run_for(1_500)
    expect(ana.locator(".toast")).to_have_count(0)


def test_a_toast_stays_while_the_pointer_is_on_it(ana: Page, live_server: Any) -> None:
    ana.clock.install()
    ana.goto(live_server.url + SETTINGS + "profile/")
    ana.get_by_role("button", name="Save").click()
    ana.locator(".toast").hover()
    ana.clock.run_for(60_000)
    expect(ana.locator(".toast")).to_have_count(1)
    ana.mouse.move(5, 5)
    ana.clock.run_for(11_000)
    expect(ana.locator(".toast")).to_have_count(0)


def test_a_refused_form_puts_the_focus_on_its_first_wrong_field(
    ana: Page, live_server: Any
) -> None:
    ana.goto(live_server.url + SETTINGS + "people/")
    ana.get_by_label("Email address").fill("ben@ours.example")
    ana.get_by_role("button", name="Send the invitation").click()
    expect(ana.get_by_text("This person is a member already.")).to_be_visible()
    assert 'name="email"' in focused(ana)


def test_load_more_adds_rows_and_the_focus_goes_on_at_the_first_of_them(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        for number in range(60):
            audit.record(ours.id, ours.ana, f"act {number:02}")
    ana.goto(live_server.url + SETTINGS + "audit/")
    expect(ana.locator("tr[data-row]")).to_have_count(50)
    ana.get_by_role("link", name="Load more").press("Enter")
    expect(ana.locator("tr[data-row]")).to_have_count(60)
    expect(ana.get_by_role("link", name="Load more")).to_have_count(0)
    wait_for_focus(ana, "act 09")


def test_load_more_is_a_plain_link_without_javascript(
    ours: SimpleNamespace, live_server: Any, browser: Any
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        for number in range(60):
            audit.record(ours.id, ours.ana, f"act {number:02}")
    client = Client()
    client.force_login(ours.ana.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{**cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + SETTINGS + "audit/")
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("tr[data-row]")).to_have_count(10)
    context.close()


def test_the_theme_switch_lasts_to_the_next_page(ana: Page, live_server: Any) -> None:
    ana.emulate_media(color_scheme="light")
    ana.goto(live_server.url + SETTINGS + "profile/")
    ana.get_by_role("button", name="Switch between light and dark").click()
    ana.goto(live_server.url + SETTINGS + "people/")
    expect(ana.locator("html")).to_have_attribute("data-theme", "dark")
    ink = ana.evaluate("getComputedStyle(document.body).color")
    assert re.match(r"rgb\((2\d\d), ", ink)


def test_a_key_is_copied_and_that_is_said(ana: Page, live_server: Any) -> None:
    ana.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.goto(live_server.url + SETTINGS + "keys/")
    ana.get_by_label("What is it for?").fill("export")
    ana.get_by_role("button", name="Make the key").click()
    key = ana.locator(".secret .grow").inner_text()
    ana.locator(".secret button").click()
    expect(ana.locator("#live")).to_have_text("Copied")
    assert ana.evaluate("navigator.clipboard.readText()") == key


def test_the_first_tab_stop_leads_past_the_navigation(ana: Page, live_server: Any) -> None:
    ana.goto(live_server.url + SETTINGS + "people/")
    ana.keyboard.press("Tab")
    assert "Skip to content" in focused(ana)
    ana.keyboard.press("Enter")
    ana.keyboard.press("Tab")
    assert ana.evaluate("document.activeElement.closest('main') !== null")
