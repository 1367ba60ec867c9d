"""Files that no row names any more are deleted, and no other ones."""

import os
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts import tenancy
from accounts.models import Workspace
from activities.models import Activity, Attachment, Message, MessageBody
from activities.services.bodies import blob_path, keep_blob
from activities.services.collect_blobs import Collected, collect_blobs, stored_workspaces
from activities.services.store_body import store_body
from activities.services.take_back import take_back
from activities.services.verify_files import broken_files
from activities.tasks import collect_blobs as task
from tests.activities.mailing import a_copy, arrive, make_channel
from tests.bcc_inbound.conftest import a_mail

AT_ONCE = timedelta(0)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Path:
    """A blob store of this test alone."""
    default = settings.STORAGES["default"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


def log_mail(cast: SimpleNamespace, subject: str, shared: str = "") -> Activity:
    """A logged mail with its body fetched: two files of its own, and perhaps a shared one."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        mailbox = make_channel(cast, cast.ana, cast.one)
        contact = "jane@client.example"
        mail = a_mail(contact, "ana@ours.example", subject=subject)
        mail.add_attachment(subject.encode(), maintype="text", subtype="csv", filename="own.csv")
        if shared:
            mail.add_attachment(shared.encode(), maintype="text", subtype="csv", filename="s.csv")
        arrive(cast, a_copy(mailbox, mail.as_bytes()))
        message = Message.objects.get(workspace_id=cast.id, subject=subject)
        assert store_body(cast.id, message_id=message.id, raw=mail.as_bytes())
        return message.activity


def files_of(store: Path, cast: SimpleNamespace) -> set[str]:
    return {one.name for one in (store / str(cast.id)).rglob("*") if one.is_file()}


def named_by(cast: SimpleNamespace) -> set[str]:
    with tenancy.in_workspace(cast.id):
        files = set(Attachment.objects.values_list("sha256", flat=True))
        return files | set(MessageBody.objects.values_list("raw_sha256", flat=True))


def test_what_was_taken_back_leaves_the_store_and_the_rest_stays(
    ours: SimpleNamespace, rival: SimpleNamespace, store: Path
) -> None:
    log_mail(ours, "Stays", shared="in both")
    taken = log_mail(ours, "Goes", shared="in both")
    with tenancy.in_workspace(rival.id):
        keep_blob(rival.id, b"an orphan of another workspace")
    assert len(files_of(store, ours)) == 5
    with tenancy.in_workspace(ours.id, ours.ana.id):
        take_back(ours.id, by=ours.ana, activity_id=taken.id)
    done = collect_blobs(ours.id, older_than=AT_ONCE)
    assert (done.deleted, done.kept, done.size > 0) == (2, 3, True)
    assert files_of(store, ours) == named_by(ours)
    assert broken_files(ours.id) == 0
    assert len(files_of(store, rival)) == 1


def test_a_young_file_waits_for_its_row(ours: SimpleNamespace, store: Path) -> None:
    keep_blob(ours.id, b"its row is not committed yet")
    assert collect_blobs(ours.id) == Collected(kept=1)
    assert len(files_of(store, ours)) == 1


def test_an_old_file_that_comes_again_counts_as_young(ours: SimpleNamespace, store: Path) -> None:
    name = keep_blob(ours.id, b"taken back, and now here again")
    os.utime(store / blob_path(ours.id, name), (0, 0))
    keep_blob(ours.id, b"taken back, and now here again")
    assert collect_blobs(ours.id) == Collected(kept=1)


def test_what_a_dead_process_left_half_written_goes_too(ours: SimpleNamespace, store: Path) -> None:
    name = keep_blob(ours.id, b"whole")
    (store / blob_path(ours.id, name)).rename(store / f"{blob_path(ours.id, name)}.17-4")
    assert collect_blobs(ours.id, older_than=AT_ONCE).deleted == 1
    assert not files_of(store, ours)


def test_a_workspace_without_files_and_one_of_another_database_are_left_alone(
    ours: SimpleNamespace, store: Path
) -> None:
    unknown = uuid.uuid4()
    keep_blob(unknown, b"of a database that is not this one")
    (store / "lost+found").mkdir()
    assert stored_workspaces() == [unknown]
    assert collect_blobs(unknown, older_than=AT_ONCE) == Collected()
    assert collect_blobs(ours.id, older_than=AT_ONCE) == Collected()
    assert not Workspace.objects.filter(id=unknown).exists()
    assert len(list((store / str(unknown)).rglob("*.*"))) == 0
    assert sum(one.is_file() for one in store.rglob("*")) == 1


def test_the_command_says_what_it_deleted(ours: SimpleNamespace, rival: SimpleNamespace) -> None:
    keep_blob(ours.id, b"four")
    output = StringIO()
    call_command("collect_blobs", minutes=0, stdout=output)
    assert output.getvalue() == f"workspace {ours.id}: 1 deleted (4 bytes), 0 kept\n"
    with pytest.raises(CommandError, match="--minutes"):
        call_command("collect_blobs", minutes=-1)


def test_the_daily_task_goes_through_every_workspace(
    ours: SimpleNamespace, rival: SimpleNamespace, store: Path
) -> None:
    for cast in (ours, rival):
        name = keep_blob(cast.id, b"old")
        os.utime(store / blob_path(cast.id, name), (0, 0))
        keep_blob(cast.id, b"young")
    task()
    assert [len(files_of(store, cast)) for cast in (ours, rival)] == [1, 1]
