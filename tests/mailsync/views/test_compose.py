"""Writing mail on the pages: new, as an answer, from a profile, and what the page says of it."""

import re
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, PrivateMessage
from contacts.models import Project
from mailsync.models import OutgoingFile, OutgoingMail
from mailsync.services.compose_draft import MOST_FILE_BYTES
from mailsync.services.send_mail import send_mail
from tests.conftest import make_member
from tests.mailsync.conftest import sync
from tests.mailsync.granted import make_vendor_mailbox
from tests.mailsync.sending import mails, office, submission

__all__ = ["office", "submission"]

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State
HOME = "/w/ours/"


def post(cast: SimpleNamespace, path: str = "compose/", **facts: Any) -> Any:
    form = {"sender": cast.sender, "subject": "Offer", "text": "As agreed.", "do": "send"} | facts
    return cast.browser.post(HOME + path, form)


def get(cast: SimpleNamespace, path: str) -> str:
    answer = cast.browser.get(HOME + path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def deliver(cast: SimpleNamespace) -> None:
    """The ten seconds of everything that waits are over."""
    for mail in mails(cast):
        with tenancy.in_workspace(cast.id, cast.ana.id):
            OutgoingMail.objects.filter(id=mail.id, state=State.HELD).update(send_at=Now())
        send_mail(cast.id, mail_id=mail.id, owner_id=cast.ana.id)


def test_people_are_suggested_whatever_is_typed(office: SimpleNamespace) -> None:
    assert "jane@client.example" in get(office, "compose/people/?to=zoe@new.example,%00Jan")
    assert "jane@client.example" not in get(office, "compose/people/?to=%25%25")


def test_a_mail_is_written_sent_after_ten_seconds_and_logged(office: SimpleNamespace) -> None:
    answer = post(office, to="Jane <jane@client.example>")
    assert (answer.status_code, answer["Location"]) == (303, "/w/ours/outbox/")
    page = get(office, "outbox/")
    assert "Sending in 10 s." in page
    assert "#in-10" in page
    assert office.submission.taken == []
    deliver(office)
    assert len(office.submission.taken) == 1
    (mail,) = mails(office)
    assert mail.activity is not None
    assert mail.activity.state == Activity.State.LOGGED
    assert "Offer" in get(office, "outbox/")


def form_id_of(page: str) -> str:
    (found,) = re.findall(r'name="form_id" value="([0-9a-f-]{36})"', page)
    return str(found)


def test_a_form_that_is_sent_twice_is_one_mail(office: SimpleNamespace) -> None:
    """Without a script nothing keeps a person from pressing Send again, or resending the form."""
    form_id = form_id_of(get(office, "compose/"))
    assert form_id != form_id_of(get(office, "compose/"))
    file = {"files": SimpleUploadedFile("a.txt", b"a")}
    first = post(office, to="jane@client.example", form_id=form_id, **file)
    file = {"files": SimpleUploadedFile("a.txt", b"a")}
    again = post(office, to="jane@client.example", form_id=form_id, **file)
    assert (again.status_code, again["Location"]) == (first.status_code, first["Location"])
    assert "Sending in" in get(office, "outbox/")
    deliver(office)
    file = {"files": SimpleUploadedFile("a.txt", b"a")}
    late = post(office, to="jane@client.example", form_id=form_id, **file)
    assert (late.status_code, late["Location"]) == (303, "/w/ours/outbox/")
    assert "This mail was sent already." in get(office, "outbox/")
    file = {"files": SimpleUploadedFile("a.txt", b"a")}
    post(office, to="jane@client.example", form_id=form_id, do="save", **file)
    assert "This mail was sent already." in get(office, "outbox/")
    deliver(office)
    assert [mail.state for mail in mails(office)] == [State.SENT]
    assert len(office.submission.taken) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"to": "mia@client.example"},
        {"text": "As agreed, again."},
        {"subject": "Another offer"},
        {"files": SimpleUploadedFile("b.txt", b"b")},
    ],
)
def test_a_form_that_was_changed_meanwhile_is_another_mail(
    office: SimpleNamespace, change: dict[str, Any]
) -> None:
    """Who goes back, writes something else and presses Send, loses nothing of it."""
    form_id = form_id_of(get(office, "compose/"))
    facts = {"to": "jane@client.example", "form_id": form_id}
    post(office, **facts)
    post(office, **facts | change)
    deliver(office)
    assert len(office.submission.taken) == 2


