"""`manage.py verify_integrity` after real ingest, and with each promise broken once by hand."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tenancy
from activities.models import Attachment, MessageBody, Thread
from activities.services.bodies import blob_path
from activities.services.dismiss import dismiss
from activities.services.verify_integrity import Finding, verify_integrity
from bcc_inbound.models import Delivery
from bcc_inbound.selectors import find_route
from bcc_inbound.services.process_deliveries import process_deliveries
from bcc_inbound.services.store_delivery import store_delivery
from contacts.models import ContactAddress
from mailsync.services.connect_mailbox import connect_files
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.architecture.owner import owner_cursor
from tests.bcc_inbound.conftest import a_mail, give_addresses


@pytest.fixture
def lived(ours: SimpleNamespace) -> SimpleNamespace:
    """A workspace in which mail came in by every door and ended in every way."""
    return let_live(ours)


def let_live(cast: SimpleNamespace) -> SimpleNamespace:
    give_addresses(cast)
    with tenancy.in_workspace(cast.id, cast.ana.id):
        mailbox = make_channel(cast, cast.ana, cast.one, cast.two)
        connect_files(cast.id, by=cast.ana, address="ana@ours.example", project_ids=[cast.one.id])
    known = write_mail("ana@ours.example", "jane@client.example")
    in_both = write_mail("ana@ours.example", "mia@client.example")
    both_at_once = write_mail("ana@ours.example", "jane@client.example", cc="mia@client.example")
    unknown = write_mail("ana@ours.example", "z@nobody.example")
    arrive(cast, *(a_copy(mailbox, raw) for raw in (known, in_both, both_at_once, unknown)))
    for sender, subject in (
        ("Ana <ana@ours.example>", "Kept"),
        ("Ana <ana@ours.example>", "Kept too"),
        ("z@stranger.example", "Held"),
    ):
        deliver(cast, sender, subject)
    with tenancy.in_workspace(cast.id, cast.ana.id):
        kept = Delivery.objects.filter(state="processed").order_by("id").last()
        assert kept is not None
        assert kept.message is not None
        dismiss(cast.id, by=cast.ana, activity_ids=[kept.message.activity.id])
    return cast


def deliver(cast: SimpleNamespace, sender: str, subject: str) -> None:
    mail = a_mail(sender, "z@nobody.example", subject=subject)
    mail.add_attachment(b"col\n1\n", maintype="text", subtype="csv", filename="table.csv")
    route = find_route(cast.to_one)
    assert route is not None
    store_delivery(
        route, raw=mail.as_bytes(), envelope_sender=sender, peer="127.0.0.1", trusted_peer=True
    )
    with tenancy.in_workspace(cast.id):
        # The claim asks for what was due when its transaction began, and the test is one.
        Delivery.objects.filter(state="due").update(due_at=timezone.now() - timedelta(minutes=10))
    process_deliveries(cast.id)


def broken(findings: list[Finding] | None = None) -> dict[str, int]:
    return {one.name: one.broken for one in findings or verify_integrity() if one.broken}


def test_nothing_is_broken_after_mail_came_in_by_every_door(lived: SimpleNamespace) -> None:
    with tenancy.in_workspace(lived.id):
        states = set(Delivery.objects.values_list("state", flat=True))
    assert states == {"processed", "held"}
    assert broken() == {}


# Each breaks one promise and leaves the keys of the tables in order.
BREAKS = {
    "copies": "update activities_sighting set outcome = 'unassigned' where outcome = 'logged'",
    "logged": "delete from activities_assignment",
    "standing": "update activities_activity set state = 'unassigned' where state = 'logged'",
    "emails": "update activities_activity set kind = 'note' where state = 'logged'",
    "messages": "delete from activities_sighting where outcome = 'logged'",
    "bodies": "delete from activities_messagebody",
    "threads": "update activities_thread t set root_id = (select o.id from activities_thread o"
    " where o.id <> t.id and o.root_id <> t.id order by o.id desc limit 1)",
    "waiting": "update activities_activity e set state = 'dismissed' from"
    " activities_pendingparticipant p where p.activity_id = e.id",
    "changes": "insert into contacts_directorychange (id, workspace_id, kind, value, attempts,"
    " progress, due_at) select gen_random_uuid(), id, 'everything', '', 0, '{}',"
    " now() - interval '2 hours' from accounts_workspace",
    "private": "update activities_privatemessage set outcome = 'logged'",
    "waiting mail": "update activities_pendingparticipant set candidates = '{}'",
    "received": "update bcc_inbound_delivery set state = 'lost' where state = 'held'",
    "deliveries": "update activities_sighting set provider_id = 'another'"
    " where outcome = 'unassigned' and provider_id = (select max(provider_id)"
    " from activities_sighting where outcome = 'unassigned')",
    "waiting deliveries": "update bcc_inbound_delivery set raw = null where state = 'held'",
    "kept deliveries": "update activities_messagebody set raw_sha256 = ''",
    "blocked deliveries": "update bcc_inbound_delivery set state = 'blocked' where state = 'held'",
    "delivery leases": "update bcc_inbound_delivery set state = 'due', attempts = 1,"
    " due_at = now() - interval '2 hours' where state = 'held'",
    "inbound addresses": "delete from activities_channelproject p using activities_channel c"
    " where c.id = p.channel_id and c.source = 'bcc'",
    "leases": "update mailsync_mailbox set leased_until = now() - interval '2 hours'",
    "mailboxes": "update activities_channel c set source = 'sent' from mailsync_mailbox b"
    " where b.channel_id = c.id",
}


def test_each_promise_that_is_broken_is_found(lived: SimpleNamespace) -> None:
    found = {}
    for name, statement in BREAKS.items():
        with transaction.atomic():
            with tenancy.in_workspace(lived.id, lived.ana.id), connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount > 0, name
            found[name] = [one.name for one in verify_integrity() if lived.id in one.workspaces]
            transaction.set_rollback(True)
    assert {name: found[name] for name in BREAKS if name not in found[name]} == {}


def test_an_address_of_two_contacts_is_found(lived: SimpleNamespace) -> None:
    with tenancy.in_workspace(lived.id):
        ContactAddress.objects.create(
            workspace_id=lived.id, contact=lived.omar, address="Jane@Client.example"
        )
    assert broken() == {"contacts": 1}


def test_a_file_that_is_gone_and_one_that_differs_are_found(lived: SimpleNamespace) -> None:
    with tenancy.in_workspace(lived.id):
        file = Attachment.objects.first()
        raw = MessageBody.objects.exclude(raw_sha256="").first()
    assert file is not None
    assert raw is not None
    default_storage.delete(blob_path(lived.id, file.sha256))
    with default_storage.open(blob_path(lived.id, raw.raw_sha256), "wb") as blob:
        blob.write(b"something else")
    assert broken() == {"files": 2}


def test_a_private_copy_is_asked_about_as_its_owner(lived: SimpleNamespace) -> None:
    mailbox_owner = lived.ben
    with tenancy.in_workspace(lived.id, mailbox_owner.id):
        mailbox = make_channel(lived, mailbox_owner, lived.one)
    arrive(lived, a_copy(mailbox, write_mail("ben@ours.example", "y@nobody.example")))
    with tenancy.in_workspace(lived.id, mailbox_owner.id), connection.cursor() as cursor:
        cursor.execute("update activities_privatemessage set outcome = 'unassigned'")
        assert cursor.rowcount == 1
    assert broken() == {"private": 1}


@pytest.mark.parametrize(
    ("name", "break_it", "mend_it"),
    [
        (
            "keys",
            "alter table activities_assignment drop constraint activities_assignment_contact_key",
            'alter table activities_assignment add constraint "activities_assignment_contact_key"'
            ' foreign key ("workspace_id", "contact_id") references "contacts_contact"'
            ' ("workspace_id", "id") deferrable initially deferred',
        ),
        (
            "policies",
            "alter table activities_messagebody no force row level security",
            "alter table activities_messagebody force row level security",
        ),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_boundary_that_was_taken_out_of_the_database_is_found(
    name: str, break_it: str, mend_it: str
) -> None:
    with owner_cursor() as cursor:
        cursor.execute(break_it)
        try:
            assert broken() == {name: 1}
        finally:
            cursor.execute(mend_it)
    assert broken() == {}


def test_the_command_says_ok_a_line_a_check_and_names_nobody(lived: SimpleNamespace) -> None:
    said = StringIO()
    call_command("verify_integrity", stdout=said)
    lines = said.getvalue().splitlines()
    assert {line.split()[0] for line in lines} == {"ok"}
    assert {*BREAKS, "contacts", "files", "keys", "policies"} == {
        line[7:].partition(":")[0] for line in lines
    }
    assert "@" not in said.getvalue()


def test_the_command_ends_with_status_1_where_something_is_broken(lived: SimpleNamespace) -> None:
    with tenancy.in_workspace(lived.id), connection.cursor() as cursor:
        cursor.execute(BREAKS["received"])
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_integrity", stdout=said)
    assert ended.value.code == 1
    (line,) = [line for line in said.getvalue().splitlines() if line.startswith("broken")]
    assert line.startswith("broken received: ")
    assert str(lived.id) in line


def test_it_costs_the_same_whatever_the_workspace_holds(lived: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as before:
        verify_integrity()
    with tenancy.in_workspace(lived.id, lived.ana.id):
        mailbox = make_channel(lived, lived.ana, lived.one)
    mails = [write_mail("ana@ours.example", "jane@client.example") for _ in range(20)]
    arrive(lived, *(a_copy(mailbox, raw) for raw in mails))
    with CaptureQueriesContext(connection) as after:
        verify_integrity()
    assert len(after) == len(before)
    with tenancy.in_workspace(lived.id):
        assert Thread.objects.count() > 20
