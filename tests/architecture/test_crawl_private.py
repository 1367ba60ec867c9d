"""Mail that is Ben's alone, and a project that Cut is not named in: nobody else is shown a word."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import tenancy
from accounts.models import Member
from activities.mail.mime import parse
from activities.models import Activity, Channel, Entry, PrivateMessage
from activities.services.entries import add_entry
from mailsync.models import Mailbox
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.architecture import crawl
from tests.architecture.crawl import Visitor, to_sign_in
from tests.architecture.doors import key_of
from tests.architecture.inhabit import inhabit
from tests.bcc_inbound.conftest import a_mail

OTHERS: dict[str, Callable[[SimpleNamespace], Visitor]] = {
    "owner": lambda cast: crawl.signed_in(cast.ana),
    "admin": lambda cast: crawl.signed_in(cast.ada),
    "viewer": lambda cast: crawl.signed_in(cast.vic),
    "member without the project": lambda cast: crawl.signed_in(cast.cut),
    "anonymous": lambda cast: Visitor(also_api=True),
    "key of the owner": lambda cast: crawl.with_key(cast, cast.ana),
    "key of an admin": lambda cast: crawl.with_key(cast, cast.ada),
    "key of a viewer": lambda cast: crawl.with_key(cast, cast.vic),
}

# Why a mail is private: who wrote it, with {} for the word, and further headers.
PRIVATE = {
    "unlogged": ("{}@nobody.example", {}),
    "ignored": ("{}@news.example", {"cc": "jane@client.example"}),
    "ignored_by_himself": ("{}@mine.example", {"cc": "jane@client.example"}),
    "blocked": ("{}@lawyer.example", {"cc": "jane@client.example"}),
    "internal": ('"{}" <ana@ours.example>', {}),
    "automated": ("{}@acme.example", {"auto_submitted": "auto-replied"}),
    "waiting": ('"{}" <mia@client.example>', {}),
}


@pytest.fixture
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1"]


@pytest.fixture
def home(quick: None, ours: SimpleNamespace) -> SimpleNamespace:
    """Our workspace with everything in it. What is about one mail gets a word of its own."""
    ours.places = inhabit(ours, "ourword")
    ours.word = f"zq{uuid.uuid4().hex[:12]}"
    return ours


@pytest.fixture
def bens(home: SimpleNamespace) -> SimpleNamespace:
    """Ben's mailbox with one mail of every private kind; its addresses are the places."""
    with tenancy.in_workspace(home.id, home.ben.id):
        channel = make_channel(home, home.ben, home.one, home.two)
        mailbox = Mailbox.objects.create(
            workspace_id=home.id, channel=channel, provider="imap", address="ben@ours.example",
            host="127.0.0.1", port=1, security="none", state=Mailbox.State.LIVE,
        )  # fmt: skip
        for text, effect, by, everybody in (
            ("news.example", "ignore", home.ana, True),
            ("mine.example", "ignore", home.ben, False),
            ("lawyer.example", "block", home.ana, True),
        ):
            add_entry(home.id, by=by, text=text, effect=effect, for_workspace=everybody)
    copies = [_private_copy(home, channel, kind) for kind in PRIVATE]
    results = dict(zip(PRIVATE, arrive(home, *copies), strict=True))
    assert {result.outcome for result in results.values()} == {
        "not_logged", "needs_project", "blocked",
    }  # fmt: skip
    with tenancy.in_workspace(home.id, home.ben.id):
        row = PrivateMessage.objects.get(id=results["unlogged"].private_id)
        home.places |= {
            "private message": str(row.id),
            "thread": str(row.thread_id),
            "mailbox": str(mailbox.id),
            "member": str(home.ben.id),
            "entry": str(Entry.objects.get(member=home.ben).id),
        }
        waiting = PrivateMessage.objects.get(id=results["waiting"].private_id)
    home.waiting = {"thread": str(waiting.thread_id), "private message": str(waiting.id)}
    return home


def _private_copy(home: SimpleNamespace, channel: Channel, kind: str) -> Any:
    sender, more = PRIVATE[kind]
    raw = write_mail(
        sender.format(home.word),
        f'"{home.word}" <ben@ours.example>',
        subject=f"{kind} {home.word}",
        **more,
    )
    return a_copy(channel, raw)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_is_shown_a_word_of_private_mail(bens: SimpleNamespace, who: str) -> None:
    before = crawl.contents(bens, [bens.ben])
    visitor, acts = OTHERS[who](bens), who in {"owner", "admin", "key of the owner"}
    assert crawl.sweep(visitor, bens.places, bens.word, acts=acts) == {bens.word: []}
    for door in visitor.doors():
        if {"thread", "private message"} & {key_of(door, one) for one in door.arguments}:
            answer = visitor.ask("GET", door.url(bens.places | bens.waiting))
            assert answer.status_code in {401, 404, 405} or to_sign_in(answer)
            assert not crawl.carries(answer, bens.word)
    changed = crawl.differences(before, crawl.contents(bens, [bens.ben]))
    assert [name for name in changed if "private" in name] == []


