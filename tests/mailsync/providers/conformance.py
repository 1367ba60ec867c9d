"""What every provider does alike. Each vendor's test file runs these sentences against its server:

    class TestGmail(Conformance):
        @pytest.fixture
        def bench(self, sandbox: Sandbox) -> Iterator[Bench]: ...

A `Bench` is one account at the vendor's server and the person who uses it from a mail program of
their own. Mail `n` is `tests.mailsync.mail.make_mail(n)`, received at `when(n)`. What a server
cannot be told to do stands in `Bench.cannot`, and the sentences about it are skipped there:
"throttle", "fail", "end grant", "send", "size" (it does not tell how large a mail is).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import ClassVar, Protocol

import pytest

from activities.mail.message import ParsedMessage
from activities.mail.mime import parse_headers
from mailsync.providers.base import Change, ChangeKind, Cursor, Page, Provider, ScopeRole
from mailsync.providers.errors import (
    AuthorizationLost,
    CursorExpired,
    MessageGone,
    Throttled,
    Transient,
)
from tests.mailsync.mail import make_mail, when

ROLES = {ScopeRole.INBOX, ScopeRole.SENT, ScopeRole.DRAFTS, ScopeRole.JUNK, ScopeRole.TRASH}
HOSTILE = ("nobody@client.example", 'x" UNSEEN "\r\n', "a b", "' or 1 eq 1 or '", "")
CHINESE = "=?utf-8?b?5ZCI5ZCM?="


class Bench(Protocol):
    """`inbox`, `sent`, `trash` and `extra` (a folder or label of the user's own) are scope ids."""

    cannot: ClassVar[frozenset[str]]
    inbox: str
    sent: str
    trash: str
    extra: str

    def open(self) -> Provider:
        """A new connection, for `with`."""
        ...

    def put(self, *numbers: int, scope: str = "", **fields: str) -> None:
        """Mails arrive in the scope, in the inbox where none is named."""
        ...

    def move(self, number: int, source: str, target: str) -> None: ...

    def delete(self, number: int) -> None:
        """For good, out of the inbox."""
        ...

    def mark_read(self, number: int) -> None: ...

    def unread(self) -> int:
        """How many mails in the inbox are unread."""
        ...

    def expire(self) -> str | None:
        """Make the cursor mean nothing; the scope that the error is to name."""
        ...

    def throttle(self, seconds: int) -> None:
        """Refuse the next call with the wish to be left alone for so long."""
        ...

    def fail(self) -> None:
        """Answer the next call with a server error."""
        ...

    def end_grant(self) -> None:
        """The account's owner takes the access away."""
        ...


def read_past(provider: Provider, cursor: Cursor, size: int = 3) -> tuple[list[str], Cursor]:
    """The refs of the whole backfill in its order, and the cursor after it."""
    refs: list[str] = []
    page = Page((), cursor, done=False)
    while not page.done:
        page = provider.enumerate(kept(page.cursor), size)
        refs += [change.ref for change in page.changes]
    return refs, page.cursor


def read_news(
    provider: Provider, cursor: Cursor, size: int = 3
) -> tuple[list[Change], Cursor, dict[str, int]]:
    """All changes, the cursor after them, and how many each scope lost without saying which."""
    changes, lost = list[Change](), dict[str, int]()
    for _ in range(100):
        page = provider.changes(kept(cursor), size)
        changes, cursor = [*changes, *page.changes], page.cursor
        lost |= page.lost
        if page.done:
            return changes, cursor, lost
    raise AssertionError("the changes never ended")


def kept(cursor: Cursor) -> Cursor:
    """The cursor as it comes back from its column."""
    return json.loads(json.dumps(cursor))


def mails(provider: Provider, refs: Iterable[str]) -> dict[str, ParsedMessage]:
    headers = provider.fetch_headers(list(dict.fromkeys(refs)))
    return {header.ref: parse_headers(header.raw or b"") for header in headers}


def subjects(provider: Provider, refs: Sequence[str]) -> list[str]:
    """Their subjects, in the order of the refs; a ref that is gone is left out."""
    found = mails(provider, refs)
    return [found[ref].subject for ref in refs if ref in found]


def named(*numbers: int) -> list[str]:
    return [f"Mail {number}" for number in numbers]


def skip_where(bench: Bench, what: str) -> None:
    if what in bench.cannot:
        pytest.skip(f"This server cannot be told to: {what}.")


class Conformance:
    def test_folders_have_ids_names_and_roles(self, bench: Bench) -> None:
        with bench.open() as provider:
            scopes = provider.list_scopes()
        assert {scope.role for scope in scopes} >= ROLES
        assert len({scope.id for scope in scopes}) == len(scopes)
        assert all(scope.name for scope in scopes)
        assert {bench.inbox, bench.sent, bench.trash, bench.extra} <= {one.id for one in scopes}

    def test_the_profile_names_the_account_for_good(self, bench: Bench) -> None:
        with bench.open() as provider:
            first = provider.profile()
        with bench.open() as provider:
            assert provider.profile() == first
        assert first.account_id
        assert first.address == first.address.lower()

    def test_the_past_is_read_newest_first_in_pages(self, bench: Bench) -> None:
        bench.put(1, 2, 3, 4, 5, 6, 7)
        with bench.open() as provider:
            cursor = provider.start_cursor([bench.inbox], None)
            assert provider.total(cursor) >= 7
            refs, _ = read_past(provider, cursor)
            assert subjects(provider, refs) == named(7, 6, 5, 4, 3, 2, 1)

    def test_the_past_can_be_read_over_a_connection_a_page(self, bench: Bench) -> None:
        bench.put(1, 2, 3, 4, 5)
        with bench.open() as provider:
            page = Page((), provider.start_cursor([bench.inbox], None), done=False)
        refs: list[str] = []
        while not page.done:
            with bench.open() as provider:
                page = provider.enumerate(kept(page.cursor), 2)
            refs += [change.ref for change in page.changes]
        with bench.open() as provider:
            assert subjects(provider, refs) == named(5, 4, 3, 2, 1)

    def test_the_same_cursor_gives_the_same_page(self, bench: Bench) -> None:
        bench.put(1, 2, 3, 4, 5)
        with bench.open() as provider:
            first = provider.enumerate(provider.start_cursor([bench.inbox], None), 2)
            assert provider.enumerate(first.cursor, 2) == provider.enumerate(first.cursor, 2)
        with bench.open() as other:
            again = other.enumerate(kept(first.cursor), 2)
            assert subjects(other, [change.ref for change in again.changes]) == named(3, 2)

    def test_mail_before_the_start_date_is_not_enumerated(self, bench: Bench) -> None:
        bench.put(1, 2, 100)
        with bench.open() as provider:
            cursor = provider.start_cursor([bench.inbox], when(100) - timedelta(hours=1))
            refs, _ = read_past(provider, cursor)
            assert subjects(provider, refs) == named(100)

    def test_only_the_selected_scopes_are_read(self, bench: Bench) -> None:
        bench.put(1)
        bench.put(2, scope=bench.sent)
        bench.put(3, scope=bench.extra)
        with bench.open() as provider:
            cursor = provider.start_cursor([bench.inbox, bench.sent], None)
            refs, cursor = read_past(provider, cursor)
            assert sorted(subjects(provider, refs)) == named(1, 2)
            bench.put(4, scope=bench.extra)
            bench.put(5)
            changes, _, _ = read_news(provider, cursor)
            assert set(subjects(provider, [one.ref for one in changes])) - set(named(1, 2)) == {
                "Mail 5"
            }

    def test_mail_that_arrives_during_the_backfill_is_told(self, bench: Bench) -> None:
        bench.put(1, 2, 3)
        with bench.open() as provider:
            page = provider.enumerate(provider.start_cursor([bench.inbox], None), 2)
            bench.put(4)
            refs, cursor = read_past(provider, page.cursor)
            changes, cursor, _ = read_news(provider, cursor)
            told = [*(one.ref for one in page.changes), *refs, *(one.ref for one in changes)]
            assert set(subjects(provider, told)) == set(named(1, 2, 3, 4))
            assert read_news(provider, cursor)[0] == []

    def test_many_new_mails_come_in_pages(self, bench: Bench) -> None:
        with bench.open() as provider:
            _, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            bench.put(*range(1, 8))
            changes, _, _ = read_news(provider, cursor)
            found = subjects(provider, [one.ref for one in changes])
            assert sorted(set(found)) == named(*range(1, 8))

    def test_a_quiet_mailbox_has_no_changes(self, bench: Bench) -> None:
        bench.put(1)
        with bench.open() as provider:
            _, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            changes, _, lost = read_news(provider, cursor)
        assert (changes, lost) == ([], {})

    def test_reading_elsewhere_changes_the_flags(self, bench: Bench) -> None:
        bench.put(1, 2)
        with bench.open() as provider:
            (second, _), cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            bench.mark_read(2)
            changes, cursor, _ = read_news(provider, cursor)
            assert {one.ref for one in changes} == {second}
            assert "seen" in changes[-1].flags
            assert read_news(provider, cursor)[0] == []

    def test_a_deleted_mail_is_gone(self, bench: Bench) -> None:
        bench.put(1, 2, 3)
        with bench.open() as provider:
            refs, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            bench.delete(2)
            changes, _, lost = read_news(provider, cursor)
            removed = {one.ref for one in changes if one.kind is ChangeKind.REMOVED}
            assert removed == {refs[1]} or lost == {bench.inbox: 1}
            assert provider.missing(bench.inbox, refs) == {refs[1]}
            assert subjects(provider, refs) == named(3, 1)
            with pytest.raises(MessageGone):
                provider.fetch_raw(refs[1], 10_000)

    def test_a_mail_that_came_and_went_is_no_error(self, bench: Bench) -> None:
        with bench.open() as provider:
            _, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            bench.put(1, 2)
            bench.delete(1)
            changes, _, _ = read_news(provider, cursor)
            assert set(subjects(provider, [one.ref for one in changes])) == {"Mail 2"}

    def test_a_mail_moved_into_scope_is_told_with_its_own_date(self, bench: Bench) -> None:
        bench.put(1, scope=bench.extra)
        with bench.open() as provider:
            _, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            bench.move(1, bench.extra, bench.inbox)
            changes, _, _ = read_news(provider, cursor)
            (ref,) = {one.ref for one in changes}
            assert any(bench.inbox in one.scopes for one in changes)
            (header,) = provider.fetch_headers([ref])
            assert header.scopes == (bench.inbox,)
            assert header.received_at == when(1)

    def test_a_mail_moved_out_of_scope_is_told(self, bench: Bench) -> None:
        bench.put(1)
        with bench.open() as provider:
            (ref,), cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
            bench.move(1, bench.inbox, bench.trash)
            changes, _, lost = read_news(provider, cursor)
            last = [one for one in changes if one.ref == ref][-1:]
            assert lost == {bench.inbox: 1} or bench.inbox not in last[0].scopes
            assert provider.missing(bench.inbox, [ref]) == {ref}

    def test_headers_tell_time_size_flags_and_no_body(self, bench: Bench) -> None:
        bench.put(
            1, body="The secret of the body.\n" * 20, references="<a@b.example> <c@d.example>"
        )
        with bench.open() as provider:
            refs, _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            (header,) = provider.fetch_headers(refs)
        assert header.received_at == when(1)
        assert header.scopes == (bench.inbox,)
        assert "seen" not in header.flags
        assert header.size > 300 or "size" in bench.cannot
        assert b"secret" not in (header.raw or b"")
        parsed = parse_headers(header.raw or b"")
        whole = parse_headers(make_mail(1, references="<a@b.example> <c@d.example>"))
        assert parsed.fingerprint == whole.fingerprint
        assert parsed.references == ("a@b.example", "c@d.example")
        assert [(one.role, one.address) for one in parsed.participants] == [
            (one.role, one.address) for one in whole.participants
        ]

    def test_encoded_and_automatic_headers_arrive(self, bench: Bench) -> None:
        fields = {"list_id": "<news.client.example>", "auto_submitted": "auto-replied"}
        bench.put(1, subject=CHINESE, **fields)
        with bench.open() as provider:
            refs, _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            (parsed,) = mails(provider, refs).values()
        assert parsed.subject == "合同"
        assert parsed.list_id == "news.client.example"
        assert parsed.automated == parse_headers(make_mail(1, **fields)).automated

    def test_a_header_of_many_kilobytes_is_cut(self, bench: Bench) -> None:
        bench.put(1, x_long="\n ".join(["x" * 900] * 200))
        with bench.open() as provider:
            refs, _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            (header,) = provider.fetch_headers(refs)
        assert len(header.raw or b"") == 64 * 1024 + 1

    def test_a_whole_mail_is_its_own_bytes_and_stays_unread(self, bench: Bench) -> None:
        bench.put(1)
        with bench.open() as provider:
            refs, _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            provider.fetch_headers(refs)
            found = provider.fetch_raw(refs[0], 10_000)
        assert found.raw == make_mail(1)
        assert found.size == len(make_mail(1))
        assert bench.unread() == 1

    def test_a_mail_beyond_the_limit_is_not_given(self, bench: Bench) -> None:
        bench.put(1, body="x" * 5000)
        with bench.open() as provider:
            refs, _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            found = provider.fetch_raw(refs[0], 4000)
        assert found.raw is None
        assert found.size > 5000

    def test_ids_that_are_unknown_or_nonsense_are_left_out(self, bench: Bench) -> None:
        bench.put(1)
        with bench.open() as provider:
            refs, _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            assert provider.fetch_headers([]) == []
            found = provider.fetch_headers([*refs, "nonsense", *refs])
            assert {header.ref for header in found} == set(refs)

    def test_a_mail_is_found_by_its_message_id(self, bench: Bench) -> None:
        bench.put(1, 2)
        bench.put(3, scope=bench.sent)
        with bench.open() as provider:
            assert subjects(provider, provider.find("mail-2@client.example")) == named(2)
            assert provider.find("mail-2@client.example", ScopeRole.SENT) == []
            found = provider.find("mail-3@client.example", ScopeRole.SENT)
            assert subjects(provider, found) == named(3)
            for hostile in (
                "nobody@client.example",
                'x" UNSEEN "\r\n',
                "a b",
                "' or 1 eq 1 or '",
                "",
            ):
                assert provider.find(hostile) == []

    def test_a_scope_added_later_is_read_and_the_others_are_not_again(self, bench: Bench) -> None:
        bench.put(1)
        bench.put(2, scope=bench.extra)
        with bench.open() as provider:
            _, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            both = [bench.inbox, bench.extra]
            cursor = provider.start_cursor(both, None, before=kept(cursor))
            refs, cursor = read_past(provider, cursor)
            assert subjects(provider, refs) == named(2)
            bench.put(3, scope=bench.extra)
            changes, _, _ = read_news(provider, cursor)
            assert "Mail 3" in subjects(provider, [one.ref for one in changes])

    def test_an_expired_cursor_says_so_and_a_new_one_reads_all(self, bench: Bench) -> None:
        bench.put(1, 2)
        with bench.open() as provider:
            _, cursor = read_past(provider, provider.start_cursor([bench.inbox], None))
            _, cursor, _ = read_news(provider, cursor)
        scope = bench.expire()
        with bench.open() as provider:
            with pytest.raises(CursorExpired) as caught:
                read_news(provider, cursor)
            assert caught.value.scope == scope
            before = cursor if scope else None
            again = provider.start_cursor([bench.inbox], None, before=before, restart=scope)
            refs, cursor = read_past(provider, again)
            assert set(subjects(provider, refs)) == set(named(1, 2))
            read_news(provider, cursor)

    def test_a_wish_for_a_pause_is_told_with_its_length(self, bench: Bench) -> None:
        skip_where(bench, "throttle")
        bench.put(1, 2, 3, 4, 5)
        with bench.open() as provider:
            page = provider.enumerate(provider.start_cursor([bench.inbox], None), 2)
            bench.throttle(17)
            # Where headers come with their page, it is the next page that is refused.
            refs = [change.ref for change in page.changes]
            with pytest.raises(Throttled) as caught:
                provider.fetch_headers(refs) and provider.enumerate(page.cursor, 2)
            assert 16 <= caught.value.retry_after <= 18
        with bench.open() as provider:
            refs, _ = read_past(provider, kept(page.cursor), 2)
            assert subjects(provider, refs) == named(3, 2, 1)

    def test_a_failing_server_is_tried_again_later(self, bench: Bench) -> None:
        skip_where(bench, "fail")
        with bench.open() as provider:
            bench.fail()
            with pytest.raises(Transient):
                provider.list_scopes()
            assert provider.list_scopes()

    def test_access_that_was_taken_back_needs_the_owner(self, bench: Bench) -> None:
        skip_where(bench, "end grant")
        bench.end_grant()
        with pytest.raises(AuthorizationLost) as caught, bench.open() as provider:
            provider.list_scopes()
        assert caught.value.needs_owner

    def test_what_is_sent_lies_in_the_sent_mail_under_the_id_that_was_told(
        self, bench: Bench
    ) -> None:
        skip_where(bench, "send")
        bench.put(1)
        raw = make_mail(
            2,
            **{"from": "Ana <ana@ours.example>"},
            message_id="<ours-2@ours.example>",
            to="jane@client.example",
            in_reply_to="<mail-1@client.example>",
        )
        with bench.open() as provider:
            (first,), _ = read_past(provider, provider.start_cursor([bench.inbox], None))
            (header,) = provider.fetch_headers([first])
            made = provider.send(raw, thread_id=header.thread_id)
            found = provider.find("ours-2@ours.example", ScopeRole.SENT)
            assert not made or found == [made]
            (sent,) = provider.fetch_headers(found)
        assert sent.scopes == (bench.sent,)
        assert sent.thread_id == header.thread_id
