"""What arrives at the same moment is still one message, one contact, one assignment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import tenancy
from activities.models import Activity, Assignment, Message, Sighting, Thread
from activities.services.choose_projects import take_thread_out
from contacts.models import Contact, Profile
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail

ROUNDS = 8


@pytest.fixture
def busy(transactional_db: None, request: pytest.FixtureRequest) -> SimpleNamespace:
    """The workspace, committed, with a mailbox each of Ana and Ben on project One."""
    cast = request.getfixturevalue("ours")
    with tenancy.in_workspace(cast.id):
        cast.boxes = [make_channel(cast, who, cast.one) for who in (cast.ana, cast.ben)]
        cast.inbound = make_channel(cast, None, cast.one, source="bcc")
    return cast


def at_once(*acts: Callable[[], object]) -> None:
    """Run the acts in threads of their own that start together; re-raise what goes wrong."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(run, act) for act in acts]:
            done.result(timeout=60)


def test_copies_that_arrive_at_the_same_moment_become_one_activity(busy: SimpleNamespace) -> None:
    for number in range(ROUNDS):
        raw = write_mail("jane@client.example", "ana@ours.example", subject=f"Round {number}")
        copies = [a_copy(box, raw) for box in busy.boxes]
        copies.append(a_copy(busy.inbound, raw, sender=busy.ana))
        at_once(*(lambda copy=copy: arrive(busy, copy) for copy in copies))
    with tenancy.in_workspace(busy.id):
        counts = [model.objects.count() for model in (Message, Activity, Assignment, Sighting)]
        assert counts == [ROUNDS, ROUNDS, ROUNDS, 3 * ROUNDS]


def test_a_newcomer_on_several_mails_at_once_becomes_one_contact(busy: SimpleNamespace) -> None:
    for number in range(ROUNDS):
        address = f"new{number}@acme.example"
        copies = [a_copy(box, write_mail(address, "ana@ours.example")) for box in busy.boxes]
        at_once(*(lambda copy=copy: arrive(busy, copy) for copy in copies))
    with tenancy.in_workspace(busy.id):
        assert Contact.objects.filter(company=busy.acme).count() == ROUNDS
        assert Profile.objects.filter(contact__company=busy.acme).count() == ROUNDS
        assert Assignment.objects.count() == 2 * ROUNDS


def test_answers_that_arrive_at_once_share_the_thread_of_a_mail_nobody_has(
    busy: SimpleNamespace,
) -> None:
    for number in range(ROUNDS):
        answers = [
            write_mail(
                "jane@client.example", "ana@ours.example", in_reply_to=f"<q{number}@x.example>"
            )
            for _ in busy.boxes
        ]
        copies = [a_copy(box, raw) for box, raw in zip(busy.boxes, answers, strict=True)]
        at_once(*(lambda copy=copy: arrive(busy, copy) for copy in copies))
    with tenancy.in_workspace(busy.id):
        roots = set(Message.objects.values_list("thread__root_id", flat=True))
        assert len(roots) == ROUNDS
        assert Thread.objects.filter(id__in=roots).count() == ROUNDS


def test_batches_in_opposite_order_never_block_each_other(busy: SimpleNamespace) -> None:
    for number in range(ROUNDS):
        mails = [
            write_mail(f"p{place}@acme.example", "ana@ours.example", subject=f"{number}")
            for place in range(12)
        ]
        one = [a_copy(busy.boxes[0], raw) for raw in mails]
        other = [a_copy(busy.boxes[1], raw) for raw in reversed(mails)]
        at_once(lambda one=one: arrive(busy, *one), lambda other=other: arrive(busy, *other))
    with tenancy.in_workspace(busy.id):
        assert Message.objects.count() == 12 * ROUNDS
        assert Sighting.objects.count() == 24 * ROUNDS


def test_a_batch_that_loses_the_race_for_one_message_still_writes_all_of_them(
    busy: SimpleNamespace,
) -> None:
    for number in range(ROUNDS):
        shared = write_mail("jane@client.example", "ana@ours.example", subject=f"Both {number}")
        alone = [
            write_mail("ana@ours.example", "jane@client.example", subject=f"{who} {number}")
            for who in ("first", "second")
        ]
        batches = [
            [a_copy(busy.inbound, raw, sender=who) for raw in (own, shared)]
            for own, who in zip(alone, (busy.ana, busy.ben), strict=True)
        ]
        at_once(*(lambda batch=batch: arrive(busy, *batch) for batch in batches))
    with tenancy.in_workspace(busy.id):
        assert Message.objects.count() == Activity.objects.count() == 3 * ROUNDS
        assert Sighting.objects.count() == 4 * ROUNDS
        assert all(one.participants.count() == 2 for one in Message.objects.all())


def test_an_answer_that_arrives_while_its_thread_is_taken_out_is_not_recorded_there(
    busy: SimpleNamespace,
) -> None:
    first = write_mail("jane@client.example", "ana@ours.example", message_id="<one@x.example>")
    answer = write_mail("jane@client.example", "ana@ours.example", in_reply_to="<one@x.example>")
    (logged,) = arrive(busy, a_copy(busy.boxes[0], first))
    chosen = Event()

    def take_out() -> None:
        with tenancy.in_workspace(busy.id, busy.ana.id):
            thread = Activity.objects.get(id=logged.activity_id).thread_id
            take_thread_out(busy.id, by=busy.ana, thread_id=thread, project_ids=[busy.one.id])
            chosen.set()
            sleep(0.5)

    def answers() -> None:
        assert chosen.wait(30)
        arrive(busy, a_copy(busy.boxes[0], answer))

    at_once(take_out, answers)
    with tenancy.in_workspace(busy.id):
        assert Assignment.objects.count() == 0
