"""Writing mail in a real browser: by keyboard, with the preview that follows, and axe."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import tenancy
from activities.models import Activity
from mailsync.models import OutgoingMail
from tests.mailsync.conftest import sync
from tests.mailsync.granted import make_vendor_mailbox
from tests.mailsync.sending import mails, office, submission
from tests.screens import look

__all__ = ["office", "submission"]

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State


@pytest.fixture
def ana(page: Page, office: SimpleNamespace, live_server: Any) -> Page:
    """Ana's browser, signed in."""
    cookie = {"name": "sessionid", "value": office.browser.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    return page


def test_a_mail_is_written_and_sent_by_keyboard_and_taken_back_from_its_toast(
    office: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    ana.goto(f"{live_server.url}/w/ours/compose/")
    ana.get_by_label("To", exact=True).fill("jane@client.example")
    ana.get_by_label("Subject").fill("Offer")
    expect(ana.locator("#logged-to")).to_contain_text("Jane")
    ana.get_by_label("Text").fill("As agreed.")
    ana.keyboard.press("Control+Enter")
    toast = ana.locator("#toasts .toast")
    expect(toast).to_contain_text("Sending in")
    expect(toast).to_contain_text("Sending in 8 s.")
    toast.get_by_role("button", name="Undo").click()
    expect(ana.get_by_label("Text")).to_have_value("As agreed.")
    assert [mail.state for mail in mails(office)] == [State.DRAFT]


def test_a_wrong_address_takes_the_focus(
    office: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    ana.goto(f"{live_server.url}/w/ours/compose/")
    ana.get_by_label("To", exact=True).fill("nobody")
    ana.get_by_role("button", name="Send", exact=True).click()
    expect(ana.get_by_text("is not an address").first).to_be_visible()
    expect(ana.get_by_label("To", exact=True)).to_be_focused()


def test_contacts_are_suggested_while_one_types(
    office: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    ana.goto(f"{live_server.url}/w/ours/compose/")
    ana.get_by_label("To", exact=True).press_sequentially("omar@client.example, ja")
    option = ana.locator("#people option").first
    expect(option).to_have_attribute("value", "omar@client.example, jane@client.example")


@pytest.mark.parametrize("field", ["Cc", "Bcc"])
def test_contacts_are_suggested_for_copies_too(
    office: SimpleNamespace, ana: Page, live_server: Any, field: str
) -> None:
    ana.goto(f"{live_server.url}/w/ours/compose/")
    ana.get_by_label("To", exact=True).fill("omar@client.example")
    ana.get_by_text("Cc and Bcc").click()
    ana.get_by_label(field, exact=True).press_sequentially("ja")
    option = ana.locator("#people option").first
    expect(option).to_have_attribute("value", "jane@client.example")


def test_on_a_phone_whom_a_waiting_mail_goes_to_has_the_line_to_itself(
    office: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    office.browser.post(
        "/w/ours/compose/",
        {
            "sender": office.sender, "subject": "Offer for the second floor", "do": "send",
            "to": "jane.elisabeth.montgomery@longer.example, omar@client.example",
        },
    )  # fmt: skip
    ana.set_viewport_size({"width": 390, "height": 844})
    ana.goto(f"{live_server.url}/w/ours/outbox/")
    words = ana.locator("li .grow").bounding_box()
    button = ana.get_by_role("button", name="Take it back").bounding_box()
    assert words is not None
    assert button is not None
    assert words["width"] > 200
    assert button["y"] >= words["y"] + words["height"]


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    office: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    office.account.put(1)
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        first = Activity.objects.get()
        for state in State:
            OutgoingMail.objects.create(
                workspace_id=office.id, owner=office.ana, mailbox=office.mailbox, state=state,
                from_address=office.mailbox.address, to="Jane Doe <jane@client.example>",
                subject=f"A mail that is {state.label.lower()}", message_id="a@ours.example",
                dated_at=timezone.now(), sent_at=timezone.now(), activity=first,
                error="The server for outgoing mail could not be reached."
                if state in {State.FAILED, State.UNKNOWN} else "",
            )  # fmt: skip
    vendor = make_vendor_mailbox(office, office.ana)
    with tenancy.in_workspace(office.id, office.ana.id):
        OutgoingMail.objects.filter(state=State.FAILED).update(mailbox=vendor)
        thread = first.message.thread_id  # type: ignore[union-attr]
        draft = OutgoingMail.objects.get(state=State.FAILED)
    for path in (
        "compose/",
        f"compose/?contact={office.mia.id}&project={office.two.id}",
        "compose/?to=mia@client.example",
        f"compose/?all={first.id}",
        f"compose/{draft.id}/",
        "outbox/",
        "inbox/",
        f"threads/{thread}/",
        f"mailboxes/{office.mailbox.id}/sending/",
        f"contacts/{office.jane.id}/",
        f"activities/{first.id}/",
        "settings/profile/",
    ):
        look(ana, f"{live_server.url}/w/ours/{path}")