def test_a_form_that_is_sent_twice_at_once_is_one_mail(office: SimpleNamespace) -> None:
    form_id = form_id_of(get(office, "compose/"))
    start, answers = threading.Barrier(4), []

    def press() -> None:
        client = Client()
        client.force_login(office.ana.user)
        facts = {"sender": office.sender, "to": "jane@client.example", "do": "send"}
        start.wait()
        answers.append(client.post(f"{HOME}compose/", facts | {"form_id": form_id}).status_code)
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join(60)
    assert answers == [303] * 4
    assert [mail.state for mail in mails(office)] == [State.HELD]


def test_a_form_that_was_taken_back_can_be_sent_again_and_overwrites_no_later_change(
    office: SimpleNamespace,
) -> None:
    facts = {"to": "jane@client.example", "form_id": form_id_of(get(office, "compose/"))}
    post(office, **facts)
    (mail,) = mails(office)
    office.browser.post(f"{HOME}compose/{mail.id}/hold/removal/")
    post(office, **facts)
    (mail,) = mails(office)
    assert mail.state == State.HELD
    office.browser.post(f"{HOME}compose/{mail.id}/hold/removal/")
    post(office, f"compose/{mail.id}/", to="jane@client.example", text="Changed.", do="save")
    post(office, **facts)
    assert [one.text for one in mails(office)] == ["Changed.", "As agreed."]


def test_a_refused_form_tells_nothing_of_a_project_that_its_writer_does_not_see(
    office: SimpleNamespace,
) -> None:
    with tenancy.in_workspace(office.id):
        Project.objects.filter(id=office.two.id).update(open_to_all=False)
        Member.objects.filter(id=office.ana.id).update(role="member")
    hidden = {"to": "mia@client.example", "project": str(office.two.id)}
    for facts in (hidden, hidden | {"contact": str(office.mia.id)}):
        for path in ("compose/", "compose/preview/"):
            answer = post(office, path, **facts)
            shown = answer.content.decode()
            assert "a project that you do not see" not in shown
            assert mails(office) == []
    junk = post(office, to="mia@client.example", project="junk", contact="junk", original="junk")
    assert junk.status_code == 422


