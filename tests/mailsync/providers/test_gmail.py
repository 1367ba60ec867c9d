"""Gmail's own oddities, read by Google's own client from the sandbox."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailsync.providers.base import ChangeKind, Cursor, Page, ScopeRole, Watch
from mailsync.providers.errors import CursorExpired, Transient, Unsure
from mailsync.providers.gmail_labels import ARCHIVE
from mailsync.sandbox.faults import Answer, Reset
from mailsync.sandbox.google import TOPIC
from mailsync.sandbox.server import Sandbox
from tests.mailsync.google import GmailBench, lie
from tests.mailsync.mail import make_mail, when
from tests.mailsync.providers.conformance import read_news, read_past, subjects


@pytest.fixture
def bench(sandbox: Sandbox) -> GmailBench:
    return GmailBench(sandbox)


def follow(read: Callable[[Cursor, int], Page], cursor: Cursor) -> None:
    for _ in range(10):
        cursor = read(cursor, 3).cursor


def asked(bench: GmailBench) -> dict[str, int]:
    return dict(bench.sandbox.log.counts())


def test_a_backfill_asks_for_hardly_more_than_it_must(bench: GmailBench) -> None:
    bench.put(*range(1, 601))
    with bench.open() as provider:
        page = provider.enumerate(provider.start_cursor(["INBOX"], None), 200)
        fetched = [header.ref for header in provider.fetch_headers([c.ref for c in page.changes])]
        while not page.done:
            page = provider.enumerate(page.cursor, 200)
            fetched += [h.ref for h in provider.fetch_headers([c.ref for c in page.changes])]
    assert len(fetched) == len(set(fetched)) == 600
    counts = asked(bench)
    assert (counts["messages.list"], counts["messages.get"], counts["getProfile"]) == (2, 600, 1)
    assert counts["batch"] <= 600 / 50 + 7
    assert sum(bench.budget.units) == 600 * 20 + 2 * 5 + 1


def test_a_page_leaves_hardly_any_allowance_over(bench: GmailBench, settings: Any) -> None:
    bench.put(*range(1, 131))
    with bench.open() as provider:
        for allowance, expected in ((6000, 98), (15_000, 130), (60, 1)):
            settings.GMAIL_UNITS_A_MINUTE = allowance
            page = provider.enumerate(provider.start_cursor(["INBOX"], None), 200)
            assert len(page.changes) == expected


def test_a_budget_is_asked_before_the_first_of_many_is_fetched(bench: GmailBench) -> None:
    bench.put(*range(1, 121))
    with bench.open() as provider:
        page = provider.enumerate(provider.start_cursor(["INBOX"], None), 120)
        refs = [change.ref for change in page.changes]
        bench.budget.units.clear()
        provider.fetch_headers(refs)
    assert bench.budget.units == [20 * len(refs)]
    assert bench.budget.calls == 2 + asked(bench)["batch"]


def test_a_mail_with_two_labels_is_fetched_once(bench: GmailBench) -> None:
    bench.put(1, scope="INBOX SENT")
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX", "SENT"], None))
        assert len(refs) == 2
        assert len(provider.fetch_headers(refs)) == 1
    assert asked(bench)["messages.get"] == 1


def test_neither_the_snippet_nor_a_body_is_asked_for(bench: GmailBench) -> None:
    bench.put(1)
    with bench.open() as provider:
        refs, cursor = read_past(provider, provider.start_cursor(["INBOX"], None))
        provider.fetch_headers(refs)
        provider.fetch_raw(refs[0], 10_000)
        bench.put(2)
        read_news(provider, cursor)
    gets = [one.query for one in bench.sandbox.log.entries if one.operation == "messages.get"]
    assert [query["format"] for query in gets] == [["metadata"], ["raw"]]
    assert not any("snippet" in query["fields"][0] or "*" in query["fields"][0] for query in gets)
    asked = [one.query for one in bench.sandbox.log.entries if one.operation == "history.list"]
    # A filter would hide what leaves the label.
    assert {name for query in asked for name in query} <= {
        "startHistoryId",
        "maxResults",
        "pageToken",
        "alt",
    }


def test_a_forbidden_label_comes_along_with_the_selected_one(bench: GmailBench) -> None:
    bench.put(1, scope=f"{bench.extra} DRAFT")
    with bench.open() as provider:
        refs, cursor = read_past(provider, provider.start_cursor([bench.extra], None))
        (header,) = provider.fetch_headers(refs)
        assert header.scopes == ("DRAFT", bench.extra)
        bench.relabel(1, add="TRASH", remove="DRAFT")
        changes, _, _ = read_news(provider, cursor)
        assert changes[-1].scopes == (bench.extra, "TRASH")


def test_what_leaves_the_label_is_told_though_it_no_longer_has_it(bench: GmailBench) -> None:
    bench.put(1)
    with bench.open() as provider:
        _, cursor = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.relabel(1, remove="INBOX")
        (change,), _, _ = read_news(provider, cursor)
    assert (change.kind, change.scopes) == (ChangeKind.SCOPE_CHANGED, (ARCHIVE,))


def test_labels_that_nobody_selected_are_no_news(bench: GmailBench) -> None:
    bench.put(1, scope="SENT")
    with bench.open() as provider:
        _, cursor = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.relabel(1, add=bench.extra)
        bench.mark_read(1)
        bench.put(2, scope="SPAM")
        assert read_news(provider, cursor)[0] == []


def test_archived_mail_can_be_chosen_too(bench: GmailBench) -> None:
    bench.put(1, scope="IMPORTANT")
    bench.put(2, scope=bench.extra)
    bench.put(3)
    with bench.open() as provider:
        names = {scope.id: scope.role for scope in provider.list_scopes()}
        assert names[ARCHIVE] is ScopeRole.OTHER
        refs, cursor = read_past(provider, provider.start_cursor([ARCHIVE], None))
        assert subjects(provider, refs) == ["Mail 1"]
        bench.relabel(3, remove="INBOX")
        bench.relabel(1, add=bench.extra)
        changes, _, _ = read_news(provider, cursor)
        assert [one.scopes for one in changes] == [(ARCHIVE,), (bench.extra,)]


def test_marks_of_gmail_are_no_folders(bench: GmailBench) -> None:
    with bench.open() as provider:
        found = {scope.id for scope in provider.list_scopes()}
    assert found == {"INBOX", "SENT", "DRAFT", "SPAM", "TRASH", bench.extra, ARCHIVE}


def test_a_label_below_another_knows_it(bench: GmailBench) -> None:
    inner = bench.sandbox.google.add_label(bench.address, "Customers/Acme")
    with bench.open() as provider:
        found = {scope.id: scope.parent for scope in provider.list_scopes()}
    assert found[inner] == bench.extra


def test_a_mail_in_several_records_is_told_once(bench: GmailBench) -> None:
    with bench.open() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        bench.put(1)
        bench.relabel(1, add=bench.extra)
        lie(bench, "history.list", "double")
        changes, _, _ = read_news(provider, cursor, size=50)
    assert [one.kind for one in changes] == [ChangeKind.UPSERT, ChangeKind.SCOPE_CHANGED]
    assert changes[-1].scopes == ("INBOX", bench.extra)


def test_history_ids_may_come_as_numbers_and_stay_text(bench: GmailBench) -> None:
    with bench.open() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        bench.put(1, 2)
        lie(bench, "history.list", "numbers")
        page = provider.changes(cursor, 50)
    assert page.cursor["history"] == str(bench.box.latest)
    assert int(page.cursor["history"]) > int(cursor["history"])


def test_the_history_id_moves_only_after_the_last_page(bench: GmailBench) -> None:
    with bench.open() as provider:
        page = provider.changes(provider.start_cursor(["INBOX"], None), 2)
        start = page.cursor["history"]
        bench.put(1, 2, 3, 4, 5)
        seen, told = [], []
        while not (page := provider.changes(page.cursor, 2)).done:
            seen.append(page.cursor["history"])
            told += [change.ref for change in page.changes]
            bench.put(10 + len(seen))
        told += [change.ref for change in page.changes]
        assert set(seen) == {start}
        assert int(page.cursor["history"]) > int(start)
        rest, _, _ = read_news(provider, page.cursor)
        # What came in between two pages may be told twice, and is never skipped.
        assert set(told) | {one.ref for one in rest} == set(bench.box.messages)


def test_a_round_ends_where_it_began_to_look(bench: GmailBench) -> None:
    """What came after the first page may not stand on the last, so it is asked for again."""
    kind = {"Content-Type": "application/json"}
    with bench.open() as provider:
        page = provider.changes(provider.start_cursor(["INBOX"], None), 50)
        for body in (b'{"historyId": "2000", "nextPageToken": "more"}', b'{"historyId": "3000"}'):
            bench.sandbox.faults.choose("history.list", Answer(200, body, kind))
            page = provider.changes(page.cursor, 50)
    assert (page.done, page.cursor["history"]) == (True, "2000")


def test_a_history_id_never_goes_back(bench: GmailBench) -> None:
    with bench.open() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        for odd in (b'"1"', b"1", b"null", b'"x"', b"true", b'"99999999999999999999999"'):
            answer = Answer(200, b'{"historyId": %s}' % odd, {"Content-Type": "application/json"})
            bench.sandbox.faults.choose("history.list", answer)
            assert provider.changes(cursor, 50).cursor["history"] == cursor["history"]


def test_history_that_expires_between_two_pages_says_so(bench: GmailBench) -> None:
    with bench.open() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        bench.put(1, 2, 3, 4, 5)
        page = provider.changes(cursor, 2)
        assert not page.done
        lie(bench, "history.list", "expire")
        with pytest.raises(CursorExpired) as caught:
            provider.changes(page.cursor, 2)
    assert caught.value.scope is None


@pytest.mark.parametrize("operation", ["history.list", "messages.list"])
def test_a_page_token_that_goes_in_a_circle_is_noticed(bench: GmailBench, operation: str) -> None:
    bench.put(*range(1, 6))
    with bench.open() as provider:
        page = provider.changes(provider.start_cursor(["INBOX"], None), 50)
        bench.put(*range(6, 11))
        lie(bench, operation, "loop", times=None)
        read = provider.changes if operation == "history.list" else provider.enumerate
        with pytest.raises(Transient, match="lead back"):
            follow(read, page.cursor)


def test_a_page_token_that_gmail_forgot_begins_the_round_anew(bench: GmailBench) -> None:
    bench.put(*range(1, 6))
    with bench.open() as provider:
        cursor = provider.start_cursor(["INBOX"], None)
        bench.put(6, 7, 8)
        page = provider.changes(cursor, 2)
        page.cursor["path"]["token"] = "forgotten"
        again = provider.changes(page.cursor, 2)
        assert subjects(provider, [one.ref for one in again.changes]) == ["Mail 6", "Mail 7"]
        cursor["labels"]["INBOX"]["path"]["token"] = "forgotten"
        refs, _ = read_past(provider, cursor)
        assert len(refs) == 8


def test_a_mail_deleted_behind_the_place_of_the_backfill_skips_nothing(bench: GmailBench) -> None:
    bench.put(1, 2, 3, 4, 5)
    with bench.open() as provider:
        page = provider.enumerate(provider.start_cursor(["INBOX"], None), 2)
    bench.delete(4)
    bench.delete(5)
    with bench.open() as provider:
        refs, _ = read_past(provider, page.cursor)
        assert subjects(provider, refs) == ["Mail 3", "Mail 2", "Mail 1"]


def test_header_lines_cannot_be_smuggled_in(bench: GmailBench) -> None:
    bench.put(1, subject="=?utf-8?q?Hello=0D=0AFrom=3A_boss=40ours=2Eexample?=")
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        (header,) = provider.fetch_headers(refs)
    assert (header.raw or b"").count(b"\r\nFrom:") + (header.raw or b"").startswith(b"From:") == 1


def test_missing_looks_beyond_what_a_list_tells(bench: GmailBench) -> None:
    bench.put(1, 2, 3)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.relabel(2, add="TRASH")
        bench.delete(1)
        # Lists leave the trash out, though the mail still carries the label.
        assert provider.missing("INBOX", refs) == {refs[1], refs[2]}


def test_a_sent_mail_whose_answer_was_lost_is_not_sent_again(bench: GmailBench) -> None:
    raw = make_mail(1, message_id="<ours@ours.example>")
    with bench.open() as provider:
        provider.list_scopes()
        for orderly in (True, False):
            bench.sandbox.faults.choose("messages.send", Reset(after=True, orderly=orderly))
            with pytest.raises(Unsure):
                provider.send(raw)
        assert len(provider.find("ours@ours.example", ScopeRole.SENT)) == 2
    assert asked(bench)["messages.send"] == 2


def test_a_reply_goes_into_the_thread_it_answers(bench: GmailBench) -> None:
    bench.put(1)
    with bench.open() as provider:
        made = provider.send(make_mail(2), thread_id=bench.id_of(1))
    assert bench.box.messages[made].thread_id == bench.id_of(1)


def test_aliases_count_only_once_they_are_confirmed(sandbox: Sandbox) -> None:
    bench = GmailBench(sandbox, "eva@ours.example")
    bench.box.aliases = ("Sales@Ours.example", "pending:boss@ours.example")
    with bench.open() as provider:
        profile = provider.profile()
    assert (profile.address, profile.aliases) == ("eva@ours.example", ("sales@ours.example",))
    assert profile.account_id == bench.box.account_id


def test_a_watch_covers_the_whole_mailbox_for_at_most_a_week(bench: GmailBench) -> None:
    with bench.open() as provider:
        watch = provider.subscribe("https://ours.example/hooks/gmail/", "secret")
        assert timedelta(days=6) < watch.expires_at - datetime.now(UTC) <= timedelta(days=7)
        row = bench.sandbox.tables.get("gmail watches", bench.address)
        assert (row["topic"], row["labels"]) == (TOPIC, [])
        assert provider.renew(watch, "", "").expires_at >= watch.expires_at
        provider.unsubscribe(watch)
        provider.unsubscribe(watch)
    assert bench.sandbox.tables.get("gmail watches", bench.address) is None


def test_a_watch_of_another_topic_is_ended_first(bench: GmailBench, settings: Any) -> None:
    with bench.open() as provider:
        provider.subscribe("", "")
        settings.GOOGLE_PUBSUB_TOPIC = "projects/sandbox/topics/another"
        assert isinstance(provider.subscribe("", ""), Watch)
    counts = asked(bench)
    assert (counts["watch"], counts["stop"]) == (3, 1)


def test_without_a_topic_there_are_no_pushes(bench: GmailBench, settings: Any) -> None:
    settings.GOOGLE_PUBSUB_TOPIC = ""
    with bench.open() as provider:
        assert provider.subscribe("", "") is None
    assert asked(bench) == {}


def test_a_cursor_is_small_json(bench: GmailBench) -> None:
    bench.put(*range(1, 30))
    with bench.open() as provider:
        page = provider.enumerate(provider.start_cursor(["INBOX", "SENT"], when(3)), 5)
    assert len(json.dumps(page.cursor)) < 1000
