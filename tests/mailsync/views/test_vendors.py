"""To Google's sign-in and back, in the pages: who may come back, with which account, how often."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from accounts import tenancy
from accounts.models import AuditEvent, MemberAddress
from mailsync.models import Farewell, Mailbox, Visit
from mailsync.sandbox.faults import Answer
from mailsync.sandbox.server import Sandbox
from mailsync.tasks import part, read_aliases
from tests.mailsync.conftest import record_of, reload, sync
from tests.mailsync.google import visit
from tests.mailsync.mail import make_mail, when
from tests.mailsync.vendors import sandbox

__all__ = ["sandbox"]

pytestmark = pytest.mark.django_db(transaction=True)
ANA, OTHER = "ana@ours.example", "other@ours.example"


@pytest.fixture(autouse=True)
def google(sandbox: Sandbox, settings: Any) -> Sandbox:
    settings.PUBLIC_BASE_URL = "http://testserver"
    with sandbox.lock:
        sandbox.google.add_account(ANA, "Ana", ["sales@extra.example", "jane@client.example"])
        sandbox.google.add_account(OTHER, "Other", [])
    return sandbox


def browser(cast: SimpleNamespace, member: str = "ana") -> Client:
    client = Client()
    client.force_login(getattr(cast, member).user)
    return client


def set_out(client: Client, path: str = "mailboxes/google/", **fields: str) -> str:
    """Press the button; the vendor's address that the page leads to."""
    page = client.post(f"/w/ours/{path}", fields)
    assert page.status_code == 200, page.content
    (found,) = re.findall(r'<a class="btn"[^>]* href="(http[^"]*)"', page.content.decode())
    return unescape(found)


def come_back(client: Client, location: str) -> Any:
    return client.get(location.removeprefix("http://testserver"))


def connect(client: Client, cast: SimpleNamespace, address: str = ANA) -> Mailbox:
    """Connect the account and choose project One and all past mail."""
    answer = come_back(client, visit(set_out(client), address))
    assert answer.status_code == 302, answer.content
    with tenancy.in_workspace(cast.id, cast.ana.id):
        mailbox = Mailbox.objects.select_related("channel").get(address=address)
        folders = mailbox.folders.filter(selected=True)
        chosen = [str(one) for one in folders.values_list("id", flat=True)]
    page = f"/w/ours/mailboxes/{mailbox.id}/setup/"
    client.post(page + "folders/", {"folders": chosen, "days": "0"})
    client.post(page + "projects/", {"projects": [str(cast.one.id)]})
    return reload(mailbox)


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def mailboxes(cast: SimpleNamespace) -> int:
    with tenancy.in_workspace(cast.id):
        return Mailbox.objects.count()


def put(sandbox: Sandbox, *numbers: int) -> None:
    with sandbox.lock:
        for number in numbers:
            sandbox.mailboxes.deliver(
                ANA, make_mail(number), scopes=["INBOX"], flags=[], received_at=when(number)
            )