def test_undo_takes_the_mail_back_into_its_form(office: SimpleNamespace) -> None:
    post(office, to="jane@client.example")
    (mail,) = mails(office)
    answer = office.browser.post(f"{HOME}compose/{mail.id}/hold/removal/")
    assert answer["Location"] == f"{HOME}compose/{mail.id}/"
    page = get(office, f"compose/{mail.id}/")
    assert "As agreed." in page
    deliver(office)
    assert office.submission.taken == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"to": ""}, "Say who the mail goes to."),
        ({"to": "jane at client"}, "is not an address"),
        ({"to": "j\u00e4ne@client.example"}, "is not an address"),
        ({"to": ", ".join(f"p{n}@x.example" for n in range(501))}, "at most 500"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_kept_as_a_draft(
    office: SimpleNamespace, facts: dict[str, str], sentence: str
) -> None:
    answer = post(office, **facts)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert 'aria-invalid="true"' in page
    assert [mail.state for mail in mails(office)] == [State.DRAFT]


def test_a_draft_with_files_is_kept_and_changed(office: SimpleNamespace) -> None:
    file = SimpleUploadedFile("../../plan\r\n.pdf", b"%PDF", content_type="application/pdf")
    answer = post(office, to="jane@client.example", do="save", files=file)
    page = office.browser.get(answer["Location"]).content.decode()
    assert "plan" in page
    assert "../" not in page.split('id="compose"')[1].split("</form>")[0].replace("/w/", "")
    (mail,) = mails(office)
    with tenancy.in_workspace(office.id, office.ana.id):
        row = OutgoingFile.objects.get()
    post(office, f"compose/{mail.id}/", to="mia@client.example", do="save", drop=str(row.id))
    (mail,) = mails(office)
    assert mail.to == "mia@client.example"
    with tenancy.in_workspace(office.id, office.ana.id):
        assert not OutgoingFile.objects.exists()


def test_files_that_are_too_large_together_are_refused(office: SimpleNamespace) -> None:
    file = SimpleUploadedFile("big.bin", b"\0" * (MOST_FILE_BYTES + 1))
    answer = post(office, to="jane@client.example", files=file)
    assert answer.status_code == 422
    assert "may have 18 MB" in answer.content.decode()


def test_the_page_says_where_a_mail_will_be_logged(office: SimpleNamespace) -> None:
    def preview(**facts: str) -> str:
        return str(post(office, "compose/preview/", **facts).content.decode())

    page = preview(to="jane@client.example")
    assert "Jane" in page
    assert "One" in page
    assert "in several projects (One, Two)" in preview(to="mia@client.example")
    page = preview(to="mia@client.example", project=str(office.two.id))
    assert "Two" in page
    assert "several" not in page
    assert "waits in Unassigned" in preview(to="z@nobody.example")
    assert "is not an address" in preview(to="nobody")
    assert mails(office) == []


def test_without_a_script_a_button_tells_the_same(office: SimpleNamespace) -> None:
    answer = post(office, to="jane@client.example", do="check")
    page = office.browser.get(answer["Location"]).content.decode()
    assert "Jane" in page.split("Will be logged to")[1]


def test_a_reply_quotes_the_mail_and_joins_its_thread(office: SimpleNamespace) -> None:
    office.account.put(1)
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        first = Activity.objects.select_related("thread").get()
    page = get(office, f"compose/?reply={first.id}")
    assert 'value="Re: Mail 1"' in page
    assert "Jane Doe &lt;jane@client.example&gt;" in page
    post(
        office, to="jane@client.example", subject="Re: Mail 1",
        kind="reply", original=str(first.id),
    )  # fmt: skip
    deliver(office)
    (taken,) = office.submission.taken
    assert b"In-Reply-To: <mail-1@client.example>" in taken.raw
    with tenancy.in_workspace(office.id, office.ana.id):
        threads = set(Activity.objects.values_list("thread__root_id", flat=True))
        assert len(threads) == 1


def test_a_private_mail_is_fetched_to_be_quoted(office: SimpleNamespace) -> None:
    office.account.put(1, **{"from": "Zoe <zoe@new.example>"})
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        private = PrivateMessage.objects.get()
    page = get(office, f"compose/?reply={private.id}")
    assert "&gt; Body of mail 1." in page
    assert "Zoe &lt;zoe@new.example&gt;" in page


def test_a_reply_to_all_leaves_oneself_out(office: SimpleNamespace) -> None:
    office.account.put(
        1, to=f"Ana <{office.mailbox.address}>, omar@client.example", cc="mia@client.example"
    )
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        first = Activity.objects.get()
    page = get(office, f"compose/?all={first.id}")
    form = page.split('id="compose"')[1]
    to = form.split('name="to"')[1].split(">")[0]
    assert "jane@client.example" in to
    assert "omar@client.example" in to
    assert office.mailbox.address not in to
    assert "mia@client.example" in form.split('name="cc"')[1].split(">")[0]


def test_from_a_profile_the_project_is_locked(office: SimpleNamespace) -> None:
    query = f"compose/?contact={office.mia.id}&project={office.two.id}"
    page = get(office, query)
    assert "Mia &lt;mia@client.example&gt;" in page
    assert '<select name="project"' not in page
    assert "Two" in page.split("Will be logged to")[1]


def test_the_signature_stands_above_the_quote(office: SimpleNamespace) -> None:
    office.browser.post(
        f"{HOME}settings/profile/",
        {"name": "Ana", "time_zone": "UTC", "signature": "Ana Berg\r\nOurs"},
    )
    office.account.put(1)
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        first = Activity.objects.get()
    text = get(office, f"compose/?reply={first.id}").split("<textarea")[1]
    assert text.index("-- \nAna Berg\nOurs") < text.index("wrote:")


def test_a_thread_is_answered_from_its_page_and_a_mail_begun_from_the_inbox(
    office: SimpleNamespace,
) -> None:
    office.account.put(1, 2)
    sync(office.mailbox)
    with tenancy.in_workspace(office.id, office.ana.id):
        first = Activity.objects.select_related("message").order_by("occurred_at")[0]
    page = get(office, f"threads/{first.message.thread_id}/")
    assert f"/w/ours/compose/?reply={first.id}" in page
    assert f"/w/ours/compose/?all={first.id}" in page
    inbox = get(office, "inbox/").split('<header class="topbar">')[1].split("</header>")[0]
    assert "/w/ours/compose/" in inbox


def test_a_member_without_a_mailbox_is_shown_where_to_connect_one(
    office: SimpleNamespace,
) -> None:
    client = Client()
    client.force_login(office.ben.user)
    page = client.get(f"{HOME}compose/").content.decode()
    assert "No mailbox of yours can send yet" in page
    assert "/w/ours/mailboxes/connection/" in page


def test_a_member_whose_mailboxes_only_read_is_offered_the_step_of_each(
    office: SimpleNamespace,
) -> None:
    gmail = make_vendor_mailbox(office, office.ben, can_send=False)
    client = Client()
    client.force_login(office.ben.user)
    page = client.get(f"{HOME}compose/").content.decode()
    assert "Google asks you whether it may send, too." in page
    assert f'action="/w/ours/mailboxes/{gmail.id}/visit/"' in page
    assert "ana@" not in page.split("<main")[1]


def test_a_viewer_may_not_write(office: SimpleNamespace) -> None:
    with tenancy.in_workspace(office.id):
        vic = make_member(office, "vic", "viewer")  # type: ignore[arg-type]
    client = Client()
    client.force_login(vic.user)
    assert client.get(f"{HOME}compose/").status_code == 404
    assert client.get(f"{HOME}outbox/").status_code == 404


def test_nobody_sends_from_a_mailbox_of_another_member(office: SimpleNamespace) -> None:
    client = Client()
    client.force_login(office.ben.user)
    answer = client.post(
        f"{HOME}compose/", {"sender": office.sender, "to": "jane@client.example", "do": "send"}
    )
    assert answer.status_code == 422
    assert mails(office) == []


def test_senders_that_read_alike_are_told_apart(office: SimpleNamespace) -> None:
    def choices() -> list[str]:
        page = get(office, "compose/").split('name="sender"')[1].split("</select>")[0]
        return re.findall(r"<option[^>]*>([^<]*)</option>", page)

    own = office.mailbox.address
    assert choices() == [own]
    make_vendor_mailbox(office, office.ana, can_send=True, address=own)
    assert choices() == [f"{own} (IMAP)", f"{own} (Gmail)"]
    other = {"address": "sales@ours.example", "aliases": [own], "account_id": "another"}
    make_vendor_mailbox(office, office.ana, can_send=True, **other)
    assert choices() == [
        f"{own} (IMAP)",
        f"{own} (Gmail) ({own})",
        "sales@ours.example",
        f"{own} (Gmail) (sales@ours.example)",
    ]
