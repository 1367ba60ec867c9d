"""From a stored delivery to what became of it: verdicts, the record, poison and crashes."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tenancy
from accounts.models import Member, MemberAddress, Role
from activities.models import (
    Activity,
    Assignment,
    Attachment,
    BlockedMail,
    Entry,
    Message,
    MessageBody,
    Sighting,
)
from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from bcc_inbound.models import Delivery, TrustedSender
from bcc_inbound.selectors import find_route
from bcc_inbound.services import process_deliveries as processing
from bcc_inbound.services.claim_deliveries import LEASE_SECONDS, Claimed, claim_deliveries
from bcc_inbound.services.process_deliveries import process_deliveries
from bcc_inbound.services.store_delivery import store_delivery
from tests.bcc_inbound.conftest import a_mail, deliveries, give_addresses, process_all

State = Delivery.State


def hand_over(
    to: str, mail: Any = None, *, trusted: bool = True, sender: str = "ana@ours.example"
) -> None:
    """What the door does with a mail once it has its bytes."""
    route = find_route(to)
    assert route is not None
    raw = mail if isinstance(mail, bytes) else bytes(mail or a_mail())
    store_delivery(route, raw=raw, envelope_sender=sender, peer="127.0.0.1", trusted_peer=trusted)


def claim(cast: SimpleNamespace) -> list[Claimed]:
    with tenancy.in_workspace(cast.id):
        return claim_deliveries(cast.id)


def activities_of(cast: SimpleNamespace) -> list[Activity]:
    with tenancy.in_workspace(cast.id):
        return list(Activity.objects.prefetch_related("assignments").order_by("id"))


def make_due(cast: SimpleNamespace) -> None:
    """Let the lease, or the time that a failed delivery waits, pass."""
    with tenancy.in_workspace(cast.id):
        Delivery.objects.filter(state=State.DUE).update(due_at=Now())


def test_a_members_mail_is_logged_as_theirs_and_its_bytes_move_to_the_blobs(
    live: SimpleNamespace,
) -> None:
    hand_over(live.to_one)
    assert process_all(live).settled == 1
    (kept,) = deliveries(live)
    assert (kept.state, kept.verdict, kept.sender_id) == (State.PROCESSED, "member", live.ana.id)
    assert kept.raw is None
    (activity,) = activities_of(live)
    assert (activity.state, activity.message_id) == (Activity.State.LOGGED, kept.message_id)
    with tenancy.in_workspace(live.id):
        sighting = Sighting.objects.get()
    assert (sighting.owner_id, sighting.provider_id) == (live.ana.id, str(kept.id))


@pytest.mark.parametrize(
    ("sender", "trusted", "verdict"),
    [
        ("ana@ours.example", False, "not_authenticated"),
        ("stranger@else.example", True, "not_a_member"),
        ("stranger@else.example", False, "not_a_member"),
        ("ana@ours.example, ben@ours.example", True, "several_senders"),
        ("ana@ours.example, no address", True, "several_senders"),
        ("team: ana@ours.example;", True, "several_senders"),
        ("nobody at all", True, "no_sender"),
    ],
)
def test_a_sender_who_is_not_proven_is_held_and_changes_nothing(
    live: SimpleNamespace, sender: str, trusted: bool, verdict: str
) -> None:
    raw = f"From: {sender}\nTo: jane@client.example\nSubject: x\n\nHello\n".encode()
    hand_over(live.to_one, raw, trusted=trusted)
    process_all(live)
    (held,) = deliveries(live)
    assert (held.state, held.verdict, held.sender_id) == (State.HELD, verdict, None)
    assert bytes(held.raw or b"") == raw
    assert activities_of(live) == []
    with tenancy.in_workspace(live.id):
        assert not Message.objects.exists()


def test_a_second_from_line_is_held(live: SimpleNamespace) -> None:
    hand_over(live.to_one, b"From: ana@ours.example\nFrom: ana@ours.example\nTo: x@y.example\n\nx")
    process_all(live)
    assert deliveries(live)[0].verdict == "several_senders"


def test_a_viewer_and_a_former_member_may_not_write(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Member.objects.filter(id=live.ben.id).update(role=Role.VIEWER)
    hand_over(live.to_one, a_mail("ben@ours.example"))
    process_all(live)
    with tenancy.in_workspace(live.id):
        Member.objects.filter(id=live.ben.id).update(
            role=Role.MEMBER, deactivated_at=timezone.now()
        )
    hand_over(live.to_one, a_mail("ben@ours.example"))
    process_all(live)
    assert [one.verdict for one in deliveries(live)] == ["may_not_write", "may_not_write"]


@pytest.mark.parametrize(("verified", "state"), [(True, State.PROCESSED), (False, State.HELD)])
def test_an_extra_address_counts_once_it_is_verified(
    live: SimpleNamespace, verified: bool, state: str
) -> None:
    with tenancy.in_workspace(live.id):
        MemberAddress.objects.create(
            workspace_id=live.id,
            member=live.ben,
            address="ben@home.example",
            origin=MemberAddress.Origin.EXTRA,
            verified_at=timezone.now() if verified else None,
        )
    hand_over(live.to_one, a_mail("Ben <ben+work@home.example>"))
    process_all(live)
    (one,) = deliveries(live)
    assert one.state == state
    assert (one.sender_id == live.ben.id) is verified


def test_a_trusted_sender_is_accepted_at_that_address_only(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        TrustedSender.objects.create(
            workspace_id=live.id,
            inbound_address_id=live.addresses["One"].id,
            address="form@website.example",
            trusted_by=live.ana,
        )
    mail = a_mail("form@website.example", "sales@ours.example")
    hand_over(live.to_one, mail)
    hand_over(live.to_two, mail)
    hand_over(live.to_one, a_mail("form@website.example"), trusted=False)
    process_all(live)
    assert [(one.state, one.verdict) for one in deliveries(live)] == [
        (State.PROCESSED, "trusted"),
        (State.HELD, "not_a_member"),
        (State.HELD, "not_a_member"),
    ]
    with tenancy.in_workspace(live.id):
        assert Sighting.objects.get().owner_id is None


def test_an_answer_to_a_kept_mail_is_accepted_from_its_participants_only(
    live: SimpleNamespace,
) -> None:
    hand_over(live.to_one, a_mail(message_id="<first@mail.example>"))
    answer = {"in_reply_to": "<first@mail.example>", "to": "ana@ours.example"}
    hand_over(live.to_one, a_mail("Jane <jane@client.example>", **answer))
    hand_over(live.to_one, a_mail("mallory@client.example", **answer))
    hand_over(live.to_one, a_mail("jane@client.example", in_reply_to="<other@mail.example>"))
    process_all(live)
    assert [one.verdict for one in deliveries(live)] == [
        "member",
        "reply",
        "not_a_member",
        "not_a_member",
    ]
    assert deliveries(live)[1].sender_id is None


def test_an_answer_is_accepted_only_where_the_answered_mail_is_kept(live: SimpleNamespace) -> None:
    """A customer of one project brings nothing into another; the whole workspace has its own."""
    hand_over(live.to_one, a_mail(message_id="<first@mail.example>"))
    process_all(live)
    for to in (live.to_two, live.to_all, live.to_one):
        hand_over(to, a_mail("jane@client.example", in_reply_to="<first@mail.example>"))
    process_all(live)
    verdicts = [one.verdict for one in deliveries(live)]
    assert verdicts == ["member", "not_a_member", "reply", "reply"]


def test_an_answer_is_accepted_in_the_project_where_a_person_recorded_the_mail(
    live: SimpleNamespace,
) -> None:
    hand_over(live.to_one, a_mail(message_id="<first@mail.example>"))
    process_all(live)
    with tenancy.in_workspace(live.id):
        two = live.addresses["Two"].project
        assert Assignment.objects.update(project=two) == 1
    for to in (live.to_two, live.to_one):
        hand_over(to, a_mail("jane+work@client.example", in_reply_to="<first@mail.example>"))
    process_all(live)
    assert [one.verdict for one in deliveries(live)[1:]] == ["reply", "reply"]


def test_an_answer_to_a_mail_that_nobody_could_assign_is_accepted_at_its_address(
    live: SimpleNamespace,
) -> None:
    hand_over(live.to_one, a_mail(to="z@nobody.example", message_id="<first@mail.example>"))
    process_all(live)
    for to in (live.to_two, live.to_one):
        hand_over(to, a_mail("z@nobody.example", in_reply_to="<first@mail.example>"))
    process_all(live)
    assert [one.verdict for one in deliveries(live)[1:]] == ["not_a_member", "reply"]


def test_a_blocked_mail_leaves_nothing_but_the_count_and_the_line(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Entry.objects.create(
            workspace_id=live.id, effect="block", kind="domain", value="lawyer.example"
        )
    mail = bytes(a_mail(to="x@lawyer.example", subject="Marker", text="Marker"))
    hand_over(live.to_one, mail)
    process_all(live)
    (one,) = deliveries(live)
    assert one.state == State.BLOCKED
    assert (one.raw, one.envelope_sender, one.header_from, one.peer, one.verdict, one.size) == (
        None,
        "",
        "",
        "",
        "",
        0,
    )
    assert activities_of(live) == []
    with tenancy.in_workspace(live.id, live.ana.id):
        assert BlockedMail.objects.count() == 1
    hand_over(live.to_one, mail)
    assert len(deliveries(live)) == 1


def test_a_blocked_mail_of_a_stranger_is_blocked_and_not_held(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Entry.objects.create(
            workspace_id=live.id, effect="block", kind="domain", value="lawyer.example"
        )
    hand_over(live.to_one, a_mail("x@lawyer.example"))
    process_all(live)
    assert deliveries(live)[0].state == State.BLOCKED


def test_a_mail_that_cannot_be_read_is_kept_unassigned_with_its_error(
    live: SimpleNamespace,
) -> None:
    head = b"From: ana@ours.example\nTo: jane@client.example\nSubject: big\n"
    hand_over(live.to_one, head + b"X-Filler: y\n" * 1_200 + b"\nHello\n")
    process_all(live)
    (one,) = deliveries(live)
    assert one.state == State.PROCESSED
    assert "1,000" in one.error
    assert [activity.state for activity in activities_of(live)] == [Activity.State.UNASSIGNED]


def test_a_mail_beyond_the_limit_is_kept_unread_with_its_bytes(live: SimpleNamespace) -> None:
    head = b"From: ana@ours.example\nTo: jane@client.example\nSubject: big\n\n"
    raw = head + b"x" * (25 * 1024 * 1024)
    hand_over(live.to_one, raw)
    process_all(live)
    (one,) = deliveries(live)
    assert one.state == State.PROCESSED
    assert "25 MB" in one.error
    assert bytes(one.raw or b"") == raw
    assert [activity.state for activity in activities_of(live)] == [Activity.State.UNASSIGNED]


def test_a_large_mail_is_read_whole_although_it_is_loaded_in_pieces(
    live: SimpleNamespace,
) -> None:
    mail = a_mail()
    content = bytes(range(256)) * 10_000
    mail.add_attachment(content, maintype="application", subtype="zip", filename="a.zip")
    hand_over(live.to_one, mail)
    process_all(live)
    with tenancy.in_workspace(live.id):
        attachment = Attachment.objects.get()
        body = MessageBody.objects.get()
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert body.raw_sha256 == hashlib.sha256(bytes(mail)).hexdigest()
    assert deliveries(live)[0].raw is None


def poisonous(match: str) -> Any:
    """log_messages, except that a batch with a certain subject in it breaks."""

    def log(workspace_id: uuid.UUID, copies: Sequence[IncomingCopy]) -> list[Result]:
        if any(copy.message.subject == match for copy in copies):
            raise DataError("the database cannot take this")
        return log_messages(workspace_id, copies)

    return log


def test_poison_waits_for_a_person_after_five_attempts_while_its_neighbours_flow(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "log_messages", poisonous("Poison"))
    for subject in ("one", "Poison", "two"):
        hand_over(live.to_one, a_mail(subject=subject))
    process_all(live)
    assert [one.state for one in deliveries(live)] == [
        State.PROCESSED,
        State.DUE,
        State.PROCESSED,
    ]
    for _ in range(4):
        make_due(live)
        process_all(live)
    poison = deliveries(live)[1]
    assert (poison.state, poison.attempts) == (State.ATTENTION, 5)
    assert "DataError" in poison.error
    assert poison.raw is not None
    assert "Poison" not in poison.error


def test_a_failed_delivery_waits_longer_each_time(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "log_messages", poisonous("Renewal"))
    hand_over(live.to_one)
    waits = []
    for _ in range(3):
        make_due(live)
        process_all(live)
        waits.append(deliveries(live)[0].due_at - timezone.now())
    assert waits[0] < waits[1] < waits[2]


def test_a_mail_that_kills_its_worker_is_tried_alone_and_then_left_to_a_person(
    live: SimpleNamespace,
) -> None:
    for subject in ("a", "b", "c"):
        hand_over(live.to_one, a_mail(subject=subject))
    assert len(claim(live)) == 3  # and the worker is gone
    make_due(live)
    for _ in range(4):
        (alone,) = claim(live)
        with tenancy.in_workspace(live.id):
            Delivery.objects.filter(id=alone.id).update(due_at=Now() - timedelta(days=1))
    process_all(live)
    assert [one.state for one in deliveries(live)] == [
        State.ATTENTION,
        State.PROCESSED,
        State.PROCESSED,
    ]
    assert "died" in deliveries(live)[0].error


def test_a_database_that_goes_away_blames_no_mail(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any) -> list[Result]:
        raise OperationalError("server closed the connection")

    hand_over(live.to_one)
    with monkeypatch.context() as broken:
        broken.setattr(processing, "log_messages", gone)
        with pytest.raises(OperationalError):
            process_deliveries(live.id)
    assert deliveries(live)[0].error == ""
    make_due(live)
    process_all(live)
    assert deliveries(live)[0].state == State.PROCESSED


class Killed(BaseException):
    """The worker is gone: nothing below catches this."""


@pytest.mark.parametrize("step", ["read_bytes", "understand", "log_messages", "settle_deliveries"])
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_ends_in_the_same_record(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    right = getattr(processing, step)

    def crash(*args: Any, **kwargs: Any) -> Any:
        if after:
            right(*args, **kwargs)
        raise Killed

    for subject in ("one", "two"):
        hand_over(live.to_one, a_mail(subject=subject))
    with monkeypatch.context() as broken:
        broken.setattr(processing, step, crash)
        with pytest.raises(Killed):
            process_deliveries(live.id)
    assert activities_of(live) == []
    assert process_all(live).claimed == 0  # leased until the lease ends
    make_due(live)
    process_all(live)
    assert [one.state for one in deliveries(live)] == [State.PROCESSED] * 2
    assert [len(one.assignments.all()) for one in activities_of(live)] == [1, 1]


def test_a_worker_whose_lease_ended_writes_nothing(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(live.to_one)

    def late(*args: Any, **kwargs: Any) -> Any:
        # While this worker slept, another one took the delivery.
        with monkeypatch.context() as right:
            right.setattr(processing, "read_bytes", read)
            make_due(live)
            process_all(live)
        return read(*args, **kwargs)

    read = processing.read_bytes
    monkeypatch.setattr(processing, "read_bytes", late)
    done = process_deliveries(live.id)
    assert (done.claimed, done.settled, done.put_off) == (1, 0, 0)
    assert len(activities_of(live)) == 1
    assert deliveries(live)[0].state == State.PROCESSED


def test_the_lease_is_counted_and_committed_before_the_work(live: SimpleNamespace) -> None:
    hand_over(live.to_one)
    (claimed,) = claim(live)
    assert claimed.attempt == 1
    assert claim(live) == []
    (one,) = deliveries(live)
    assert one.attempts == 1
    assert one.due_at - timezone.now() > timedelta(seconds=LEASE_SECONDS - 60)


def test_a_batch_is_bounded_by_number_and_by_bytes(live: SimpleNamespace) -> None:
    for _ in range(3):
        hand_over(live.to_one, bytes(a_mail()) + b"x" * 7_000_000)
    assert len(claim(live)) == 2
    assert len(claim(live)) == 1


def test_nothing_of_one_workspace_reaches_another(
    live: SimpleNamespace, rival: SimpleNamespace
) -> None:
    give_addresses(rival)
    hand_over(live.to_one)
    assert process_all(rival).claimed == 0
    process_all(live)
    assert len(activities_of(live)) == 1
    assert activities_of(rival) == []
    assert deliveries(rival) == []


def test_a_member_of_another_workspace_is_nobody_here(
    live: SimpleNamespace, rival: SimpleNamespace
) -> None:
    hand_over(live.to_one, a_mail("ana@rival.example"))
    process_all(live)
    assert deliveries(live)[0].verdict == "not_a_member"


def test_a_batch_costs_as_many_queries_as_one(
    transactional_db: None, live: SimpleNamespace
) -> None:
    def cost(count: int) -> int:
        for number in range(count):
            hand_over(live.to_one, a_mail(subject=f"{count} {number}"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert process_deliveries(live.id).settled == count
        return sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in seen.captured_queries)

    cost(1)
    one, many = cost(1), cost(40)
    assert one <= 13, one
    assert many <= one + 2, (one, many)
