"""No text that somebody wrote is dropped, whatever became of the mail or draft meanwhile."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, PrivateMessage
from activities.selectors.visible import sight_of
from contacts.models import Project
from mailsync.models import Mailbox, OutgoingMail
from mailsync.problems import NotThere
from mailsync.services.compose_answer import original_marked
from mailsync.services.disconnect_mailbox import disconnect_mailbox
from tests.mailsync.conftest import sync
from tests.mailsync.granted import make_vendor_mailbox
from tests.mailsync.sending import mails, office, submission
from tests.mailsync.views.test_compose import HOME, deliver, get, post
from tests.mailsync.views.test_pages import STRANGER

__all__ = ["office", "submission"]

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State
TEXT = "What took an hour to write."


def hidden_in(page: str) -> dict[str, str]:
    """The hidden fields of the form, as a browser posts them."""
    form = page.split('id="compose"')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def unlogged(cast: SimpleNamespace) -> PrivateMessage:
    """A mail that is Ana's alone."""
    cast.account.put(1, **{"from": STRANGER})
    sync(cast.mailbox)
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return PrivateMessage.objects.get()


def answered(cast: SimpleNamespace, form: dict[str, str], **facts: str) -> Any:
    typed = {"to": "zoe@new.example", "subject": "Re: Mail 1", "text": TEXT}
    return post(cast, **form | typed | facts)


def log_by_hand(cast: SimpleNamespace, private: PrivateMessage) -> None:
    form = {"whom": f"contact:{cast.mia.id}", "projects": [str(cast.one.id)]}
    answer = cast.browser.post(f"{HOME}private/{private.id}/", form)
    assert answer.status_code == 303
    with tenancy.in_workspace(cast.id, cast.ana.id):
        assert not PrivateMessage.objects.exists()


def test_an_answer_to_a_mail_that_was_logged_meanwhile_is_sent_in_its_thread(
    office: SimpleNamespace,
) -> None:
    private = unlogged(office)
    form = hidden_in(get(office, f"compose/?reply={private.id}"))
    log_by_hand(office, private)
    answer = answered(office, form)
    (mail,) = mails(office)
    assert (mail.state, mail.text) == (State.HELD, TEXT)
    assert mail.answers["message_id"] == "mail-1@client.example"
    with tenancy.in_workspace(office.id, office.ana.id):
        activity = Activity.objects.get()
    assert answer["Location"] == f"{HOME}activities/{activity.id}/"


def test_a_form_that_was_sent_and_is_sent_again_once_its_mail_is_logged_is_one_mail(
    office: SimpleNamespace,
) -> None:
    private = unlogged(office)
    form = hidden_in(get(office, f"compose/?reply={private.id}"))
    answered(office, form)
    log_by_hand(office, private)
    answered(office, form)
    assert len(mails(office)) == 1