def test_its_owner_finds_it_in_the_folders_and_by_its_address(bens: SimpleNamespace) -> None:
    shown = crawl.sweep(crawl.signed_in(bens.ben), bens.places, bens.word, acts=False)[bens.word]
    assert {
        "GET mailsync:folders",
        "GET mailsync:private_message",
        "GET activities:thread",
        "GET activities:needs_project",
    } <= set(shown)
    page = crawl.signed_in(bens.ben).ask(
        "GET", reverse("mailsync:folders", args=[bens.slug]), {"mailbox": bens.places["mailbox"]}
    )
    found = {kind for kind in PRIVATE if f"{kind} {bens.word}" in page.whole}
    assert found == set(PRIVATE) - {"blocked"}


PRIVATE_TABLES = (
    "activities_privatemessage",
    "activities_privateparticipant",
    "activities_takenback",
)


@pytest.mark.parametrize("name", ["ana", "ada", "vic", "cut"])
def test_the_database_itself_shows_a_colleague_no_private_row(
    bens: SimpleNamespace, name: str
) -> None:
    def count(member: Member, sql: str) -> int:
        with tenancy.in_workspace(bens.id, member.id), connection.cursor() as cursor:
            cursor.execute(sql, [bens.ben.id])
            return int(cursor.fetchone()[0])

    colleague = getattr(bens, name)
    waits = "select count(*) from activities_pendingparticipant where owner_id = %s"
    for sql in (
        *(f"select count(*) from {table} where owner_id = %s" for table in PRIVATE_TABLES[:2]),
        f"{waits} and activity_id is null",
        "select count(*) from activities_blockedmail where owner_id = %s",
    ):
        assert count(bens.ben, sql) > 0, sql
        assert count(colleague, sql) == 0, sql
    with tenancy.in_workspace(bens.id, colleague.id), connection.cursor() as cursor:
        cursor.execute("update activities_privatemessage set subject = '' where owner_id = %s",
                       [bens.ben.id])  # fmt: skip
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "insert into activities_takenback (id, workspace_id, owner_id, fingerprint)"
                " values (gen_random_uuid(), %s, %s, '')",
                [bens.id, bens.ben.id],
            )


@pytest.fixture
def secluded(home: SimpleNamespace) -> SimpleNamespace:
    """Mail of project One, which Cut is not named in: logged, unassigned and waiting."""
    word = home.word
    with tenancy.in_workspace(home.id, home.ben.id):
        mailbox = make_channel(home, home.ben, home.one)
        inbound = Channel.objects.get(inbound_address__project=home.one)
    logged = write_mail(
        f'"{word}" <jane@client.example>', "ben@ours.example", subject=f"Logged {word}"
    )
    (record,) = arrive(home, a_copy(mailbox, logged))
    (waiting,) = arrive(home, a_copy(inbound, _with_file(word), sender=home.ben))
    with tenancy.in_workspace(home.id, home.ben.id):
        open_mail = Activity.objects.get(id=waiting.activity_id)
        assignment = Activity.objects.get(id=record.activity_id).assignments.get()
        home.places |= {"thread": str(open_mail.thread_id), "activity": str(open_mail.id)}
        home.logged = home.places | {
            "activity": str(record.activity_id),
            "assignment": str(assignment.id),
            "thread": str(assignment.activity.thread_id),
        }
    return home


def _with_file(word: str) -> bytes:
    mail = a_mail(
        "Ben <ben@ours.example>", f'"{word}" <z@nobody.example>', subject=word, text=f"T {word}"
    )
    mail.add_attachment(word.encode(), maintype="text", subtype="csv", filename=f"{word}.csv")
    return mail.as_bytes()


@pytest.mark.parametrize("kind", ["page", "key"])
def test_a_member_without_the_project_is_shown_nothing_of_its_mail(
    secluded: SimpleNamespace, kind: str
) -> None:
    cast = secluded
    for places in (cast.places, cast.logged):
        visitor = crawl.signed_in(cast.cut) if kind == "page" else crawl.with_key(cast, cast.cut)
        assert crawl.sweep(visitor, places, cast.word) == {cast.word: []}


