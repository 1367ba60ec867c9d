"""The import command: the same rules as sync, repeatable, resumable after a kill."""

import os
import random
import subprocess
import sys
import time
import uuid
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from accounts import tenancy
from activities.models import Message, PrivateMessage, Sighting
from mailsync.models import Mailbox
from mailsync.services.connect_mailbox import connect_files
from mailsync.services.disconnect_mailbox import disconnect_mailbox
from mailsync.services.fetch_bodies import fetch_bodies
from tests.mailsync.conftest import Account, activities_of, connect, record_of
from tests.mailsync.mail import make_mail

STRANGER = "Zoe <zoe@new.example>"


@pytest.fixture
def files(ours: SimpleNamespace) -> Mailbox:
    return connect_files(
        ours.id, by=ours.ana, address="ana@ours.example", project_ids=[ours.one.id]
    )


def write_mbox(path: Path, *mails: bytes) -> Path:
    with path.open("wb") as file:
        for mail in mails:
            quoted = mail.replace(b"\r\n", b"\n")
            file.write(b"From x@y.example Mon Mar  2 10:00:00 2026\n" + quoted + b"\n")
    return path


def run_import(mailbox: Mailbox, path: Path) -> str:
    said = StringIO()
    call_command("import_mail", str(path), mailbox=str(mailbox.id), stdout=said)
    return said.getvalue().strip()


