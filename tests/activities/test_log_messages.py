"""The ingest: one batch in, the whole record out."""

from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from activities.models import (
    Activity,
    Assignment,
    Message,
    PendingParticipant,
    PrivateMessage,
    Sighting,
)
from contacts.models import Contact, ContactAddress, Profile
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail


def test_mail_to_a_contact_is_logged_on_the_profile_with_the_projects_interaction_type(
    inside: SimpleNamespace,
) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "jane@client.example")))
    assignment = Assignment.objects.get()
    assert (assignment.contact, assignment.project) == (inside.jane, inside.one)
    assert assignment.interaction_type == "Email"
    assert Activity.objects.get().state == "logged"


def test_mail_to_nobody_known_stays_private(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "z@nobody.example")))
    assert PrivateMessage.objects.get().rule == "R9"
    assert not Message.objects.exists()


def test_a_colleague_cannot_read_a_private_message(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "z@nobody.example")))
    with tenancy.in_workspace(inside.id, inside.ben.id):
        assert not PrivateMessage.objects.exists()


def test_two_mailboxes_with_one_mail_make_one_activity_with_two_sightings(
    inside: SimpleNamespace,
) -> None:
    raw = write_mail("jane@client.example", "ana@ours.example", cc="ben@ours.example")
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    arrive(inside, a_copy(make_channel(inside, inside.ben, inside.one), raw))
    assert (Activity.objects.count(), Assignment.objects.count()) == (1, 1)
    assert Sighting.objects.count() == 2


def test_a_contact_of_both_projects_waits_for_the_owner(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "mia@client.example")))
    waiting = PendingParticipant.objects.get()
    assert set(waiting.candidates) == {inside.one.id, inside.two.id}
    assert not Activity.objects.exists()


def test_a_companys_newcomer_becomes_a_contact_once(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    first = write_mail("New Person <new@acme.example>", "ana@ours.example")
    second = write_mail("new@acme.example", "ana@ours.example", subject="Again")
    arrive(inside, a_copy(mailbox, first), a_copy(mailbox, second))
    contact = Contact.objects.get(addresses__address="new@acme.example")
    assert (contact.name, contact.company) == ("New Person", inside.acme)
    assert Profile.objects.get(contact=contact).origin == "engine"
    assert Assignment.objects.filter(contact=contact).count() == 2


def test_bcc_to_nobody_known_is_unassigned(inside: SimpleNamespace) -> None:
    inbound = make_channel(inside, None, inside.one, source="bcc")
    raw = write_mail("ana@ours.example", "z@nobody.example")
    arrive(inside, a_copy(inbound, raw, sender=inside.ana))
    activity = Activity.objects.get()
    assert (activity.state, activity.group_domain) == ("unassigned", "nobody.example")


def test_what_bcc_left_unassigned_sync_can_assign(inside: SimpleNamespace) -> None:
    raw = write_mail("ana@ours.example", "omar@client.example")
    inbound = make_channel(inside, None, inside.one, source="bcc")
    arrive(inside, a_copy(inbound, raw, sender=inside.ana))
    assert Activity.objects.get().state == "unassigned"
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.two), raw))
    assert Activity.objects.get().state == "logged"
    assert Assignment.objects.get().project == inside.two


def test_the_same_batch_again_changes_nothing(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    copies = [
        a_copy(mailbox, write_mail("ana@ours.example", to))
        for to in ("jane@client.example", "z@nobody.example", "new@acme.example")
    ]
    first = arrive(inside, *copies)
    again = arrive(inside, *copies)
    assert all(result.known for result in again)
    assert [one.activity_id for one in first] == [one.activity_id for one in again]
    assert (Activity.objects.count(), ContactAddress.objects.count()) == (2, 4)


def test_an_answer_joins_the_thread_of_the_mail_it_answers(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    first = write_mail("ana@ours.example", "jane@client.example", message_id="<a@ours.example>")
    answer = write_mail("jane@client.example", "ana@ours.example", in_reply_to="<a@ours.example>")
    stranger = write_mail("jane@client.example", "ana@ours.example")
    for raw in (first, answer, stranger):
        arrive(inside, a_copy(mailbox, raw))
    threads = [one.thread.root_id for one in Message.objects.order_by("created_at", "id")]
    assert threads[0] == threads[1] != threads[2]


def test_the_number_of_queries_does_not_grow_with_the_batch(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)

    def queries(count: int) -> int:
        people = ["jane@client.example", "z@nobody.example", f"new{count}@acme.example"]
        copies = [
            a_copy(mailbox, write_mail("ana@ours.example", people[place % 3]))
            for place in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            arrive(inside, *copies)
        return len(captured)

    assert queries(100) <= queries(3) <= 14


def test_a_mail_joins_two_threads_that_its_own_batch_has_begun(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    one = write_mail("jane@client.example", "ana@ours.example", message_id="<a@x.example>")
    two = write_mail("jane@client.example", "ana@ours.example", message_id="<b@x.example>")
    both = write_mail(
        "jane@client.example", "ana@ours.example", references="<a@x.example> <b@x.example>"
    )
    arrive(inside, *(a_copy(mailbox, raw) for raw in (one, two, both)))
    assert len({message.thread.root_id for message in Message.objects.all()}) == 1