def test_a_gmail_mailbox_is_connected_set_up_and_read(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    put(google, 1, 2)
    client = browser(ours)
    answer = come_back(client, visit(set_out(client), ANA))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mailbox = Mailbox.objects.select_related("channel").get()
        assert mailbox.state == "setting_up"
        assert b"refresh" not in bytes(mailbox.sealed_grant or b"")
        own = MemberAddress.objects.filter(origin="mailbox", verified_at__isnull=False)
        assert own.get().address == ANA
        assert not Visit.objects.exists()
    assert answer["Location"] == f"/w/ours/mailboxes/{mailbox.id}/setup/"
    # Nothing is read before its owner has chosen what.
    assert not sync(mailbox).taken
    steps = client.get(answer["Location"], follow=True)
    assert b"Choose folders" in steps.content
    mailbox = connect_rest(client, ours, mailbox)
    sync(mailbox)
    assert record_of(mailbox) == {"logged": ["Mail 1", "Mail 2"]}
    page = client.get(f"/w/ours/mailboxes/{mailbox.id}/setup/reading/").content.decode()
    assert "Up to date" in page
    assert "100%" in page


def connect_rest(client: Client, cast: SimpleNamespace, mailbox: Mailbox) -> Mailbox:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        folders = [str(one.id) for one in mailbox.folders.filter(selected=True)]
    page = f"/w/ours/mailboxes/{mailbox.id}/setup/"
    answer = client.post(page + "folders/", {"folders": folders, "days": "0"})
    assert answer["Location"] == page + "projects/"
    assert client.post(page + "projects/", {}).status_code == 422
    answer = client.post(page + "projects/", {"projects": [str(cast.one.id)]})
    assert answer["Location"] == page + "reading/"
    return reload(mailbox)


def test_aliases_are_the_owners_and_a_customers_is_said(ours: SimpleNamespace) -> None:
    client = browser(ours)
    mailbox = connect(client, ours)
    with tenancy.in_workspace(ours.id):
        rows = MemberAddress.objects.filter(origin="alias")
        assert list(rows.values_list("address", flat=True)) == ["sales@extra.example"]
    page = client.get(f"/w/ours/mailboxes/{mailbox.id}/").content.decode()
    assert "sales@extra.example" in page
    assert "jane@client.example is an alias of this mailbox" in page


def test_aliases_are_followed_once_a_day_and_a_vendor_that_is_down_changes_nothing(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    mailbox = connect(browser(ours), ours)
    sync(mailbox)

    def after(**ago: int) -> list[str]:
        with tenancy.in_workspace(ours.id):
            Mailbox.objects.update(aliases_at=timezone.now() - timedelta(**ago))
        read_aliases()
        with tenancy.in_workspace(ours.id):
            rows = MemberAddress.objects.filter(origin="alias").order_by("address")
            return list(rows.values_list("address", flat=True))

    with google.lock:
        box = google.mailboxes.get(ANA)
        assert box is not None
        box.aliases = ("help@extra.example",)
    assert after(hours=23) == ["sales@extra.example"]
    google.faults.choose("*", Answer(503, b"down"), mailbox=ANA)
    assert after(hours=25) == ["sales@extra.example"]
    assert reload(mailbox).state == "live"
    assert after(hours=25) == ["help@extra.example"]


def test_what_came_back_works_once(ours: SimpleNamespace) -> None:
    client = browser(ours)
    back = visit(set_out(client), ANA)
    assert come_back(client, back).status_code == 302
    again = come_back(client, back)
    assert (again.status_code, b"was used already" in again.content) == (400, True)
    assert mailboxes(ours) == 1


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_another_session_and_another_user_are_refused(ours: SimpleNamespace, who: str) -> None:
    client = browser(ours)
    back = visit(set_out(client), ANA)
    stranger = browser(ours, who)
    set_out(stranger)
    assert come_back(stranger, back).status_code == 400
    assert mailboxes(ours) == 0
    # The stranger did not spoil it for the one who set out.
    assert come_back(client, back).status_code == 302


def test_who_is_signed_out_is_led_to_sign_in_without_what_came_back(ours: SimpleNamespace) -> None:
    back = visit(set_out(browser(ours)), ANA)
    answer = come_back(Client(), back)
    assert answer["Location"] == "/accounts/login/?next=/"


def test_after_ten_minutes_it_is_over(ours: SimpleNamespace) -> None:
    client = browser(ours)
    back = visit(set_out(client), ANA)
    with tenancy.in_workspace(ours.id):
        Visit.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert come_back(client, back).status_code == 400
    set_out(client)
    with tenancy.in_workspace(ours.id):
        assert Visit.objects.count() == 1


def test_a_visit_to_one_vendor_is_no_visit_to_another(ours: SimpleNamespace) -> None:
    client = browser(ours)
    back = visit(set_out(client), ANA)
    assert come_back(client, back.replace("/oauth/google/", "/oauth/microsoft/")).status_code in {
        400,
        404,
    }
    assert mailboxes(ours) == 0


def test_a_member_who_left_in_between_connects_nothing(ours: SimpleNamespace) -> None:
    client = browser(ours, "ben")
    back = visit(set_out(client), OTHER)
    with tenancy.in_workspace(ours.id):
        ours.ben.deactivated_at = timezone.now()
        ours.ben.save()
    assert come_back(client, back).status_code == 400
    assert mailboxes(ours) == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"answer": "deny"}, "You did not allow access at Google"),
        ({"without": ("gmail.readonly",)}, "was not allowed to read the mail"),
    ],
)
def test_a_refusal_and_a_partial_grant_are_said_in_plain_words(
    ours: SimpleNamespace, options: dict[str, Any], sentence: str
) -> None:
    client = browser(ours)
    answer = come_back(client, visit(set_out(client), ANA, **options))
    assert answer["Location"] == "/w/ours/mailboxes/connection/"
    assert sentence in said(answer)
    assert mailboxes(ours) == 0