@pytest.mark.parametrize("kind", ["reply", "all", "forward"])
def test_an_answer_to_a_mail_that_is_gone_is_kept_as_a_draft_and_its_page_says_so(
    office: SimpleNamespace, kind: str
) -> None:
    private = unlogged(office)
    form = hidden_in(get(office, f"compose/?{kind}={private.id}"))
    office.account.delete(1)
    sync(office.mailbox)
    answer = answered(office, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "no longer here" in page
    assert TEXT in page
    (mail,) = mails(office)
    assert (mail.state, mail.text) == (State.DRAFT, TEXT)
    # Sent from there, it goes out.
    (action,) = re.findall(r'id="compose"[^>]*action="([^"]+)"', page)
    answered(office, {}, sender=office.sender) if action == f"{HOME}compose/" else post(
        office, action.removeprefix(HOME), to="zoe@new.example", text=TEXT
    )
    assert [one.state for one in mails(office)] == [State.HELD]


def test_a_mark_finds_no_mail_that_its_writer_does_not_see(office: SimpleNamespace) -> None:
    office.account.put(1)
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        activity = Activity.objects.get()
    mark = hidden_in(get(office, f"compose/?reply={activity.id}"))["mark"]
    with tenancy.in_workspace(office.id):
        Project.objects.filter(id=office.one.id).update(open_to_all=False)
        Member.objects.filter(id=office.ben.id).update(role="member")
    for member, text in (("ben", mark), ("ana", "junk"), ("ana", "f" * 64), ("ana", "")):
        with tenancy.in_workspace(office.id, getattr(office, member).id):
            reader = Member.objects.get(id=getattr(office, member).id)
            with pytest.raises(NotThere):
                original_marked(sight_of(office.id, reader), "reply", text)
    with tenancy.in_workspace(office.id, office.ana.id):
        found = original_marked(sight_of(office.id, office.ana), "reply", mark)
    assert found.activity_id == activity.id


def test_text_for_a_draft_that_was_sent_in_another_tab_stands_in_a_new_form(
    office: SimpleNamespace,
) -> None:
    post(office, to="jane@client.example", do="save")
    (mail,) = mails(office)
    post(office, f"compose/{mail.id}/", to="jane@client.example")
    again = post(office, f"compose/{mail.id}/", to="jane@client.example")
    assert again.status_code == 303, "The same, pressed twice, is one mail."
    for sentence in ("waits to be sent", "was sent already"):
        late = post(office, f"compose/{mail.id}/", to="jane@client.example", text=TEXT)
        assert late.status_code == 422
        page = late.content.decode()
        assert sentence in page
        assert TEXT in page
        assert f'action="{HOME}compose/"' in page
        deliver(office)
    answer = post(office, **hidden_in(page) | {"to": "jane@client.example", "text": TEXT})
    assert answer.status_code == 303
    assert [one.state for one in mails(office)] == [State.SENT, State.HELD]


def test_text_for_a_draft_that_was_deleted_in_another_tab_stands_in_a_new_form(
    office: SimpleNamespace,
) -> None:
    post(office, to="jane@client.example", do="save")
    (mail,) = mails(office)
    office.browser.post(f"{HOME}compose/{mail.id}/removal/")
    assert mails(office) == []
    late = post(office, f"compose/{mail.id}/", to="jane@client.example", text=TEXT)
    assert late.status_code == 404, "As for a draft of somebody else's."
    assert TEXT in late.content.decode()
    assert "was deleted" in late.content.decode()
    assert post(office, f"compose/{mail.id}/", text=" ").status_code == 404


def test_the_address_of_a_draft_that_is_on_its_way_says_so(office: SimpleNamespace) -> None:
    post(office, to="jane@client.example")
    (mail,) = mails(office)
    office.browser.get(f"{HOME}compose/{mail.id}/")
    assert "waits to be sent. Take it back" in get(office, "outbox/")
    deliver(office)
    office.browser.get(f"{HOME}compose/{mail.id}/")
    assert "This mail was sent already." in get(office, "outbox/")


@pytest.mark.parametrize("path", ["compose/", "draft"])
def test_text_stays_on_its_page_where_the_last_mailbox_was_disconnected(
    office: SimpleNamespace, path: str
) -> None:
    if path == "draft":
        post(office, to="jane@client.example", do="save")
        path = f"compose/{mails(office)[0].id}/"
    with tenancy.in_workspace(office.id, office.ana.id):
        disconnect_mailbox(office.id, by=office.ana, mailbox_id=office.mailbox.id)
    answer = post(office, path, to="jane@client.example", text=TEXT)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert TEXT in page
    assert "No mailbox of yours can send now" in page


def test_who_sent_an_answer_to_a_mail_that_is_gone_is_not_led_to_its_page(
    office: SimpleNamespace,
) -> None:
    private = unlogged(office)
    form = hidden_in(get(office, f"compose/?reply={private.id}"))
    answered(office, form, do="save")
    (mail,) = mails(office)
    office.account.delete(1)
    sync(office.mailbox)
    answer = post(office, f"compose/{mail.id}/", to="zoe@new.example")
    assert answer["Location"] == f"{HOME}outbox/"


def test_a_mail_of_a_mailbox_that_was_disconnected_leads_to_connecting_one(
    office: SimpleNamespace,
) -> None:
    vendor = make_vendor_mailbox(office, office.ana, can_send=True)
    post(office, to="jane@client.example")
    gone = {"state": Mailbox.State.DISCONNECTED, "can_send": False}
    with tenancy.in_workspace(office.id, office.ana.id):
        Mailbox.objects.filter(id=vendor.id).update(**gone)
        OutgoingMail.objects.update(state=State.FAILED, mailbox=vendor)
    page = get(office, "outbox/").split("<main")[1]
    assert f"{HOME}mailboxes/{vendor.id}/visit/" not in page
    assert f'href="{HOME}mailboxes/connection/"' in page
    assert office.browser.get(f"{HOME}mailboxes/connection/").status_code == 200


def test_a_form_whose_id_is_none_is_sent_all_the_same_and_once(office: SimpleNamespace) -> None:
    for _press in range(2):
        answer = post(office, to="jane@client.example", text=TEXT, form_id="junk\x00")
        assert answer.status_code == 303
    assert [(one.state, one.text) for one in mails(office)] == [(State.HELD, TEXT)]


@pytest.mark.parametrize("field", ["original", "contact", "kind", "mark"])
def test_what_is_wrong_with_a_hidden_field_is_told_where_it_is_seen(
    office: SimpleNamespace, field: str
) -> None:
    answer = post(office, to="jane@client.example", text=TEXT, **{field: "junk" * 20})
    assert answer.status_code == 422
    assert "that you do not see was changed" in answer.content.decode()
    assert TEXT in answer.content.decode()


def test_no_page_with_private_text_is_kept_by_a_browser(office: SimpleNamespace) -> None:
    private = unlogged(office)
    saved = answered(office, {}, do="save")["Location"].removeprefix(HOME)
    refused = answered(office, {}, to="nobody at all")
    assert (refused.status_code, "no-store" in refused["Cache-Control"]) == (422, True)
    for path in (
        f"inbox/{private.id}/",
        f"inbox/{private.id}/body/",
        f"inbox/threads/{private.thread_id}/",
        f"compose/?reply={private.id}",
        "compose/",
        saved,
        "outbox/",
    ):
        answer = office.browser.get(HOME + path)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"], path
        assert "private" in answer["Cache-Control"], path
