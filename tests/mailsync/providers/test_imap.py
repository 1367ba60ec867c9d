"""The IMAP provider against a real server."""

import logging
import ssl
from datetime import timedelta

import pytest

from mailsync.providers.base import ChangeKind, Cursor, Page, ScopeRole
from mailsync.providers.errors import (
    AuthorizationLost,
    CursorExpired,
    MessageGone,
    Permanent,
    Transient,
)
from mailsync.providers.imap import ImapProvider
from mailsync.providers.imap_connection import ImapAccount, connect
from tests.dovecot import PASSWORD, Dovecot
from tests.mailsync.conftest import Account
from tests.mailsync.mail import make_mail, when

BOTH = ["INBOX", "Sent"]


def read_all(provider: ImapProvider, cursor: Cursor, size: int = 3) -> tuple[list[str], Cursor]:
    """The subjects of the whole backfill in its order, and the cursor after it."""
    refs: list[str] = []
    page = Page((), cursor, done=False)
    while not page.done:
        page = provider.enumerate(page.cursor, size)
        refs += [change.ref for change in page.changes]
    return subjects(provider, refs), page.cursor


def read_changes(
    provider: ImapProvider, cursor: Cursor, size: int = 3
) -> tuple[list[Page], Cursor]:
    pages = [provider.changes(cursor, size)]
    while not pages[-1].done:
        pages.append(provider.changes(pages[-1].cursor, size))
    return pages, pages[-1].cursor


def subjects(provider: ImapProvider, refs: list[str]) -> list[str]:
    headers = {header.ref: header.raw or b"" for header in provider.fetch_headers(refs)}
    return [headers[ref].split(b"Subject: ")[1].split(b"\r\n")[0].decode() for ref in refs]


def test_folders_come_with_their_roles(account: Account) -> None:
    account.client.create_folder("Customers")
    with account.provider() as provider:
        found = {scope.id: scope.role for scope in provider.list_scopes()}
    assert found == {
        "INBOX": ScopeRole.INBOX,
        "Sent": ScopeRole.SENT,
        "Drafts": ScopeRole.DRAFTS,
        "Junk": ScopeRole.JUNK,
        "Trash": ScopeRole.TRASH,
        "Archive": ScopeRole.ARCHIVE,
        "Customers": ScopeRole.OTHER,
    }


def test_the_past_is_read_newest_first_page_by_page(account: Account) -> None:
    account.put(1, 2, 3, 4, 5, 6, 7)
    with account.provider() as provider:
        names, _ = read_all(provider, provider.start_cursor(["INBOX"], None))
    assert names == [f"Mail {number}" for number in (7, 6, 5, 4, 3, 2, 1)]


def test_folders_take_turns_in_the_backfill(account: Account) -> None:
    account.put(1, 2, 3, 4)
    account.put(11, 12, folder="Sent")
    with account.provider() as provider:
        names, _ = read_all(provider, provider.start_cursor(BOTH, None), size=2)
    assert names == ["Mail 4", "Mail 3", "Mail 12", "Mail 11", "Mail 2", "Mail 1"]


def test_mail_before_the_start_date_is_not_enumerated(account: Account) -> None:
    account.put(1, 2, 100)
    with account.provider() as provider:
        cursor = provider.start_cursor(["INBOX"], when(100) - timedelta(hours=1))
        assert read_all(provider, cursor)[0] == ["Mail 100"]


def test_holes_in_the_numbering_are_stepped_over(account: Account) -> None:
    account.put(*range(1, 30))
    account.client.select_folder("INBOX")
    account.client.delete_messages(list(range(3, 29)))
    account.client.expunge()
    with account.provider() as provider:
        names, _ = read_all(provider, provider.start_cursor(["INBOX"], None), size=1)
    assert names == ["Mail 29", "Mail 2", "Mail 1"]


def test_mail_that_arrives_during_the_backfill_is_a_change(account: Account) -> None:
    account.put(1, 2)
    with account.provider() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        account.put(3)
        names, cursor = read_all(provider, cursor)
        pages, cursor = read_changes(provider, cursor)
        assert names == ["Mail 2", "Mail 1"]
        assert subjects(provider, [change.ref for change in pages[0].changes]) == ["Mail 3"]
        assert all(not page.changes for page in read_changes(provider, cursor)[0])


def test_many_new_mails_come_in_pages(account: Account) -> None:
    with account.provider() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        account.put(*range(1, 8))
        pages, _ = read_changes(provider, cursor, size=3)
        refs = [change.ref for page in pages for change in page.changes]
        arrivals = list(dict.fromkeys(refs))
        assert subjects(provider, arrivals) == [f"Mail {number}" for number in range(1, 8)]


def test_a_mail_that_was_read_elsewhere_changes_its_flags(account: Account) -> None:
    account.put(1, 2)
    with account.provider() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        account.mark_read(2)
        pages, cursor = read_changes(provider, cursor)
        (change,) = pages[0].changes
        assert (change.kind, change.flags) == (ChangeKind.FLAGS_CHANGED, ("seen",))
        assert not read_changes(provider, cursor)[0][0].changes


def test_a_deleted_mail_is_missed_and_can_be_named(account: Account) -> None:
    account.put(1, 2, 3)
    with account.provider() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        refs = [change.ref for change in provider.enumerate(cursor, 10).changes]
        account.delete(2)
        pages, _ = read_changes(provider, cursor)
        assert pages[0].lost == {"INBOX": 1}
        assert provider.missing("INBOX", refs) == {refs[1]}
        assert [header.ref for header in provider.fetch_headers(refs)] != refs


