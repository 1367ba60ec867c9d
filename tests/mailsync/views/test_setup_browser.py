"""Connecting a Gmail mailbox in a real browser, from the button to the first logged mail."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.sandbox.server import Sandbox
from tests.mailsync.conftest import reload, sync
from tests.mailsync.mail import make_mail, when
from tests.mailsync.vendors import sandbox
from tests.screens import look

__all__ = ["sandbox"]

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ana@newhere.example"


@pytest.fixture
def google(sandbox: Sandbox, settings: Any, live_server: Any) -> Sandbox:
    settings.PUBLIC_BASE_URL = live_server.url
    with sandbox.lock:
        sandbox.google.add_account(ADDRESS, "Ana", ["sales@newhere.example", "jane@client.example"])
        sandbox.google.add_label(ADDRESS, "Customers")
        for number in range(1, 5):
            sender = {"from": "Zoe <zoe@new.example>"} if number > 2 else {}
            sandbox.mailboxes.deliver(
                ADDRESS,
                make_mail(number, **sender),
                scopes=["INBOX"],
                flags=[],
                received_at=when(number),
            )
    return sandbox


def sign_in(page: Page, cast: SimpleNamespace, url: str) -> None:
    client = Client()
    client.force_login(cast.ana.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": url}])


def test_from_the_button_to_the_first_logged_mail(
    ours: SimpleNamespace, google: Sandbox, page: Page, live_server: Any
) -> None:
    sign_in(page, ours, live_server.url)
    mailbox = walk(page, ours, live_server.url)
    # Nobody reloads the page.
    expect(page.locator("#progress")).to_contain_text("Up to date", timeout=60_000)
    expect(page.locator("#progress")).to_contain_text("Mail 2")
    expect(page.get_by_text("with nobody you work with")).to_be_visible()
    steps = f"mailboxes/{mailbox.id}/setup/"
    pages = [
        "mailboxes/connection/",
        steps + "folders/",
        steps + "projects/",
        steps + "reading/",
        f"mailboxes/{mailbox.id}/",
        f"mailboxes/{mailbox.id}/reconnection/",
        f"mailboxes/{mailbox.id}/disconnection/",
        "settings/sync-health/",
        "mailboxes/",
    ]
    with google.lock:
        google.google.revoke(ADDRESS)
    sync(mailbox)
    for path in pages:
        look(page, f"{live_server.url}/w/ours/{path}")


def test_it_works_without_scripts(
    ours: SimpleNamespace, google: Sandbox, browser: Browser, live_server: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, ours, live_server.url)
    walk(page, ours, live_server.url)
    page.reload()
    expect(page.locator("#progress")).to_contain_text("Up to date")
    context.close()


def walk(page: Page, cast: SimpleNamespace, url: str) -> Mailbox:
    page.goto(f"{url}/w/ours/mailboxes/")
    page.get_by_role("link", name="Connect a mailbox").click()
    page.get_by_role("button", name="Sign in with Google").click()
    page.get_by_role("radio", name=ADDRESS).check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("radio", name="All of it").check()
    page.get_by_role("button", name="Go on to projects").click()
    page.get_by_role("checkbox", name="One").check()
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_role("heading", name="Is newhere.example your own domain?")).to_be_visible()
    page.get_by_role("button", name="Yes, all of it is ours").click()
    expect(page.locator("#progress")).to_contain_text("Waiting")
    with tenancy.in_workspace(cast.id, cast.ana.id):
        mailbox = Mailbox.objects.select_related("channel").get()
        assert mailbox.address == ADDRESS
    sync(mailbox)
    return reload(mailbox)
