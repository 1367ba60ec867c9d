"""The Graph provider against the sandbox, over real sockets."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mailsync.providers.base import Change, ChangeKind, Cursor, Page, ScopeRole
from mailsync.providers.errors import (
    ConsentMissing,
    CursorExpired,
    MessageGone,
    Permanent,
    Transient,
)
from mailsync.providers.graph import GraphProvider
from mailsync.sandbox.faults import Answer, Lie
from mailsync.sandbox.mailboxes import Folder
from mailsync.sandbox.server import Sandbox
from tests.mailsync.mail import make_mail, when
from tests.mailsync.microsoft import ANA, HeldTokens, MicrosoftAccount, consent


def read_all(provider: GraphProvider, cursor: Cursor, size: int = 3) -> tuple[list[str], Cursor]:
    """The subjects of the whole backfill in its order, and the cursor after it."""
    names: list[str] = []
    page = Page((), cursor, done=False)
    while not page.done:
        page = provider.enumerate(page.cursor, size)
        names += subjects(provider, [change.ref for change in page.changes])
    return names, page.cursor


def read_changes(
    provider: GraphProvider, cursor: Cursor, size: int = 50
) -> tuple[list[Change], Cursor]:
    changes: list[Change] = []
    page = Page((), cursor, done=False)
    while not page.done:
        page = provider.changes(page.cursor, size)
        changes += page.changes
    return changes, page.cursor


def subjects(provider: GraphProvider, refs: list[str]) -> list[str]:
    headers = {header.ref: header.raw or b"" for header in provider.fetch_headers(refs)}
    found = [headers[ref] for ref in dict.fromkeys(refs) if ref in headers]
    return [raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode() for raw in found]


def kinds(changes: list[Change], ref: str) -> list[str]:
    return [change.kind.value for change in changes if change.ref == ref]


def followed(microsoft: MicrosoftAccount, provider: GraphProvider, *roles: str) -> Cursor:
    """A cursor whose past has been read."""
    folders = [microsoft.folder(role) for role in roles or ("inbox",)]
    return read_all(provider, provider.start_cursor(folders, None))[1]


def test_folders_come_with_their_roles_whatever_they_are_called(sandbox: Sandbox) -> None:
    account = MicrosoftAccount(sandbox, without=["archive"])
    inbox = account.folder("inbox")
    with sandbox.lock:
        sandbox.mailboxes.add_folder(ANA, Folder(inbox, "Posteingang", "inbox"))
        sandbox.mailboxes.add_folder(ANA, Folder("AAMkNested=", "Kunden", "other", inbox))
    with account.provider() as provider:
        found = {scope.id: scope for scope in provider.list_scopes()}
    assert found[inbox].role is ScopeRole.INBOX
    assert found[inbox].name == "Posteingang"
    assert (found["AAMkNested="].parent, found[inbox].parent) == (inbox, "")
    roles = sorted(scope.role.value for scope in found.values())
    assert roles == ["drafts", "inbox", "junk", "other", "sent", "trash"]


def test_roles_are_looked_up_when_connecting_and_not_with_every_poll(sandbox: Sandbox) -> None:
    account = MicrosoftAccount(sandbox, without=["archive"])
    for _ in range(3):
        with account.provider() as provider:
            provider.list_scopes()
    # The archive, which is not there, is looked for once an hour.
    assert sandbox.log.counts()["graph.folder"] == 1


def test_an_inbox_that_is_not_the_known_one_is_looked_up(microsoft: MicrosoftAccount) -> None:
    data = json.loads(microsoft.tokens.secret)
    data["folders"]["inbox"] = "AAMkOther="
    microsoft.tokens.secret = json.dumps(data).encode()
    with microsoft.provider() as provider:
        roles = {scope.id: scope.role for scope in provider.list_scopes()}
    assert roles[microsoft.folder("inbox")] is ScopeRole.INBOX


def test_a_backfill_costs_a_request_a_thousand_mails_and_one_for_the_folders(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.put(*range(1, 2401))
    microsoft.sandbox.log.clear()
    with microsoft.provider() as provider:
        provider.list_scopes()
        cursor = provider.start_cursor([microsoft.folder("inbox")], None)
        provider.total(cursor)
        names, _ = read_all(provider, cursor, size=200)
    assert len(names) == len(set(names)) == 2400
    assert microsoft.sandbox.log.counts() == {"graph.folders": 1, "graph.delta": 3}


def test_the_profile_names_aliases_that_mail_reaches(sandbox: Sandbox) -> None:
    account = MicrosoftAccount(sandbox, aliases=["a.berg@ours.example"])
    with account.provider() as provider:
        profile = provider.profile()
    assert (profile.address, profile.aliases) == (ANA, ("a.berg@ours.example",))


def test_the_past_is_read_newest_first_page_by_page(microsoft: MicrosoftAccount) -> None:
    microsoft.put(2, 5, 1, 7, 3, 6, 4)
    with microsoft.provider() as provider:
        names, _ = read_all(provider, provider.start_cursor([microsoft.folder("inbox")], None))
    assert names == [f"Mail {number}" for number in (7, 6, 5, 4, 3, 2, 1)]


def test_folders_take_turns_in_the_backfill(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2, 3, 4)
    microsoft.put(11, 12, folder="sent")
    folders = [microsoft.folder("inbox"), microsoft.folder("sent")]
    with microsoft.provider() as provider:
        names, _ = read_all(provider, provider.start_cursor(folders, None), size=2)
    turns = [["Mail 4", "Mail 3"], ["Mail 12", "Mail 11"]]
    first, second = turns if folders == sorted(folders) else reversed(turns)
    assert names[:4] == [*first, *second]
    assert sorted(names[4:]) == ["Mail 1", "Mail 2"]


def test_a_large_page_is_recorded_in_parts_and_asked_for_once(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.put(*range(1, 251))
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], None)
        assert provider.total(cursor) == 250
        names, _ = read_all(provider, cursor, size=100)
    assert names == [f"Mail {number}" for number in range(250, 0, -1)]
    counts = microsoft.sandbox.log.counts()
    # One page, and the end of it is the end of the round; headers came along.
    assert (counts["graph.delta"], counts["graph.get"]) == (1, 0)


def test_a_part_of_a_page_is_resumed_by_another_process(microsoft: MicrosoftAccount) -> None:
    microsoft.put(*range(1, 251))
    with microsoft.provider() as provider:
        first = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 100)
    with microsoft.provider() as provider:
        names, _ = read_all(provider, first.cursor, size=100)
    assert names == [f"Mail {number}" for number in range(150, 0, -1)]


def test_a_page_that_reads_otherwise_after_a_restart_is_read_from_its_start(
    microsoft: MicrosoftAccount,
) -> None:
    messages = microsoft.put(*range(1, 251))
    with microsoft.provider() as provider:
        first = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 100)
    microsoft.delete(messages[-1])
    with microsoft.provider() as provider:
        names, _ = read_all(provider, first.cursor, size=100)
    assert names == [f"Mail {number}" for number in range(249, 0, -1)]


def test_bodies_are_never_asked_for_with_a_list(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2)
    (sent,) = microsoft.put(3, folder="sent")
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider, "inbox", "sent")
        (new,) = microsoft.put(4)
        microsoft.flag(sent, "seen")
        read_changes(provider, cursor)
        provider.fetch_headers([new.id, sent.id])
        provider.find("mail-1@client.example")
        provider.missing(microsoft.folder("inbox"), [new.id])
        provider.missing(microsoft.folder("inbox"), [f"gone{number}" for number in range(30)])
        since = provider.start_cursor([microsoft.folder("inbox")], when(2))
        read_all(provider, since)
    assert microsoft.graph.full_bodies == 0


def test_mail_before_the_start_date_is_not_enumerated(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2, 100)
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], when(100) - timedelta(hours=1))
        assert read_all(provider, cursor)[0] == ["Mail 100"]


def test_a_start_date_over_more_than_a_filtered_delta_tells_misses_nothing(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.graph.filtered_most = 10
    microsoft.put(*range(1, 41))
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], when(3))
        names, cursor = read_all(provider, cursor, size=4)
        assert list(dict.fromkeys(names)) == [f"Mail {number}" for number in range(40, 2, -1)]
        (new,) = microsoft.put(50)
        assert kinds(read_changes(provider, cursor)[0], new.id)[0] == "upsert"


def test_a_stand_in_that_knows_one_bound_only_is_listed_from_the_newest(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.graph.filtered_most = 10
    microsoft.put(*range(1, 41))
    microsoft.sandbox.faults.choose("graph.list", Answer(400))
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], when(1))
        names, _ = read_all(provider, cursor, size=4)
    assert set(names) == {f"Mail {number}" for number in range(1, 41)}


def test_mail_that_goes_away_while_the_rest_is_listed_hides_no_other(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.graph.filtered_most = 4
    messages = microsoft.put(*range(1, 21))
    with microsoft.provider() as provider:
        page = Page((), provider.start_cursor([microsoft.folder("inbox")], when(1)), done=False)
        names: list[str] = []
        for _ in range(3):
            page = provider.enumerate(page.cursor, 4)
            names += subjects(provider, [change.ref for change in page.changes])
        for message in messages[-6:]:
            microsoft.delete(message)
        names += read_all(provider, page.cursor, size=4)[0]
    assert set(names) == {f"Mail {number}" for number in range(1, 21)}


def test_many_mails_of_one_second_below_the_limit_are_all_listed(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.graph.filtered_most = 2
    for number in range(1, 13):
        with microsoft.sandbox.lock:
            microsoft.sandbox.mailboxes.deliver(
                ANA, make_mail(number), scopes=[microsoft.folder("inbox")], received_at=when(5)
            )
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], when(1))
        names, _ = read_all(provider, cursor, size=3)
    assert set(names) == {f"Mail {number}" for number in range(1, 13)}


def test_mail_that_arrives_during_the_backfill_is_a_change(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2, 3, 4)
    with microsoft.provider() as provider:
        first = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 2)
        (new,) = microsoft.put(9)
        assert subjects(provider, [change.ref for change in first.changes]) == ["Mail 4", "Mail 3"]
        names, cursor = read_all(provider, first.cursor, size=2)
        assert names == ["Mail 2", "Mail 1"]
        changes, cursor = read_changes(provider, cursor)
        assert {change.ref for change in changes} == {new.id}
        assert subjects(provider, [new.id]) == ["Mail 9"]
        assert read_changes(provider, cursor)[0] == []


def test_many_new_mails_come_in_pages(microsoft: MicrosoftAccount) -> None:
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        messages = microsoft.put(*range(1, 8))
        page = provider.changes(cursor, 3)
        assert len({change.ref for change in page.changes}) == 3
        assert not page.done
        rest, _ = read_changes(provider, page.cursor, 3)
        told = {change.ref for change in [*page.changes, *rest]}
        assert told == {message.id for message in messages}


def test_a_change_of_flags_that_tells_little_is_asked_about(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    microsoft.flag(message, "flagged")
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        microsoft.flag(message, "seen")
        changes, _ = read_changes(provider, cursor)
    assert changes[-1] == Change(
        ChangeKind.FLAGS_CHANGED, message.id, (microsoft.folder("inbox"),), ("flagged", "seen")
    )


@pytest.mark.parametrize("first", ["inbox", "archive"])
def test_a_move_is_a_change_of_scope_in_either_order(
    microsoft: MicrosoftAccount, first: str
) -> None:
    (message,) = microsoft.put(1)
    target = microsoft.folder("archive")
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider, "inbox", "archive")
        microsoft.move(message, "archive")
        cursor["at"] = sorted(cursor["folders"]).index(microsoft.folder(first))
        changes, cursor = read_changes(provider, cursor)
        changes += read_changes(provider, cursor)[0]
    assert ChangeKind.REMOVED not in {change.kind for change in changes}
    assert {change.scopes for change in changes} == {(target,)}


def test_mail_that_goes_to_the_trash_leaves_its_folder_and_is_not_removed(
    microsoft: MicrosoftAccount,
) -> None:
    (message,) = microsoft.put(1)
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        microsoft.move(message, "trash")
        changes, cursor = read_changes(provider, cursor)
        assert changes[1].kind is ChangeKind.SCOPE_CHANGED
        assert changes[1].scopes == (microsoft.folder("trash"),)
        microsoft.delete(message)
        assert read_changes(provider, cursor)[0] == []


def test_a_deleted_mail_is_removed(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        microsoft.delete(message)
        assert read_changes(provider, cursor)[0] == [Change(ChangeKind.REMOVED, message.id)]


def test_a_removal_that_is_not_true_removes_nothing(microsoft: MicrosoftAccount) -> None:
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        (message,) = microsoft.put(1)
        microsoft.sandbox.faults.choose("graph.delta", Lie("false-removal"))
        changes, _ = read_changes(provider, cursor)
        assert "removed" not in kinds(changes, message.id)
        assert subjects(provider, [message.id]) == ["Mail 1"]


def test_a_removal_of_what_was_never_there_is_harmless(microsoft: MicrosoftAccount) -> None:
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        microsoft.sandbox.faults.choose("graph.delta", Lie("phantom"))
        assert read_changes(provider, cursor)[0] == [Change(ChangeKind.REMOVED, "AAkNeverSeen=")]


def test_many_removals_at_once_are_asked_about_in_parts(microsoft: MicrosoftAccount) -> None:
    messages = microsoft.put(*range(1, 121))
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        for message in messages:
            microsoft.delete(message)
        page = provider.changes(cursor, 200)
        assert (len(page.changes), page.done) == (50, False)
        rest, _ = read_changes(provider, page.cursor, 200)
    assert len({change.ref for change in [*page.changes, *rest]}) == 120


def test_items_that_repeat_and_come_unordered_are_told_once(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2, 3)
    microsoft.sandbox.faults.choose("graph.delta", Lie("repeat"))
    microsoft.sandbox.faults.choose("graph.delta", Lie("shuffle"))
    with microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 50)
    assert len(page.changes) == len({change.ref for change in page.changes}) == 3
    assert microsoft.sandbox.log.counts()["graph.get"] == 0


def test_empty_pages_that_go_on_are_followed(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2)
    microsoft.sandbox.faults.choose("graph.delta", Lie("empty"), times=4)
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], None)
        assert provider.enumerate(cursor, 5).changes == ()
        assert read_all(provider, cursor)[0] == ["Mail 2", "Mail 1"]


def test_a_link_that_loops_is_noticed(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2)
    microsoft.sandbox.faults.choose("graph.delta", Lie("loop"), times=None)
    with microsoft.provider() as provider, pytest.raises(Transient, match="again and again"):
        read_all(provider, provider.start_cursor([microsoft.folder("inbox")], None))


def test_the_token_goes_to_no_other_host(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2)
    microsoft.sandbox.faults.choose("graph.delta", Lie("foreign"))
    with microsoft.provider() as provider, pytest.raises(Permanent, match="not its own"):
        read_all(provider, provider.start_cursor([microsoft.folder("inbox")], None))


def test_a_cursor_of_another_address_of_graph_expires(microsoft: MicrosoftAccount) -> None:
    folder = microsoft.folder("inbox")
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([folder], None)
        cursor["folders"][folder]["link"] = "https://graph.microsoft.com/v1.0/me/messages"
        with pytest.raises(CursorExpired):
            provider.enumerate(cursor, 5)
    assert microsoft.sandbox.log.counts()["graph.delta"] == 0


def test_an_expired_link_expires_its_folder_alone_also_in_mid_backfill(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.put(1, 2, 3)
    microsoft.put(4, folder="sent")
    inbox, sent = microsoft.folder("inbox"), microsoft.folder("sent")
    with microsoft.provider() as provider:
        _, cursor = read_all(provider, provider.start_cursor([sent], None))
        cursor = provider.start_cursor([inbox, sent], None, before=cursor)
        page = provider.enumerate(cursor, 2)
        microsoft.sandbox.faults.choose("graph.delta", Lie("expire"))
        with pytest.raises(CursorExpired) as caught:
            provider.enumerate(page.cursor, 2)
        assert caught.value.scope == inbox
        again = provider.start_cursor([inbox, sent], None, before=page.cursor, restart=inbox)
        assert again["folders"][sent] == page.cursor["folders"][sent]
        names, _ = read_all(provider, again)
    assert names == ["Mail 3", "Mail 2", "Mail 1"]


@pytest.mark.parametrize(
    ("status", "code"), [(410, "resyncRequired"), (400, "ErrorInvalidSyncStateData"), (410, "")]
)
def test_every_word_for_a_lost_place_expires_the_folder(
    microsoft: MicrosoftAccount, status: int, code: str
) -> None:
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        body = b'{"error": {"code": "%s"}}' % code.encode()
        microsoft.sandbox.faults.choose("graph.delta", Answer(status, body))
        with pytest.raises(CursorExpired) as caught:
            provider.changes(cursor, 5)
    assert caught.value.scope == microsoft.folder("inbox")


def test_a_folder_that_is_added_later_brings_mail_into_scope(
    microsoft: MicrosoftAccount,
) -> None:
    (message,) = microsoft.put(2, folder="archive")
    with microsoft.provider() as provider:
        cursor = followed(microsoft, provider)
        both = [microsoft.folder("inbox"), microsoft.folder("archive")]
        page = provider.enumerate(provider.start_cursor(both, None, before=cursor), 5)
    # It may be known from elsewhere, as one that was not looked at.
    assert kinds(list(page.changes), message.id) == ["scope_changed"]


def test_headers_come_with_received_time_flags_and_thread(microsoft: MicrosoftAccount) -> None:
    first = microsoft.put_raw(make_mail(1), 1, "inbox", "seen", "flagged")
    answer = microsoft.put_raw(make_mail(2, in_reply_to="<mail-1@client.example>"), 2)
    with microsoft.provider() as provider:
        found = {one.ref: one for one in provider.fetch_headers([first.id, answer.id])}
        raw = provider.fetch_raw(first.id, 10_000)
    header = found[first.id]
    assert header.raw == make_mail(1).split(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert header.received_at == when(1)
    assert header.flags == ("flagged", "seen")
    assert header.thread_id == found[answer.id].thread_id
    assert raw.raw == make_mail(1)


def test_a_whole_mail_costs_one_request(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    microsoft.sandbox.log.clear()
    with microsoft.provider() as provider:
        assert provider.fetch_raw(message.id, 10_000).raw == make_mail(1)
    assert microsoft.sandbox.log.counts() == {"graph.value": 1}


def test_ids_that_differ_only_in_case_are_two_messages(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    other = message.id.swapcase()
    with microsoft.provider() as provider:
        assert [one.ref for one in provider.fetch_headers([other, message.id])] == [message.id]
        with pytest.raises(MessageGone):
            provider.fetch_raw(other, 1000)


@pytest.mark.parametrize("ref", ["", "expired:3:AAk", "a/b?c", "0" * 64 + ":1"])
def test_an_id_that_graph_never_gave_is_a_message_that_is_gone(
    microsoft: MicrosoftAccount, ref: str
) -> None:
    with microsoft.provider() as provider:
        assert provider.fetch_headers([ref]) == []
        with pytest.raises(MessageGone):
            provider.fetch_raw(ref, 1000)


def test_a_mail_beyond_the_limit_is_not_fetched(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1, body="x" * 500_000)
    with microsoft.provider() as provider:
        raw = provider.fetch_raw(message.id, 4000)
        assert (raw.raw, raw.size > 4000) == (None, True)
        assert provider.list_scopes()


def test_a_message_is_found_by_its_message_id(microsoft: MicrosoftAccount) -> None:
    microsoft.put(1, 2)
    (sent,) = microsoft.put(2, folder="sent")
    (kept,) = microsoft.put(2, folder="archive")
    (odd,) = microsoft.put(3, message_id="<it's+odd&#%@client.example>")
    with microsoft.provider() as provider:
        assert len(provider.find("mail-2@client.example")) == 3
        assert provider.find("mail-2@client.example", ScopeRole.SENT) == [sent.id]
        assert provider.find("mail-2@client.example", ScopeRole.ARCHIVE) == [kept.id]
        assert provider.find("it's+odd&#%@client.example") == [odd.id]
        assert provider.find("nobody@client.example") == []
        assert provider.find("x' or id ne '\r\n") == []
        assert provider.find("") == []


def test_those_that_are_missing_from_a_folder_are_named(microsoft: MicrosoftAccount) -> None:
    messages = microsoft.put(*range(1, 31))
    refs = [message.id for message in messages]
    microsoft.delete(messages[0])
    microsoft.move(messages[1], "archive")
    with microsoft.provider() as provider:
        assert provider.missing(microsoft.folder("inbox"), refs[:5]) == set(refs[:2])
        assert provider.missing(microsoft.folder("inbox"), refs) == set(refs[:2])


def test_a_sent_mail_keeps_our_message_id_and_is_found(microsoft: MicrosoftAccount) -> None:
    raw = make_mail(9, **{"from": f"Ana <{ANA}>"}, to="jane@client.example")
    with microsoft.provider() as provider:
        ref = provider.send(raw)
        (header,) = provider.fetch_headers([ref])
    assert header.scopes == (microsoft.folder("sent"),)
    assert b"Message-ID: <mail-9@client.example>" in (header.raw or b"")


def test_a_mail_that_was_sent_is_sent_whatever_becomes_of_the_question_after_it(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.sandbox.faults.choose("graph.list", Answer(503))
    with microsoft.provider() as provider:
        assert provider.send(make_mail(9, **{"from": ANA})) == ""
        assert len(provider.find("mail-9@client.example", ScopeRole.SENT)) == 1


def test_sending_without_the_right_to_is_consent_missing(sandbox: Sandbox) -> None:
    account = MicrosoftAccount(sandbox)
    account.tokens = HeldTokens(consent(ANA).secret)
    with account.provider() as provider, pytest.raises(ConsentMissing, match="right to send") as e:
        provider.send(make_mail(1))
    assert e.value.scope == "Mail.Send"


def test_every_request_asks_for_ids_that_stay(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    microsoft.graph.subscriptions.proves = False
    with microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 5)
        assert [change.ref for change in page.changes] == [message.id]
        assert provider.find("mail-1@client.example") == [message.id]
        provider.subscribe("http://127.0.0.1:9/hooks/graph/", "secret")
    assert all(row["immutable"] for row in microsoft.graph.subscriptions.rows(ANA))


def test_a_subscription_is_made_prolonged_and_ended(microsoft: MicrosoftAccount) -> None:
    subscriptions = microsoft.graph.subscriptions
    subscriptions.proves = False
    door = "http://127.0.0.1:9/hooks/graph/"
    with microsoft.provider() as provider:
        watch = provider.subscribe(door, "s" * 43, lifecycle=f"{door}lifecycle/")
        assert watch is not None
        left = watch.expires_at - datetime.now(UTC)
        assert timedelta(days=6, hours=23) < left < timedelta(days=7)
        again = provider.renew(watch, door, "other")
        assert again is not None
        assert again.id == watch.id
        (row,) = subscriptions.rows(ANA)
        assert row["wanted"]["clientState"] == "s" * 43
        assert row["wanted"]["lifecycleNotificationUrl"] == f"{door}lifecycle/"
        subscriptions.tell(ANA, "subscriptionRemoved")
        anew = provider.renew(watch, door, "other")
        assert anew is not None
        assert anew.id != watch.id
        (row,) = subscriptions.rows(ANA)
        assert row["wanted"]["clientState"] == "other"
        provider.unsubscribe(anew)
        provider.unsubscribe(anew)
    assert subscriptions.rows(ANA) == []