def test_a_deletion_beside_an_arrival_is_noticed(account: Account) -> None:
    account.put(1, 2)
    with account.provider() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        account.delete(1)
        account.put(3)
        pages, _ = read_changes(provider, cursor)
        assert [page.lost for page in pages if page.lost] == [{"INBOX": 1}]


def test_a_new_uidvalidity_expires_this_folder_alone(account: Account) -> None:
    account.put(1)
    account.put(2, folder="Sent")
    with account.provider() as provider:
        cursor = provider.start_cursor(BOTH, None)
        (ref,) = [change.ref for change in provider.enumerate(cursor, 5).changes]
    account.renew_uidvalidity()
    with account.provider() as provider:
        with pytest.raises(CursorExpired) as caught:
            provider.changes(cursor, 5)
        assert caught.value.scope == "INBOX"
        with pytest.raises(MessageGone):
            provider.fetch_raw(ref, 1000)
        again = provider.start_cursor(BOTH, None, before=cursor, restart="INBOX")
        assert again["folders"]["Sent"] == cursor["folders"]["Sent"]
        assert read_all(provider, again)[0] == ["Mail 1", "Mail 2"]


def test_a_folder_that_is_added_later_is_read_from_its_end(account: Account) -> None:
    account.put(1)
    account.put(2, folder="Sent")
    with account.provider() as provider:
        _, cursor = read_all(provider, provider.start_cursor(["INBOX"], None))
        cursor = provider.start_cursor(BOTH, None, before=cursor)
        assert read_all(provider, cursor)[0] == ["Mail 2"]


def test_headers_come_with_received_time_flags_and_size_and_nothing_is_marked_read(
    account: Account,
) -> None:
    account.put(1)
    with account.provider() as provider:
        (ref,) = [c.ref for c in provider.enumerate(provider.start_cursor(BOTH, None), 5).changes]
        (header,) = provider.fetch_headers([ref])
        raw = provider.fetch_raw(ref, 10_000)
    assert header.received_at == when(1)
    assert header.size == len(make_mail(1))
    assert raw.raw == make_mail(1)
    assert account.unread() == 1


def test_a_mail_beyond_the_limit_is_not_fetched(account: Account) -> None:
    account.put(1, body="x" * 5000)
    with account.provider() as provider:
        (ref,) = [c.ref for c in provider.enumerate(provider.start_cursor(BOTH, None), 5).changes]
        raw = provider.fetch_raw(ref, 4000)
    assert raw.raw is None
    assert raw.size > 5000


CALENDAR = (
    'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\nYes.\n'
    '--b\nContent-Type: text/calendar; charset="utf-8"; method={method}\n\nBEGIN:VCALENDAR\n--b--\n'
)


@pytest.mark.parametrize(("method", "expected"), [("REPLY", True), ("REQUEST", False)])
def test_a_calendar_reply_shows_in_the_structure(
    account: Account, method: str, expected: bool
) -> None:
    head = make_mail(1).split(b"\r\n\r\n")[0] + b"\r\n"
    account.put_raw(head + CALENDAR.format(method=method).replace("\n", "\r\n").encode())
    account.put(2)
    with account.provider() as provider:
        refs = [c.ref for c in provider.enumerate(provider.start_cursor(BOTH, None), 5).changes]
        found = {header.ref: header.calendar_reply for header in provider.fetch_headers(refs)}
    assert [found[ref] for ref in refs] == [False, expected]


def test_a_header_of_many_kilobytes_is_cut(account: Account) -> None:
    account.put(1, x_long="\n ".join(["x" * 900] * 200))
    with account.provider() as provider:
        (ref,) = [c.ref for c in provider.enumerate(provider.start_cursor(BOTH, None), 5).changes]
        (header,) = provider.fetch_headers([ref])
    assert header.raw is not None
    assert len(header.raw) == 64 * 1024 + 1


def test_a_message_is_found_by_its_message_id(account: Account) -> None:
    account.put(1, 2)
    account.put(2, folder="Archive")
    with account.provider() as provider:
        assert len(provider.find("mail-2@client.example")) == 2
        (ref,) = provider.find("mail-2@client.example", ScopeRole.ARCHIVE)
        assert subjects(provider, [ref]) == ["Mail 2"]
        assert provider.find("nobody@client.example") == []
        assert provider.find('x" UNSEEN "\r\n') == []


def test_a_wrong_password_is_authorization_lost(account: Account) -> None:
    with (
        pytest.raises(AuthorizationLost),
        ImapProvider(account.settings("wrong"), account.user),
    ):
        pass


def test_no_password_stands_in_a_log_or_a_repr(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), account.provider() as provider:
        provider.list_scopes()
    assert "app password" not in caplog.text + repr(account.settings())


def test_a_server_that_is_down_is_transient(account: Account) -> None:
    nobody = ImapAccount("127.0.0.1", 9, "none", "ana", PASSWORD)
    with pytest.raises(Transient):
        connect(nobody)


def test_a_name_without_a_server_is_transient() -> None:
    with pytest.raises(Transient, match="no server with the name"):
        connect(ImapAccount("imap.nowhere.invalid", 993, "tls", "ana", PASSWORD))


def test_tls_and_starttls_verify_the_name_they_were_given(
    dovecot: Dovecot, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    for security, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        connect(ImapAccount("localhost", port, security, account.user, PASSWORD)).shutdown()


def test_a_certificate_of_nobody_known_is_refused(dovecot: Dovecot, account: Account) -> None:
    ssl.create_default_context()
    for security, port in (("tls", dovecot.tls_port), ("starttls", dovecot.port)):
        with pytest.raises(Permanent, match="certificate"):
            connect(ImapAccount("localhost", port, security, account.user, PASSWORD))
