"""Private mail through the real doors: where its words are afterwards, and where they are not.

Ben imports files with a mail of every private kind, and a blocked one also comes by SMTP. Then
the whole database is read with every policy lifted, every file, all of Redis, and every log line.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts import tenancy
from accounts.models import Role
from activities.models import Activity, BlockedMail, Message, PrivateMessage
from activities.services.collect_blobs import collect_blobs
from activities.services.entries import add_entry
from bcc_inbound.models import Delivery
from mailsync.models import Mailbox
from mailsync.services.connect_mailbox import connect_files
from tests.architecture import crawl
from tests.architecture.leaks import as_written, files_with, redis_texts, tables_with
from tests.bcc_inbound.conftest import Server, a_mail, process_all
from tests.conftest import make_member

# By kind: who wrote it, with {} for the word of its header, and further headers.
KINDS = {
    "logged": ('"{}" <jane@client.example>', {}),
    "unlogged": ("{}@nobody.example", {}),
    "ignored": ("{}@news.example", {"cc": "jane@client.example"}),
    "ignored_by_himself": ("{}@mine.example", {"cc": "jane@client.example"}),
    "internal": ('"{}" <ana@ours.example>', {}),
    "waiting": ('"{}" <mia@client.example>', {}),
    "automated": ("{}@acme.example", {"list_id": "<offers.acme.example>"}),
    "blocked": ("{}@lawyer.example", {"cc": "jane@client.example"}),
}
PRIVATE = [kind for kind in KINDS if kind not in {"logged", "blocked"}]
OWNERS_TABLES = {
    "activities_privatemessage",
    "activities_privateparticipant",
    "activities_pendingparticipant",
}


@dataclass(frozen=True)
class Words:
    """Four words of one mail that stand nowhere else, so that each can be looked for."""

    header: str
    text: str
    file_name: str
    file: str

    @property
    def inside(self) -> tuple[str, str, str]:
        return self.text, self.file_name, self.file


def make_words(kind: str) -> Words:
    stem = kind.replace("_", "") + uuid.uuid4().hex[:10]
    return Words(*(f"zq{part}{stem}" for part in ("head", "text", "name", "file")))


def write(kind: str, words: Words, to: str) -> bytes:
    sender, more = KINDS[kind]
    mail = a_mail(
        sender.format(words.header),
        to,
        subject=f"About {words.header}",
        text=f"It says {words.text}.",
        message_id=f"<{words.header}@mail.example>",
        **more,
    )
    # As 7bit, so that the word also stands readable in the bytes as they came.
    mail.add_attachment(
        f"{words.file}\n", subtype="csv", filename=f"{words.file_name}.csv", cte="7bit"
    )
    return mail.as_bytes()


@pytest.fixture
def bens(
    live: SimpleNamespace,
    server: Server,
    settings: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> SimpleNamespace:
    caplog.set_level("DEBUG")
    settings.BLOB_ROOT = str(tmp_path / "blobs")
    location = {"OPTIONS": {"location": settings.BLOB_ROOT}}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | location}
    with tenancy.in_workspace(live.id, live.ana.id):
        live.ada = make_member(live, "ada", Role.ADMIN)
    _block_and_ignore(live)
    mailbox = connect_files(
        live.id, by=live.ben, address="ben@ours.example", project_ids=[live.one.id, live.two.id]
    )
    words = {kind: make_words(kind) for kind in KINDS}
    folder = tmp_path / "mails"
    folder.mkdir()
    for kind in KINDS:
        (folder / f"{kind}.eml").write_bytes(write(kind, words[kind], "ben@ours.example"))
    call_command("import_mail", str(folder), mailbox=str(mailbox.id))
    words["blocked by bcc"] = make_words("blockedbybcc")
    mail = write("blocked", words["blocked by bcc"], "z@nobody.example")
    assert server.send(_from_ben(mail), live.to_one, sender="ben@ours.example") == {}
    assert process_all(live).settled == 1
    live.mailbox, live.words = mailbox, words
    return live


def _from_ben(mail: bytes) -> bytes:
    """The mail with its blocked sender in Cc, where a member who bcc's it would have it."""
    return mail.replace(b"\nCc: ", b"\nX-Cc: ").replace(b"From: ", b"From: ben@ours.example\nCc: ")


def _block_and_ignore(cast: SimpleNamespace) -> None:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        add_entry(cast.id, by=cast.ana, text="news.example", effect="ignore", for_workspace=True)
        add_entry(cast.id, by=cast.ana, text="lawyer.example", effect="block", for_workspace=True)
    with tenancy.in_workspace(cast.id, cast.ben.id):
        add_entry(cast.id, by=cast.ben, text="mine.example", effect="ignore", for_workspace=False)