def snapshot(mailbox: Mailbox) -> set[tuple[str, str]]:
    """Every copy with its outcome: what two imports have to agree on."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        way = {"workspace_id": mailbox.workspace_id, "channel_id": mailbox.channel_id}
        rows = [
            *PrivateMessage.objects.filter(**way).values_list("provider_id", "outcome"),
            *Sighting.objects.filter(**way).values_list("provider_id", "outcome"),
        ]
    assert len(rows) == len(set(rows))
    return set(rows)


def test_an_mbox_is_logged_by_the_same_rules_and_twice_changes_nothing(
    files: Mailbox, tmp_path: Path
) -> None:
    path = write_mbox(
        tmp_path / "past.mbox",
        make_mail(1),
        make_mail(2, **{"from": STRANGER}),
        make_mail(3, **{"from": "ana@ours.example", "to": "jane@client.example"}),
    )
    assert run_import(files, path) == "Imported 3 mails: 2 logged, 1 not logged."
    before = snapshot(files)
    assert run_import(files, path) == "Imported 3 mails: 3 known before."
    assert snapshot(files) == before
    with tenancy.in_workspace(files.workspace_id, files.channel.owner_id):
        assert {row.body_state for row in Message.objects.all()} == {"present"}
        assert Sighting.objects.get(message__subject="Mail 3").direction == "out"


def test_equal_mails_are_counted_and_not_doubled(files: Mailbox, tmp_path: Path) -> None:
    odd = make_mail(1, message_id="", date="")
    path = write_mbox(tmp_path / "past.mbox", odd, odd, make_mail(2), make_mail(2))
    run_import(files, path)
    ordinals = sorted(key.rpartition(":")[2] for key, _ in snapshot(files))
    assert ordinals == ["0", "0", "1", "1"]
    # Without a date and an id nothing can be merged; the others are one mail.
    with tenancy.in_workspace(files.workspace_id):
        assert Message.objects.count() == 3


@pytest.mark.parametrize("kind", ["maildir", "folder", "file"])
def test_other_containers_are_read_too(files: Mailbox, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "mail"
    if kind == "maildir":
        for name in ("cur", "new", "tmp"):
            (target / name).mkdir(parents=True)
        (target / "cur" / "1772445600.1.host:2,S").write_bytes(make_mail(1))
    elif kind == "folder":
        target.mkdir()
        (target / "one.eml").write_bytes(make_mail(1))
    else:
        target.write_bytes(make_mail(1))
    for _ in range(2):
        run_import(files, target)
        assert len(snapshot(files)) == 1
    assert record_of(files) == {"logged": ["Mail 1"]}


def test_importing_again_fills_in_a_missing_body_and_changes_nothing_else(
    files: Mailbox, tmp_path: Path
) -> None:
    path = write_mbox(tmp_path / "past.mbox", make_mail(1))
    run_import(files, path)
    with tenancy.in_workspace(files.workspace_id, files.channel.owner_id):
        message = Message.objects.get()
        message.body.delete()
        Message.objects.update(body_state="due", body_due_at=message.created_at)
    fetch_bodies(files.workspace_id, channel_id=files.channel_id)
    with tenancy.in_workspace(files.workspace_id):
        assert Message.objects.get().body_state == "import_again"
    before = snapshot(files)
    assert run_import(files, path).endswith("1 known before, 1 bodies filled in.")
    assert snapshot(files) == before
    with tenancy.in_workspace(files.workspace_id):
        message = Message.objects.select_related("body").get()
        assert (message.body_state, message.body.text.strip()) == ("present", "Body of mail 1.")


def test_bodies_of_unlogged_mail_are_not_kept(
    files: Mailbox, tmp_path: Path, settings: Any
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "blobs")},
        }
    }
    secret = make_mail(1, body="MARKER-IN-A-BODY\n", **{"from": STRANGER})
    run_import(files, write_mbox(tmp_path / "past.mbox", secret))
    assert not list((tmp_path / "blobs").rglob("*"))
    with (
        connection.cursor() as cursor,
        tenancy.in_workspace(files.workspace_id, files.channel.owner_id),
    ):
        cursor.execute(
            "select count(*) from activities_privatemessage p where p::text like '%MARKER%'"
        )
        assert cursor.fetchone() == (0,)
        assert not Message.objects.exists()


def test_a_mail_beyond_the_limit_is_kept_by_its_header(files: Mailbox, tmp_path: Path) -> None:
    path = tmp_path / "large.eml"
    path.write_bytes(make_mail(1) + b"x" * (26 * 1024 * 1024))
    run_import(files, path)
    assert [key for key, _ in snapshot(files)]
    run_import(files, path)
    assert len(snapshot(files)) == 1


def test_an_imported_mail_meets_the_one_from_the_server(
    ours: SimpleNamespace, account: Account, tmp_path: Path
) -> None:
    from tests.mailsync.conftest import sync

    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    run_import(mailbox, write_mbox(tmp_path / "past.mbox", make_mail(1), make_mail(2)))
    assert activities_of(ours) == ["Mail 1", "Mail 2"]
    account.renew_uidvalidity()
    sync(mailbox)
    assert len(snapshot(mailbox)) == 3


def test_a_mailbox_that_is_gone_takes_no_files(
    ours: SimpleNamespace, files: Mailbox, tmp_path: Path
) -> None:
    path = write_mbox(tmp_path / "past.mbox", make_mail(1))
    with pytest.raises(CommandError, match="no mailbox"):
        call_command("import_mail", str(path), mailbox=str(uuid.uuid4()))
    with pytest.raises(CommandError, match="cannot be read"):
        run_import(files, tmp_path / "nothing")
    with tenancy.in_workspace(ours.id, ours.ana.id):
        disconnect_mailbox(ours.id, by=ours.ana, mailbox_id=files.id)
    with pytest.raises(CommandError, match="disconnected"):
        run_import(files, path)


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_at_random_ends_in_the_identical_result(
    ours: SimpleNamespace, rival: SimpleNamespace, tmp_path: Path
) -> None:
    mails = [
        make_mail(number, **({"from": STRANGER} if number % 3 else {})) for number in range(1, 1501)
    ]
    path = write_mbox(tmp_path / "past.mbox", *mails, *mails[:50])
    killed, whole = (
        connect_files(cast.id, by=cast.ana, address=f"ana@{cast.domain}", project_ids=[cast.one.id])
        for cast in (ours, rival)
    )
    run_import(whole, path)
    stopped_at: list[int] = []
    dice = random.Random(7)  # noqa: S311 - the kills are to come at other moments, not secretly
    for _ in range(4):
        process, before = start_import(killed, path), len(snapshot(killed))
        # Not before it got anywhere, however busy the machine is.
        while len(snapshot(killed)) == before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(dice.random() * 0.3)
        process.kill()
        process.wait()
        stopped_at.append(len(snapshot(killed)))
    assert start_import(killed, path).wait(timeout=120) == 0
    assert 0 < stopped_at[0] < 1550
    assert len(snapshot(whole)) == 1550
    assert snapshot(killed) == snapshot(whole)


def start_import(mailbox: Mailbox, path: Path) -> "subprocess.Popen[bytes]":
    facts = connection.settings_dict
    secret = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'] or '')}"
    place = f"{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_mail", "--mailbox", str(mailbox.id), str(path)],
        cwd=root,
        env=os.environ | {"DATABASE_URL": f"postgres://{secret}@{place}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_the_page_of_imported_mail_promises_no_text_from_a_server(
    ours: SimpleNamespace, files: Mailbox, tmp_path: Path
) -> None:
    run_import(files, write_mbox(tmp_path / "mail.mbox", make_mail(**{"from": STRANGER})))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        private = PrivateMessage.objects.get()
    client = Client()
    client.force_login(ours.ana.user)
    page = client.get(f"/w/ours/inbox/{private.id}/").content.decode()
    assert "open it in the file that you imported" in page
    assert "<iframe" not in page
    assert "mail server" not in page