def test_a_member_of_the_project_is_shown_it_in_every_form(secluded: SimpleNamespace) -> None:
    cast = secluded
    page = crawl.sweep(crawl.signed_in(cast.ben), cast.places, cast.word, acts=False)[cast.word]
    key = crawl.sweep(crawl.with_key(cast, cast.ben), cast.places, cast.word, acts=False)[cast.word]
    listed = crawl.sweep(crawl.signed_in(cast.ben), cast.logged, cast.word, acts=False)[cast.word]
    assert {
        "GET activities:unassigned",
        "GET activities:activity",
        "GET activities:message_frame",
        "GET activities:attachment",
        "GET activities:thread",
    } <= set(page)
    assert {"GET activities:list", "GET activities:contact", "GET activities:project"} <= set(
        listed
    )
    assert {
        "GET activities_api:activity-list",
        "GET activities_api:activity-detail",
        "GET activities_api:unassigned-list",
    } <= set(key)


def test_what_waits_in_a_project_is_counted_for_its_members_alone(
    secluded: SimpleNamespace,
) -> None:
    def counted(member: Member) -> int:
        url = reverse("activities:list", args=[secluded.slug])
        answer = crawl.signed_in(member).client.get(url)
        return int(answer.context["nav_counts"].get("unassigned", 0))

    assert counted(secluded.ben) >= 1
    assert counted(secluded.cut) == 0


def test_what_waits_at_the_workspaces_own_address_is_its_senders_and_the_admins(
    home: SimpleNamespace,
) -> None:
    with tenancy.in_workspace(home.id, home.ben.id):
        inbound = Channel.objects.get(inbound_address__project=None, inbound_address__isnull=False)
    (waiting,) = arrive(home, a_copy(inbound, _with_file(home.word), sender=home.ben))
    places = home.places | {"activity": str(waiting.activity_id)}
    with tenancy.in_workspace(home.id, home.ben.id):
        thread = Activity.objects.get(id=waiting.activity_id).thread_id
    places |= {"thread": str(thread)}
    file = reverse("activities:attachment", args=[home.slug, waiting.activity_id, 0])
    for member in (home.ben, home.ana, home.ada):
        assert crawl.carries(crawl.signed_in(member).ask("GET", file), home.word)
    for member in (home.vic, home.cut):
        visitor = crawl.signed_in(member)
        assert not crawl.sweep(visitor, places, home.word, acts=False)[home.word]


@pytest.mark.parametrize("who", ["owner", "key of an admin"])
@pytest.mark.parametrize(("level", "hidden"), [("subject", 3), ("metadata", 4)])
def test_a_colleague_is_shown_no_more_than_the_mailbox_shares(
    home: SimpleNamespace, level: str, hidden: int, who: str
) -> None:
    """Ben's mailbox shares its logged mail down to the subject, or not even that."""
    words = [f"{part}{home.word}" for part in ("text", "name", "file", "subject")]
    with tenancy.in_workspace(home.id, home.ben.id):
        mailbox = make_channel(home, home.ben, home.one, sharing=level)
    (record,) = arrive(home, _whole_copy(mailbox, *words))
    with tenancy.in_workspace(home.id, home.ben.id):
        activity = Activity.objects.get(id=record.activity_id)
        places = home.places | {
            "activity": str(activity.id),
            "assignment": str(activity.assignments.get().id),
            "thread": str(activity.thread_id),
        }
    shown = crawl.sweep(OTHERS[who](home), places, *words, acts=False)
    assert {word: shown[word] for word in words[:hidden] if shown[word]} == {}
    ben, at = crawl.signed_in(home.ben), [home.slug, record.activity_id]
    whole = ben.ask("GET", reverse("activities:activity", args=at)).whole
    whole += ben.ask("GET", reverse("activities:message_frame", args=at)).whole
    whole += ben.ask("GET", reverse("activities:attachment", args=[*at, 0])).whole
    assert all(word in whole for word in words)
    if hidden == 3 and who == "owner":
        assert shown[words[3]]


def _whole_copy(mailbox: Channel, text: str, name: str, file: str, subject: str) -> Any:
    mail = a_mail("Jane <jane@client.example>", "ben@ours.example", subject=subject, text=text)
    mail.add_attachment(file.encode(), maintype="text", subtype="csv", filename=f"{name}.csv")
    raw = mail.as_bytes()
    return replace(a_copy(mailbox, raw), body=parse(raw)[1], raw=raw)