def test_private_mail_leaves_its_header_with_its_owner_and_nothing_else_anywhere(
    bens: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    with tenancy.in_workspace(bens.id, bens.ben.id):
        assert PrivateMessage.objects.count() == len(PRIVATE)
        assert BlockedMail.objects.count() == 2
        assert Message.objects.count() == 1
        assert Delivery.objects.get().state == Delivery.State.BLOCKED
    _the_database(bens.words)
    _files_and_redis(bens.words)
    everything = [word for one in bens.words.values() for word in (one.header, *one.inside)]
    written = "\n".join(map(as_written, caplog.records))
    assert [word for word in everything if word in written] == []


def _the_database(words: dict[str, Words]) -> None:
    headers = tables_with(*(one.header for one in words.values()))
    inside = tables_with(*(word for one in words.values() for word in one.inside))
    assert {"activities_message", "activities_participant"} <= headers[words["logged"].header]
    assert inside[words["logged"].text] == {"activities_messagebody", "activities_message"}
    assert inside[words["logged"].file_name] == {"activities_attachment"}
    for kind in PRIVATE:
        assert "activities_privatemessage" in headers[words[kind].header], kind
        assert headers[words[kind].header] <= OWNERS_TABLES, kind
    for kind in ("blocked", "blocked by bcc"):
        assert headers[words[kind].header] == set(), kind
    for kind in words.keys() - {"logged"}:
        assert [inside[word] for word in words[kind].inside] == [set()] * 3, kind


def _files_and_redis(words: dict[str, Words]) -> None:
    everything = {kind: (one.header, *one.inside) for kind, one in words.items()}
    found = files_with(*(word for some in everything.values() for word in some))
    assert all(found[word] for word in everything["logged"])
    redis = redis_texts()
    for kind in words.keys() - {"logged"}:
        assert [found[word] for word in everything[kind]] == [[]] * 4, kind
    for some in everything.values():
        assert [text for text in redis for word in some if word in text] == []


def test_its_owner_sees_it_and_a_colleague_an_admin_and_an_owner_do_not(
    bens: SimpleNamespace,
) -> None:
    folders = reverse("mailsync:folders", args=[bens.slug])
    own = crawl.signed_in(bens.ben).ask("GET", folders, {"mailbox": str(bens.mailbox.id)})
    assert own.status_code == 200
    for kind in ("logged", *PRIVATE):
        assert bens.words[kind].header in own.whole, kind
    with tenancy.in_workspace(bens.id, bens.ben.id):
        ids = list(PrivateMessage.objects.values_list("id", "thread_id"))
    for member in (bens.ana, bens.ada):
        visitor = crawl.signed_in(member)
        seen = [visitor.ask("GET", folders, {"mailbox": str(bens.mailbox.id)})]
        for name in ("activities:list", "activities:unassigned", "activities:needs_project"):
            seen.append(visitor.ask("GET", reverse(name, args=[bens.slug])))
        for private_id, thread_id in ids:
            mail = reverse("mailsync:private_message", args=[bens.slug, private_id])
            body = reverse("mailsync:private_body", args=[bens.slug, private_id])
            thread = reverse("activities:thread", args=[bens.slug, thread_id])
            asked = [visitor.ask("GET", url) for url in (mail, body, thread)]
            assert {one.status_code for one in asked} == {404}
            seen += asked
        for kind in bens.words.keys() - {"logged"}:
            assert not [one for one in seen if crawl.carries(one, bens.words[kind].header)], kind


def test_importing_the_files_again_changes_nothing_of_it(
    bens: SimpleNamespace, tmp_path: Path
) -> None:
    call_command("import_mail", str(tmp_path / "mails"), mailbox=str(bens.mailbox.id))
    with tenancy.in_workspace(bens.id, bens.ben.id):
        assert PrivateMessage.objects.count() == len(PRIVATE)
        assert BlockedMail.objects.count() == 2
        assert Mailbox.objects.get().counts["blocked"] == 1
    _the_database(bens.words)
    _files_and_redis(bens.words)


def test_what_is_taken_back_is_as_private_as_if_it_had_never_been_logged(
    bens: SimpleNamespace,
) -> None:
    words = bens.words["logged"]
    with tenancy.in_workspace(bens.id, bens.ben.id):
        activity = Activity.objects.get()
    page = crawl.signed_in(bens.ben).ask(
        "POST", reverse("activities:take_back", args=[bens.slug, activity.id])
    )
    assert page.status_code == 303
    assert collect_blobs(bens.id, older_than=timedelta(0)).deleted == 2
    found = tables_with(words.header, *words.inside)
    assert "activities_privatemessage" in found[words.header]
    assert found[words.header] <= OWNERS_TABLES
    assert [found[word] for word in words.inside] == [set()] * 3
    assert files_with(words.header, *words.inside) == {
        word: [] for word in (words.header, *words.inside)
    }


def test_with_its_mailbox_every_private_header_goes_at_once(bens: SimpleNamespace) -> None:
    page = crawl.signed_in(bens.ben).ask(
        "POST",
        reverse("mailsync:disconnect", args=[bens.slug, bens.mailbox.id]),
        {"logged": "keep"},
    )
    assert page.status_code == 303
    found = tables_with(*(bens.words[kind].header for kind in PRIVATE))
    assert set.union(*found.values()) == set()
    assert tables_with(bens.words["logged"].header)[bens.words["logged"].header] != set()
