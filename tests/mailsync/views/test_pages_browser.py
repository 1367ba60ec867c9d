"""The pages of mailboxes in a real browser: connecting, live progress, and axe."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts import tenancy
from activities.models import Activity, PrivateMessage
from mailsync.models import Mailbox, Quarantine
from mailsync.services.connect_mailbox import connect_files
from tests.dovecot import PASSWORD
from tests.mailsync.conftest import Account, connect, sync
from tests.screens import complaints, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana(page: Page, ours: SimpleNamespace, live_server: Any) -> Page:
    """Ana's browser, signed in."""
    client = Client()
    client.force_login(ours.ana.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return page


def test_a_mailbox_is_connected_and_its_progress_follows_by_itself(
    ours: SimpleNamespace, account: Account, ana: Page, live_server: Any
) -> None:
    account.put(1)
    ana.goto(f"{live_server.url}/w/ours/mailboxes/")
    ana.get_by_role("link", name="Connect a mailbox").click()
    ana.get_by_role("link", name="Connect by IMAP").click()
    ana.get_by_label("Email address").fill(account.user)
    ana.get_by_label("IMAP server").fill(account.server.host)
    ana.get_by_label("Port").fill(str(account.server.port))
    ana.get_by_label("Encryption").select_option("none")
    ana.get_by_label("User name").fill(account.user)
    ana.get_by_label("Password").fill("wrong")
    ana.get_by_role("button", name="Connect", exact=True).click()
    expect(ana.get_by_text("does not accept this user name and password")).to_be_visible()
    ana.get_by_label("Password").fill(PASSWORD)
    ana.get_by_role("button", name="Connect", exact=True).click()
    ana.get_by_role("radio", name="All of it").check()
    ana.get_by_role("button", name="Go on to projects").click()
    ana.get_by_role("checkbox", name="One").check()
    ana.get_by_role("button", name="Go on", exact=True).click()
    expect(ana.locator("#progress")).to_contain_text("Waiting")
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mailbox = Mailbox.objects.select_related("channel").get()
    sync(mailbox)
    # Nobody reloads the page.
    expect(ana.locator("#progress")).to_contain_text("Up to date", timeout=60_000)
    expect(ana.locator("#progress")).to_contain_text("Mail 1")
    expect(ana.locator("#progress[hx-trigger]")).to_have_count(0)


def test_a_private_mail_opens_at_once_and_its_text_comes_by_itself(
    ours: SimpleNamespace, account: Account, ana: Page, live_server: Any
) -> None:
    account.put(1, **{"from": "Zoe <zoe@new.example>"})
    sync(connect(ours, ours.ana, account))
    ana.goto(f"{live_server.url}/w/ours/inbox/")
    ana.get_by_role("link", name="Mail 1").click()
    expect(ana.get_by_text("zoe@new.example").first).to_be_visible()
    text = ana.frame_locator("iframe").get_by_text("Body of mail 1.")
    expect(text).to_be_visible(timeout=60_000)
    assert account.unread() == 1


def test_a_project_is_chosen_in_the_dialog_and_the_focus_stays_at_the_line(
    ours: SimpleNamespace, account: Account, ana: Page, live_server: Any
) -> None:
    account.put(1, **{"from": "Mia <mia@client.example>"})
    account.put(2)
    sync(connect(ours, ours.ana, account, ours.one, ours.two))
    ana.goto(f"{live_server.url}/w/ours/inbox/")
    ana.get_by_role("link", name="Choose project").focus()
    ana.keyboard.press("Enter")
    dialog = ana.get_by_role("dialog", name="Which projects is this thread about?")
    expect(dialog).to_be_visible()
    assert complaints(ana) == []
    ana.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(ana.get_by_role("link", name="Choose project")).to_be_focused()
    ana.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Add to projects")).to_be_visible()
    dialog.get_by_role("button", name="Add to projects").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choose at least one project")
    dialog.get_by_role("checkbox", name="One").check()
    dialog.get_by_role("checkbox", name="Two").check()
    dialog.get_by_role("button", name="Add to One and Two").click()
    expect(dialog).to_be_hidden()
    expect(ana.locator("#toasts")).to_contain_text("1 thread added to One and Two")
    expect(ana.get_by_role("link", name="One +1")).to_be_visible()
    expect(ana.get_by_role("link", name="Mail 1")).to_be_focused()
    ana.get_by_role("link", name="One +1").click()
    dialog.get_by_role("checkbox", name="Two").check()
    dialog.get_by_role("button", name="Take out of Two").click()
    expect(ana.locator("#toasts")).to_contain_text("taken out of Two")
    ana.locator("#toasts").get_by_role("button", name="Undo").last.click()
    expect(ana.get_by_text("Undone: 1 thread taken out of Two").first).to_be_visible()
    ana.goto(f"{live_server.url}/w/ours/inbox/")
    expect(ana.get_by_role("link", name="One +1")).to_be_visible()


def test_a_project_is_chosen_without_scripts(
    ours: SimpleNamespace, account: Account, page: Page, live_server: Any
) -> None:
    account.put(1, **{"from": "Mia <mia@client.example>"})
    sync(connect(ours, ours.ana, account, ours.one, ours.two))
    browser = page.context.browser
    assert browser is not None
    client = Client()
    client.force_login(ours.ana.user)
    plain = browser.new_context(java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    plain.add_cookies([{**cookie, "url": live_server.url}])
    reader = plain.new_page()
    reader.goto(f"{live_server.url}/w/ours/inbox/")
    reader.get_by_role("link", name="Choose project").click()
    reader.get_by_role("checkbox", name="Two").check()
    reader.get_by_role("button", name="Add to projects").click()
    expect(reader).to_have_url(re.compile(r"/w/ours/inbox/\?"))
    expect(reader.get_by_role("link", name="Two", exact=True).first).to_be_visible()
    plain.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    ours: SimpleNamespace, account: Account, ana: Page, live_server: Any
) -> None:
    account.put(1, 2)
    account.put(3, **{"from": "Zoe Lindqvist-Featherstonehaugh <zoe@new.example>"})
    account.put(4, **{"from": "Mia <mia@client.example>"})
    mailbox = connect(ours, ours.ana, account, ours.one, ours.two)
    sync(mailbox)
    files = connect_files(
        ours.id, by=ours.ana, address="ana@ours.example", project_ids=[ours.one.id]
    )
    with tenancy.in_workspace(ours.id, ours.ana.id):
        private = PrivateMessage.objects.filter(subject="Mail 3").get()
        Quarantine.objects.create(
            workspace_id=ours.id, mailbox=mailbox, provider_id="1:9:INBOX", error="ValueError"
        )
    said: list[str] = []
    ana.on("console", lambda line: said.append(line.text))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        waiting = PrivateMessage.objects.filter(subject="Mail 4").get().thread_id
        logged = Activity.objects.filter(message__subject="Mail 2").get().thread_id
    paths = [
        "mailboxes/",
        "mailboxes/connection/",
        "mailboxes/connection/imap/",
        "mailboxes/files/",
        f"mailboxes/{mailbox.id}/",
        f"mailboxes/{files.id}/",
        f"mailboxes/{mailbox.id}/disconnection/",
        f"mailboxes/{mailbox.id}/setup/folders/",
        f"mailboxes/{mailbox.id}/setup/projects/",
        f"mailboxes/{mailbox.id}/setup/reading/",
        "settings/sync-health/",
        "inbox/",
        "inbox/?show=not_logged",
        f"inbox/?mailbox={files.id}",
        f"inbox/{private.id}/",
        "inbox/?q=nothing-of-this",
        "inbox/?q=form:jane",
        f"inbox/threads/{logged}/",
        f"threads/{waiting}/",
        f"threads/{waiting}/projects/",
        "activities/needs-project/",
    ]
    for path in paths:
        look(ana, f"{live_server.url}/w/ours/{path}")
    account.server.add_user(account.user, "another")
    sync(mailbox)
    for path in ("mailboxes/", f"mailboxes/{mailbox.id}/reconnection/"):
        look(ana, f"{live_server.url}/w/ours/{path}")
    # axe knocks at the frame of a mail, which is closed to every script, and a search that cannot
    # be read is answered as one: no complaints of ours.
    assert [line for line in said if "postMessage" not in line and "422" not in line] == []