@pytest.mark.parametrize("address", ["jane@client.example", "ben@ours.example"])
def test_a_customers_and_a_colleagues_mailbox_is_refused_and_its_grant_given_back(
    ours: SimpleNamespace, google: Sandbox, address: str
) -> None:
    with google.lock:
        google.google.add_account(address, "Somebody", [])
    client = browser(ours)
    answer = come_back(client, visit(set_out(client), address))
    assert "This address" in said(answer)
    assert mailboxes(ours) == 0
    assert "revoke" in operations(google)


def operations(google: Sandbox) -> list[str]:
    return list(google.log.counts())


def test_reconnecting_keeps_the_place_and_takes_no_other_account(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    put(google, 1)
    client = browser(ours)
    mailbox = connect(client, ours)
    sync(mailbox)
    cursor, grant = mailbox.cursor, bytes(mailbox.sealed_grant or b"")
    with google.lock:
        google.google.revoke(ANA)
    put(google, 2)
    sync(mailbox)
    assert mailbox.state == "needs_reconnect"
    assert "password" not in mailbox.state_detail
    page = client.get(f"/w/ours/mailboxes/{mailbox.id}/reconnection/").content.decode()
    assert "Sign in with Google" in page
    path = f"mailboxes/{mailbox.id}/visit/"
    wrong = come_back(client, visit(set_out(client, path), OTHER))
    assert f"You signed in as {OTHER}" in said(wrong)
    assert bytes(reload(mailbox).sealed_grant or b"") == grant
    right = come_back(client, visit(set_out(client, path), ANA))
    assert "checking what it missed" in said(right)
    reload(mailbox)
    assert (mailbox.state, mailbox.cursor) == ("resyncing", cursor)
    assert b"Checking" in client.get(f"/w/ours/mailboxes/{mailbox.id}/").content
    sync(mailbox)
    assert mailbox.state == "live"
    assert record_of(mailbox) == {"logged": ["Mail 1", "Mail 2"]}


def test_connecting_a_lost_mailbox_again_goes_on_with_it(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    client = browser(ours)
    mailbox = connect(client, ours)
    sync(mailbox)
    again = come_back(client, visit(set_out(client), ANA))
    assert "connected already" in said(again)
    # The refusal did not revoke what the connected mailbox lives on.
    sync(mailbox)
    assert mailbox.state == "live"
    with google.lock:
        google.google.revoke(ANA)
    sync(mailbox)
    assert mailbox.state == "needs_reconnect"
    come_back(client, visit(set_out(client), ANA))
    assert mailboxes(ours) == 1
    assert reload(mailbox).state == "resyncing"


def test_sending_is_allowed_by_a_visit_of_its_own(ours: SimpleNamespace) -> None:
    client = browser(ours)
    mailbox = connect(client, ours)
    sync(mailbox)
    assert not mailbox.can_send
    path = f"mailboxes/{mailbox.id}/visit/"
    refused = visit(set_out(client, path, send="yes"), ANA, without=("gmail.send",))
    assert "Sending was not allowed" in said(come_back(client, refused))
    assert not reload(mailbox).can_send
    come_back(client, visit(set_out(client, path, send="yes"), ANA))
    assert reload(mailbox).can_send
    sync(mailbox)
    assert mailbox.state == "live"
    # Reconnecting later asks for it again, or it would be lost.
    assert "gmail.send" in set_out(client, path)


def test_disconnecting_gives_the_grant_back_and_a_vendor_that_is_down_hinders_nothing(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    client = browser(ours)
    mailbox = connect(client, ours)
    google.faults.choose("revoke", Answer(503, b"down"), times=1)
    client.post(f"/w/ours/mailboxes/{mailbox.id}/disconnection/", {"logged": "keep"})
    with tenancy.in_workspace(ours.id):
        row = Mailbox.objects.get()
        assert (row.state, row.sealed_grant) == ("disconnected", None)
    part()
    with tenancy.in_workspace(ours.id):
        assert Farewell.objects.get().attempts == 1
        Farewell.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    part()
    with tenancy.in_workspace(ours.id):
        assert not Farewell.objects.exists()
    with google.lock:
        assert (
            google.google.sign_in.grants.granted(ANA, "sandbox.apps.googleusercontent.example")
            == []
        )


def test_a_grant_that_cannot_be_given_back_is_said_in_the_audit_log(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    client = browser(ours)
    mailbox = connect(client, ours)
    google.faults.choose("revoke", Answer(503, b"down"), times=None)
    client.post(f"/w/ours/mailboxes/{mailbox.id}/disconnection/", {"logged": "keep"})
    for _ in range(10):
        with tenancy.in_workspace(ours.id):
            Farewell.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        part()
    with tenancy.in_workspace(ours.id):
        assert not Farewell.objects.exists()
        assert AuditEvent.objects.filter(verb="sign-in could not be revoked").count() == 1


def test_an_account_that_is_connected_elsewhere_keeps_its_grant(
    ours: SimpleNamespace, rival: SimpleNamespace, google: Sandbox
) -> None:
    client = browser(ours)
    mailbox = connect(client, ours)
    theirs = browser(rival)
    page = theirs.post("/w/rival/mailboxes/google/").content.decode()
    (found,) = re.findall(r'<a class="btn"[^>]* href="(http[^"]*)"', page)
    come_back(theirs, visit(unescape(found), ANA))
    assert mailboxes(rival) == 1
    client.post(f"/w/ours/mailboxes/{mailbox.id}/disconnection/", {"logged": "keep"})
    part()
    assert "revoke" not in operations(google)


def test_a_refused_sign_in_ends_no_other_connection_of_the_same_account(
    ours: SimpleNamespace, rival: SimpleNamespace, google: Sandbox
) -> None:
    """Google revokes all that an account granted, also what another workspace reads with."""
    mailbox = connect(browser(ours), ours)
    theirs = browser(rival)
    page = theirs.post("/w/rival/mailboxes/google/").content.decode()
    (found,) = re.findall(r'<a class="btn"[^>]* href="(http[^"]*)"', page)
    # The address is the browser's to change, and without this the earlier right comes along.
    alone = unescape(found).replace("include_granted_scopes=true", "include_granted_scopes=false")
    answer = come_back(theirs, visit(alone, ANA, without=("gmail.readonly",)))
    assert "not allowed to read" in said(answer)
    assert "revoke" not in operations(google)
    sync(mailbox)
    assert mailbox.state == "live"


def test_a_refused_sign_in_of_an_account_that_nothing_uses_is_given_back(
    ours: SimpleNamespace, google: Sandbox
) -> None:
    client = browser(ours)
    refused = visit(set_out(client), ANA, without=("gmail.readonly",))
    assert "not allowed to read" in said(come_back(client, refused))
    assert "revoke" in operations(google)


def test_without_an_app_the_page_says_what_the_operator_has_to_do(
    ours: SimpleNamespace, settings: Any
) -> None:
    settings.GOOGLE_CLIENT_ID = ""
    client = browser(ours)
    page = client.get("/w/ours/mailboxes/connection/").content.decode()
    assert "GOOGLE_CLIENT_ID" in page
    assert "Sign in with Google" not in page
    answer = client.post("/w/ours/mailboxes/google/")
    assert "not set up on this installation" in said(answer)


def test_a_viewer_connects_nothing(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id):
        ours.ben.role = "viewer"
        ours.ben.save()
    client = browser(ours, "ben")
    assert client.post("/w/ours/mailboxes/google/").status_code == 404
    assert client.get("/w/ours/mailboxes/connection/").status_code == 404
