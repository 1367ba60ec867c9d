"""The pages of mailboxes, from connecting to disconnecting, and the member's own folders."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from activities.models import Activity, Assignment, Message, PrivateMessage
from contacts.models import DirectoryChange
from mailsync.models import Mailbox
from mailsync.services.fetch_bodies import fetch_bodies
from tests.dovecot import PASSWORD
from tests.mailsync.conftest import Account, connect, record_of, reload, sync

STRANGER = "Zoe <zoe@new.example>"


def browser(cast: SimpleNamespace, member: str = "ana") -> Client:
    client = Client()
    client.force_login(getattr(cast, member).user)
    return client


def form_of(account: Account, cast: SimpleNamespace, **facts: str) -> dict[str, object]:
    typed: dict[str, object] = {
        "address": account.user,
        "host": account.server.host,
        "port": account.server.port,
        "security": "none",
        "username": account.user,
        "password": PASSWORD,
    }
    return typed | facts


def url(path: str = "mailboxes/") -> str:
    return f"/w/ours/{path}"


def only_mailbox(cast: SimpleNamespace) -> Mailbox:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return Mailbox.objects.select_related("channel").get()


def set_up(client: Client, cast: SimpleNamespace, start: str) -> HttpResponse:
    """Walk through the steps with what they offer, from all past mail on; the last answer."""
    answer = client.get(start, follow=True)
    (at, _status) = answer.redirect_chain[-1]
    folders = answer.context["form"]["folders"].initial
    answer = client.post(at, {"folders": folders, "days": "0"})
    assert answer.status_code == 303
    both = [str(cast.one.id), str(cast.two.id)]
    answer = client.post(answer["Location"], {"projects": both})
    assert answer.status_code == 303
    if "domain" in answer["Location"]:
        answer = client.post(answer["Location"], {})
    return answer


def test_connecting_reading_and_looking_at_it(ours: SimpleNamespace, account: Account) -> None:
    client = browser(ours)
    assert b"No mailbox is connected" in client.get(url()).content
    assert client.get(url("mailboxes/connection/")).status_code == 200
    answer = client.post(url("mailboxes/connection/imap/"), form_of(account, ours))
    assert answer.status_code == 303
    answer = set_up(client, ours, answer["Location"])
    page = client.get(answer["Location"])
    assert b"Waiting" in page.content
    assert b'hx-trigger="every 3s"' in page.content
    account.put(1)
    mailbox = only_mailbox(ours)
    sync(mailbox)
    page = client.get(answer["Location"])
    assert b"Up to date" in page.content
    assert b"hx-trigger" not in page.content
    assert b"Mail 1" in page.content
    assert account.user.encode() in client.get(url()).content


def test_a_wrong_password_is_said_beside_its_field(ours: SimpleNamespace, account: Account) -> None:
    answer = browser(ours).post(
        url("mailboxes/connection/imap/"), form_of(account, ours, password="wrong")
    )
    assert answer.status_code == 422
    assert b"does not accept this user name and password" in answer.content
    assert b"wrong" not in answer.content


def test_a_private_host_is_refused_in_plain_words(
    ours: SimpleNamespace, account: Account, settings: object
) -> None:
    settings.MAIL_ALLOW_PRIVATE_HOSTS = False  # type: ignore[attr-defined]
    answer = browser(ours).post(url("mailboxes/connection/imap/"), form_of(account, ours))
    assert answer.status_code == 422
    assert b"inside a private network" in answer.content


def test_folders_projects_and_settings_are_saved(ours: SimpleNamespace, account: Account) -> None:
    mailbox = connect(ours, ours.ana, account)
    client, page = browser(ours), url(f"mailboxes/{mailbox.id}/")
    with tenancy.in_workspace(ours.id, ours.ana.id):
        sent = mailbox.folders.get(provider_id="Sent")
        junk = mailbox.folders.get(provider_id="Junk")
    assert client.post(page + "folders/", {"folders": [str(sent.id)]}).status_code == 303
    assert client.post(page + "folders/", {"folders": [str(junk.id)]}).status_code == 422
    assert client.post(page + "folders/", {}).status_code == 422
    assert client.post(page + "projects/", {"projects": [str(ours.two.id)]}).status_code == 303
    answer = client.post(page + "settings/", {"starts_at": "2026-03-01", "sharing": "subject"})
    assert answer.status_code == 303
    reload(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        chosen = mailbox.folders.filter(selected=True)
        assert list(chosen.values_list("provider_id", flat=True)) == ["Sent"]
        links = mailbox.channel.channel_projects
        assert list(links.values_list("project_id", flat=True)) == [ours.two.id]
        changes = DirectoryChange.objects.filter(kind="channel", value=str(mailbox.channel_id))
        assert changes.count() == 2
    assert (mailbox.channel.sharing, mailbox.channel.looks_back) == ("subject", False)
    assert client.get(page).status_code == 200


def test_pausing_resuming_and_reading_now(ours: SimpleNamespace, account: Account) -> None:
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    client, page = browser(ours), url(f"mailboxes/{mailbox.id}/")
    client.post(page + "pause/")
    assert reload(mailbox).state == "paused"
    assert not sync(mailbox).taken
    assert b"Resume" in client.get(page).content
    client.post(page + "pause/removal/")
    account.put(1)
    assert client.post(page + "reading/").status_code == 303
    sync(mailbox)
    assert record_of(mailbox) == {"logged": ["Mail 1"]}


def test_reconnecting_takes_the_new_password_and_no_other_account(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.server.add_user(account.user, "new password")
    sync(mailbox)
    account.client = account.server.open(account.user, "new password")
    account.put(2)
    cursor = mailbox.cursor
    client, page = browser(ours), url(f"mailboxes/{mailbox.id}/reconnection/")
    assert b"no longer accepts" in client.get(page).content
    typed = {"username": account.user, "password": PASSWORD}
    assert b"does not accept" in client.post(page, typed).content
    other = client.post(page, {"username": "somebody@else.example", "password": "new password"})
    assert (other.status_code, b"another account" in other.content) == (422, True)
    assert client.post(page, typed | {"password": "new password"}).status_code == 303
    assert reload(mailbox).cursor == cursor
    sync(mailbox)
    assert record_of(mailbox) == {"logged": ["Mail 1", "Mail 2"]}
    assert mailbox.state == "live"


def test_disconnecting_deletes_what_is_private_and_keeps_what_is_logged(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    account.put(2, **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    client, page = browser(ours), url(f"mailboxes/{mailbox.id}/disconnection/")
    assert b"cannot be undone" in client.get(page).content
    assert client.post(page).status_code == 422
    assert client.post(page, {"logged": "keep"}).status_code == 303
    with tenancy.in_workspace(ours.id, ours.ana.id):
        row = Mailbox.objects.get()
        assert (row.state, row.sealed_password, row.cursor) == ("disconnected", None, {})
        assert not PrivateMessage.objects.exists()
        assert Activity.objects.get().state == "logged"
        assert Message.objects.get().body_state == "gone"
    assert client.get(page).status_code == 404
    # The same account may be connected again, as a mailbox of its own.
    again = connect(ours, ours.ana, account)
    sync(again)
    assert record_of(again) == {"logged": ["Mail 1"], "not_logged": ["Mail 2"]}
    with tenancy.in_workspace(ours.id):
        assert Activity.objects.count() == 1


def test_the_inbox_shows_every_mail_with_its_reason(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    account.put(2, **{"from": STRANGER})
    account.put(3, **{"from": "Mia <mia@client.example>"})
    mailbox = connect(ours, ours.ana, account, ours.one, ours.two)
    sync(mailbox)
    client = browser(ours)
    page = client.get(url("inbox/")).content.decode()
    assert page.index("Mail 3") < page.index("Mail 2") < page.index("Mail 1")
    assert "Not logged." in page
    for show, expected in (
        ("logged", "Mail 1"),
        ("not_logged", "Mail 2"),
        ("needs_project", "Mail 3"),
    ):
        found = client.get(url(f"inbox/?show={show}")).content.decode()
        assert [name for name in ("Mail 1", "Mail 2", "Mail 3") if name in found] == [expected]


def test_a_project_is_chosen_from_the_inbox(ours: SimpleNamespace, account: Account) -> None:
    account.put(1, **{"from": "Mia <mia@client.example>"})
    mailbox = connect(ours, ours.ana, account, ours.one, ours.two)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        thread = PrivateMessage.objects.get().thread_id
    client = browser(ours)
    page = client.get(url("inbox/")).content.decode()
    assert f"threads/{thread}/projects/" in page
    assert "Choose project" in page
    client.post(url(f"threads/{thread}/projects/"), {"project": str(ours.two.id)})
    assert record_of(mailbox) == {"logged": ["Mail 1"]}
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Assignment.objects.get().project_id == ours.two.id
    assert "Two" in client.get(url("inbox/")).content.decode()


def test_the_inbox_is_walked_page_by_page(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailsync.inbox import threads

    monkeypatch.setattr(threads, "PAGE", 2)
    for number in range(1, 8):
        account.put(number, **({"from": STRANGER} if number % 2 else {}))
    sync(connect(ours, ours.ana, account))
    client, next_url, seen = browser(ours), url("inbox/"), []
    while next_url:
        answer = client.get(next_url)
        seen += [line.subject for line in answer.context["page"].lines]
        next_url = answer.context["page"].next_url
    assert seen == [f"Mail {number}" for number in range(7, 0, -1)]


def test_the_inbox_asks_a_constant_number_of_questions(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    client = browser(ours)
    client.get(url("inbox/"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url("inbox/"))
    account.put(*range(2, 12))
    account.put(*range(12, 22), **{"from": STRANGER})
    sync(mailbox)
    with CaptureQueriesContext(connection) as many:
        client.get(url("inbox/"))
    assert len(many) <= len(few) + 1


def test_a_private_mail_is_read_from_the_server_and_kept_nowhere(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1, body="The MARKER stands here.\n", **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        private = PrivateMessage.objects.get()
    client, page = browser(ours), url(f"inbox/{private.id}/")
    header = client.get(page)
    assert b"zoe@new.example" in header.content
    assert b"MARKER" not in header.content
    body = client.get(page + "body/")
    assert b"MARKER" in body.content
    assert "sandbox" in body["Content-Security-Policy"]
    assert body["Cache-Control"] == "private, no-store"
    assert account.unread() == 1
    with tenancy.in_workspace(ours.id, ours.ana.id), connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from activities_privatemessage p where p::text like '%MARKER%'"
        )
        assert cursor.fetchone() == (0,)
        assert not Message.objects.exists()
    account.delete(1)
    assert b"no longer at the mail server" in client.get(page + "body/").content


def test_nobody_else_opens_a_mailbox_or_a_private_mail(
    ours: SimpleNamespace, rival: SimpleNamespace, account: Account
) -> None:
    account.put(1, **{"from": STRANGER})
    mailbox = connect(ours, ours.ben, account)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ben.id):
        private = PrivateMessage.objects.get()
    pages = [
        f"mailboxes/{mailbox.id}/",
        f"mailboxes/{mailbox.id}/progress/",
        f"mailboxes/{mailbox.id}/reconnection/",
        f"mailboxes/{mailbox.id}/disconnection/",
        f"inbox/{private.id}/",
        f"inbox/{private.id}/body/",
    ]
    for page in pages:
        assert browser(ours, "ben").get(url(page)).status_code == 200
        # The owner of the workspace is a stranger here too.
        assert browser(ours).get(url(page)).status_code == 404
        assert browser(rival).get(f"/w/rival/{page}").status_code == 404
    for act in ("folders/", "projects/", "settings/", "pause/", "reading/", "replay/"):
        assert browser(ours).post(url(f"mailboxes/{mailbox.id}/{act}")).status_code == 404
    answer = browser(ours).get(url(f"inbox/?mailbox={mailbox.id}"))
    assert b"Mail 1" not in answer.content


def test_bodies_of_logged_mail_are_fetched(ours: SimpleNamespace, account: Account) -> None:
    account.put(1, 2)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.move(2, "INBOX", "Drafts")
    account.delete(1)
    account.put(1, folder="Archive")
    fetch_bodies(ours.id, channel_id=mailbox.channel_id)
    with tenancy.in_workspace(ours.id):
        texts = {row.subject: row.body.text for row in Message.objects.select_related("body")}
    # Both were moved since they were logged, and are found by their Message-ID.
    assert texts == {"Mail 1": "Body of mail 1.", "Mail 2": "Body of mail 2."}
    assert account.unread("Archive") == 1


def test_a_body_that_nobody_has_any_more_says_so(ours: SimpleNamespace, account: Account) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.delete(1)
    fetch_bodies(ours.id, channel_id=mailbox.channel_id)
    with tenancy.in_workspace(ours.id):
        assert Message.objects.get().body_state == "gone"


def test_a_body_that_cannot_be_fetched_now_waits(ours: SimpleNamespace, account: Account) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        Mailbox.objects.update(port=9)
    fetch_bodies(ours.id, channel_id=mailbox.channel_id)
    with tenancy.in_workspace(ours.id):
        message = Message.objects.get()
        assert (message.body_state, message.body_attempts) == ("due", 0)


def test_a_mailbox_for_files_is_made_and_explained(ours: SimpleNamespace) -> None:
    client = browser(ours)
    assert client.get(url("mailboxes/files/")).status_code == 200
    typed = {"address": "ana@ours.example", "projects": [str(ours.one.id)]}
    answer = client.post(url("mailboxes/files/"), typed)
    assert answer.status_code == 303
    assert b"manage.py import_mail" in client.get(answer["Location"]).content
    assert client.get(url("inbox/")).status_code == 200


def test_a_lost_connection_is_told_on_every_page_of_its_owner(
    ours: SimpleNamespace, account: Account
) -> None:
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    page = url("activities/")
    assert b"has not been read since" not in browser(ours).get(page).content
    account.server.add_user(account.user, "another")
    sync(mailbox)
    found = browser(ours).get(page).content.decode()
    assert "has not been read since" in found
    assert f"mailboxes/{mailbox.id}/reconnection/" in found
    # A page that asks something keeps its question out of the banner.
    asked = browser(ours).get(url(f"mailboxes/{mailbox.id}/disconnection/")).content.decode()
    assert f"<b>Disconnect {account.user}?</b>" not in asked
    assert b"has not been read since" not in browser(ours, "ben").get(page).content
