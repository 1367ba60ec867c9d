"""The keys in a real browser: they move, lead to pages, rest in fields, and can be turned off."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.conftest import make_workspace
from tests.screens import complaints


@pytest.fixture
def ours(transactional_db: None) -> SimpleNamespace:
    return make_workspace("ours", "ours.example")


@pytest.fixture
def ana(ours: SimpleNamespace, live_server: Any, page: Page) -> Page:
    client = Client()
    client.force_login(ours.ana.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/w/ours/companies/")
    return page


def test_two_keys_lead_to_a_page(ana: Page) -> None:
    ana.keyboard.press("g")
    ana.keyboard.press("u")
    expect(ana.get_by_role("heading", name="Unassigned", exact=True)).to_be_visible()


def test_the_help_shows_the_keys_and_gives_the_focus_back(ana: Page) -> None:
    opener = ana.get_by_role("button", name="Keys", exact=True)
    opener.focus()
    ana.keyboard.press("?")
    expect(ana.get_by_role("dialog", name="Keys")).to_be_visible()
    assert complaints(ana) == []
    ana.keyboard.press("Escape")
    expect(ana.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize("modifier", ["Control", "Meta"])
def test_the_palette_finds_a_page_by_its_name(ana: Page, modifier: str) -> None:
    ana.keyboard.press(f"{modifier}+k")
    field = ana.get_by_role("combobox", name="Page or act")
    expect(field).to_be_focused()
    assert complaints(ana) == []
    field.fill("no such page")
    expect(ana.get_by_text("Nothing here has that name.")).to_be_visible()
    field.fill("needs")
    expect(ana.get_by_role("option")).to_have_count(1)
    ana.keyboard.press("Enter")
    ana.wait_for_url("**/activities/needs-project/")


def test_keys_rest_in_a_field_and_escape_leaves_it(ana: Page) -> None:
    ana.keyboard.press("/")
    field = ana.locator("main input[type=search]")
    expect(field).to_be_focused()
    ana.keyboard.type("gu?")
    expect(field).to_have_value("gu?")
    ana.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    assert ana.evaluate("document.activeElement !== document.body")
    ana.keyboard.press("g")
    ana.keyboard.press("c")
    ana.wait_for_url("**/contacts/")


def test_j_and_k_walk_the_rows(ana: Page, live_server: Any) -> None:
    ana.goto(f"{live_server.url}/w/ours/contacts/")
    for press, name in (("j", "Jane"), ("j", "Mia"), ("k", "Jane")):
        ana.keyboard.press(press)
        expect(ana.get_by_role("link", name=name).first).to_be_focused()
    ana.keyboard.press("o")
    expect(ana.get_by_role("heading", name="Jane").first).to_be_visible()


def test_nothing_happens_for_who_turned_the_keys_off(ours: SimpleNamespace, ana: Page) -> None:
    User.objects.filter(id=ours.ana.user_id).update(uses_keys=False)
    ana.reload()
    for press in ("?", "g", "u"):
        ana.keyboard.press(press)
    ana.wait_for_timeout(200)
    expect(ana.get_by_role("dialog")).to_have_count(0)
    assert ana.url.endswith("/companies/")
    ana.get_by_role("button", name="Keys", exact=True).click()
    expect(ana.get_by_text("The keys are off.")).to_be_visible()
