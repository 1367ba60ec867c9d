"""Sending through real servers for submission and IMAP: once, and never not at all."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts import tenancy
from accounts.models import AuditEvent
from activities.models import Activity, Assignment, MessageBody, Sighting
from activities.services.entries import add_entry
from mailsync.models import Mailbox, OutgoingFile, OutgoingMail
from mailsync.problems import MailboxProblem
from mailsync.providers import imap
from mailsync.providers.errors import Transient
from mailsync.services import send_mail as sending
from mailsync.services.compose_draft import Written, save_draft
from mailsync.services.compose_mime import LetterFile
from mailsync.services.outbox import (
    MOST_A_MINUTE,
    confirm_sent,
    give_up,
    hold_mail,
    send_again,
    take_back,
)
from mailsync.services.send_mail import send_mail
from mailsync.services.send_server import OutgoingServer, set_outgoing_server
from tests.mailsync.conftest import Account, connect, reload, sync
from tests.mailsync.submission import Submission, submission

__all__ = ["submission"]

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State


class Killed(BaseException):
    """As if the process ended here."""


@pytest.fixture
def office(
    ours: SimpleNamespace, account: Account, submission: Submission, settings: Any
) -> SimpleNamespace:
    """Ana's mailbox on both projects, with a server for what she sends."""
    settings.MAIL_ALLOW_PRIVATE_HOSTS = True
    ours.mailbox = connect(ours, ours.ana, account, ours.one, ours.two)
    ours.account, ours.submission = account, submission
    server = OutgoingServer(submission.host, submission.port, "none")
    set_outgoing_server(ours.id, by=ours.ana, mailbox_id=ours.mailbox.id, server=server)
    reload(ours.mailbox)
    return ours


@contextmanager
def as_ana(cast: SimpleNamespace) -> Iterator[None]:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        yield


def draft(cast: SimpleNamespace, to: str, **facts: Any) -> OutgoingMail:
    sender = f"{cast.mailbox.id}:{cast.mailbox.address}"
    fields: dict[str, Any] = {"subject": "Offer", "text": "As agreed."} | facts
    with as_ana(cast):
        return save_draft(cast.id, by=cast.ana, written=Written(sender=sender, to=to, **fields))


def hold(cast: SimpleNamespace, to: str, **facts: Any) -> OutgoingMail:
    mail = draft(cast, to, **facts)
    with as_ana(cast):
        return hold_mail(cast.id, by=cast.ana, mail_id=mail.id)


def make_due(cast: SimpleNamespace, mail: OutgoingMail) -> None:
    """The ten seconds, or a pause or the lease of a worker that died, are over."""
    past = Now() - timedelta(seconds=1)
    with as_ana(cast):
        rows = OutgoingMail.objects.filter(id=mail.id)
        rows.filter(send_at__isnull=False).update(send_at=past)
        rows.filter(leased_until__isnull=False).update(leased_until=past)
        rows.update(offered_at=F("offered_at") - timedelta(minutes=5))


def run(cast: SimpleNamespace, mail: OutgoingMail) -> OutgoingMail.State | None:
    make_due(cast, mail)
    return send_mail(cast.id, mail_id=mail.id, owner_id=cast.ana.id)


def fresh(cast: SimpleNamespace, mail: OutgoingMail) -> OutgoingMail:
    with as_ana(cast):
        return OutgoingMail.objects.get(id=mail.id)


def send(cast: SimpleNamespace, to: str, **facts: Any) -> Activity | None:
    mail = hold(cast, to, **facts)
    assert run(cast, mail) is State.SENT
    with as_ana(cast):
        return OutgoingMail.objects.select_related("activity").get(id=mail.id).activity


def places(cast: SimpleNamespace, activity: Activity | None) -> list[str]:
    with as_ana(cast):
        rows = Assignment.objects.filter(activity=activity).select_related("contact", "project")
        return sorted(f"{row.contact} in {row.project}" for row in rows)


def test_an_address_that_no_header_can_carry_is_named_and_nothing_is_sent(
    office: SimpleNamespace,
) -> None:
    address = "jörg@ours.example"
    with as_ana(office):
        Mailbox.objects.filter(id=office.mailbox.id).update(aliases=[address])
        written = Written(
            sender=f"{office.mailbox.id}:{address}", to="jane@client.example", subject="Offer"
        )
        mail = save_draft(office.id, by=office.ana, written=written)
        with pytest.raises(MailboxProblem, match=address) as refused:
            hold_mail(office.id, by=office.ana, mail_id=mail.id)
    assert refused.value.field == "sender"
    assert fresh(office, mail).state == State.DRAFT


def test_a_sent_mail_is_handed_over_filed_and_logged(office: SimpleNamespace) -> None:
    activity = send(office, "Jane <jane@client.example>", bcc="boss@ours.example")
    (taken,) = office.submission.taken
    assert taken.recipients == ["jane@client.example", "boss@ours.example"]
    assert b"boss@" not in taken.raw
    assert places(office, activity) == ["Jane in One"]
    office.account.client.select_folder("Sent")
    assert len(office.account.client.search(["ALL"])) == 1
    with as_ana(office):
        body = MessageBody.objects.get(message__activity=activity)
        assert body.text.strip() == "As agreed."
        verbs = AuditEvent.objects.values_list("verb", "after")
        assert "As agreed" not in str(list(verbs))
        assert "mail sent" in [verb for verb, _ in verbs]


def test_the_row_of_a_sent_mail_keeps_nothing_of_it(office: SimpleNamespace) -> None:
    mail = hold(
        office,
        "jane@client.example",
        new_files=[LetterFile("plan.pdf", "application/pdf", b"%PDF")],
    )
    run(office, mail)
    row = fresh(office, mail)
    assert (row.to, row.subject, row.text, row.answers) == ("", "", "", {})
    with as_ana(office):
        assert not OutgoingFile.objects.exists()
        assert row.activity_id is not None


def test_the_copy_that_sync_brings_is_the_same_activity(office: SimpleNamespace) -> None:
    activity = send(office, "jane@client.example")
    sync(office.mailbox)
    with as_ana(office):
        assert Activity.objects.count() == 1
        copies = Sighting.objects.filter(message__activity=activity)
        assert sorted(copies.values_list("channel__source", flat=True)) == ["sent", "sync"]


def test_a_copy_whose_message_id_was_rewritten_is_known_by_its_ref(
    office: SimpleNamespace,
) -> None:
    activity = send(office, "jane@client.example")
    client = office.account.client
    client.select_folder("Sent")
    (uid,) = client.search(["ALL"])
    raw = client.fetch([uid], ["BODY[]"])[uid][b"BODY[]"]
    client.delete_messages([uid])
    client.expunge([uid])
    head, _, rest = raw.partition(b"Message-ID: <")
    client.append("Sent", head + b"Message-ID: <rewritten-" + rest)
    (uid,) = client.search(["ALL"])
    with as_ana(office):
        row = OutgoingMail.objects.get()
    with office.account.provider() as provider:
        (ref,) = provider.find(f"rewritten-{row.message_id}")
    with as_ana(office):
        OutgoingMail.objects.update(provider_ref=ref)
    sync(office.mailbox)
    with as_ana(office):
        assert list(Activity.objects.values_list("id", flat=True)) == [activity.id]  # type: ignore[union-attr]


def test_within_ten_seconds_it_is_taken_back_to_the_drafts(office: SimpleNamespace) -> None:
    mail = hold(office, "jane@client.example")
    assert send_mail(office.id, mail_id=mail.id, owner_id=office.ana.id) is None
    with as_ana(office):
        take_back(office.id, by=office.ana, mail_id=mail.id)
    assert run(office, mail) is None
    row = fresh(office, mail)
    assert (row.state, row.text) == (State.DRAFT, "As agreed.")
    assert office.submission.taken == []


def test_once_it_is_on_its_way_it_cannot_be_taken_back(office: SimpleNamespace) -> None:
    mail = hold(office, "jane@client.example")
    run(office, mail)
    with as_ana(office), pytest.raises(MailboxProblem, match="too late"):
        take_back(office.id, by=office.ana, mail_id=mail.id)


def test_a_worker_that_dies_before_the_server_is_asked_is_followed_by_another(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = hold(office, "jane@client.example")
    with monkeypatch.context() as patched:
        patched.setattr(sending, "open_provider", die)
        with pytest.raises(Killed):
            run(office, mail)
    assert send_mail(office.id, mail_id=mail.id, owner_id=office.ana.id) is None
    assert run(office, mail) is State.SENT
    assert len(office.submission.taken) == 1


def test_a_worker_that_dies_after_the_mail_was_filed_sends_nothing_twice(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = hold(office, "jane@client.example")
    with monkeypatch.context() as patched:
        patched.setattr(sending, "record_sent", die)
        with pytest.raises(Killed):
            run(office, mail)
    assert fresh(office, mail).state == State.SENDING
    assert run(office, mail) is State.SENT
    assert len(office.submission.taken) == 1
    with as_ana(office):
        assert Activity.objects.count() == 1


def test_a_worker_that_dies_between_server_and_sent_leaves_the_word_to_the_writer(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = hold(office, "jane@client.example")
    with monkeypatch.context() as patched:
        patched.setattr(imap, "file_sent_copy", die)
        with pytest.raises(Killed):
            run(office, mail)
    for _ in range(6):
        run(office, mail)
    row = fresh(office, mail)
    assert (row.state, row.send_at) == (State.UNKNOWN, None)
    assert "may have been sent" in row.error
    assert len(office.submission.taken) == 1
    with as_ana(office):
        confirm_sent(office.id, by=office.ana, mail_id=mail.id)
    assert run(office, mail) is State.SENT
    assert len(office.submission.taken) == 1
    with as_ana(office):
        assert Activity.objects.count() == 1


def test_an_answer_that_never_came_is_not_followed_by_a_second_mail(
    office: SimpleNamespace,
) -> None:
    office.submission.cuts.add("DATA")
    mail = hold(office, "jane@client.example")
    assert run(office, mail) is State.UNKNOWN
    office.submission.cuts.clear()
    assert run(office, mail) is State.UNKNOWN
    assert len(office.submission.taken) == 1
    with as_ana(office):
        send_again(office.id, by=office.ana, mail_id=mail.id)
    assert run(office, mail) is State.SENT
    first, second = office.submission.taken
    assert first.raw == second.raw


def test_a_look_that_fails_never_leads_to_a_second_mail(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.submission.cuts.add("DATA")
    mail = hold(office, "jane@client.example")
    run(office, mail)
    office.submission.cuts.clear()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "open_provider", away)
        assert run(office, mail) is State.UNKNOWN
    run(office, mail)
    assert len(office.submission.taken) == 1


def test_a_server_that_is_away_is_asked_again_and_then_the_mail_goes_out(
    office: SimpleNamespace,
) -> None:
    office.submission.answers["DATA"] = "451 try later"
    mail = hold(office, "jane@client.example")
    assert run(office, mail) is State.HELD
    row = fresh(office, mail)
    assert row.error
    assert row.send_at is not None
    assert row.send_at > timezone.now()
    office.submission.answers.clear()
    assert run(office, mail) is State.SENT
    assert len(office.submission.taken) == 1


def test_a_server_that_stays_away_ends_in_words_and_not_in_silence(
    office: SimpleNamespace,
) -> None:
    office.submission.stop()
    mail = hold(office, "jane@client.example")
    states = [run(office, mail) for _ in range(sending.MOST_ATTEMPTS)]
    assert states[-1] is State.FAILED
    assert set(states[:-1]) == {State.HELD}
    assert "could not be reached" in fresh(office, mail).error


def test_a_refused_recipient_is_named_and_the_mail_can_be_changed(
    office: SimpleNamespace,
) -> None:
    office.submission.answers["RCPT"] = "550 unknown user"
    mail = hold(office, "jane@client.example")
    assert run(office, mail) is State.FAILED
    row = fresh(office, mail)
    assert "jane@client.example: unknown user" in row.error
    assert row.is_editable


def test_two_workers_send_it_once(office: SimpleNamespace) -> None:
    mail = hold(office, "jane@client.example")
    assert run(office, mail) is State.SENT
    assert run(office, mail) is None
    assert len(office.submission.taken) == 1


def test_a_worker_that_was_stopped_past_its_lease_hands_nothing_over(
    office: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = hold(office, "jane@client.example")
    real = sending.open_provider

    def overtaken(mailbox: Mailbox) -> Any:
        with as_ana(office):
            OutgoingMail.objects.filter(id=mail.id).update(fence=F("fence") + 1)
        return real(mailbox)

    monkeypatch.setattr(sending, "open_provider", overtaken)
    assert run(office, mail) is None
    assert office.submission.taken == []


def test_mail_of_a_member_who_left_is_not_sent(office: SimpleNamespace) -> None:
    mail = hold(office, "jane@client.example")
    with as_ana(office):
        type(office.ana).objects.filter(id=office.ana.id).update(deactivated_at=Now())
    assert run(office, mail) is None
    assert office.submission.taken == []


def test_what_an_entry_blocks_is_sent_and_nothing_of_it_is_kept(office: SimpleNamespace) -> None:
    with as_ana(office):
        add_entry(
            office.id, by=office.ana, text="lawyer.example", effect="block", for_workspace=True
        )
    assert send(office, "x@lawyer.example, jane@client.example") is None
    assert len(office.submission.taken) == 1
    with as_ana(office):
        assert not Activity.objects.exists()


def test_more_mails_in_a_minute_than_a_person_writes_are_refused(office: SimpleNamespace) -> None:
    for _ in range(MOST_A_MINUTE):
        hold(office, "jane@client.example")
    with pytest.raises(MailboxProblem, match="within a minute"):
        hold(office, "jane@client.example")


def test_a_mail_nobody_knows_of_can_become_a_draft_again(office: SimpleNamespace) -> None:
    office.submission.cuts.add("DATA")
    mail = hold(office, "jane@client.example")
    run(office, mail)
    with as_ana(office):
        assert give_up(office.id, by=office.ana, mail_id=mail.id).state == State.DRAFT


def test_ben_cannot_see_what_ana_writes(office: SimpleNamespace) -> None:
    draft(office, "jane@client.example")
    with tenancy.in_workspace(office.id, office.ben.id):
        assert not OutgoingMail.objects.exists()


def die(*args: Any, **kwargs: Any) -> Any:
    raise Killed


def away(*args: Any, **kwargs: Any) -> Any:
    raise Transient


def test_a_sweep_finds_what_is_due_without_any_wake_up(office: SimpleNamespace) -> None:
    mail = hold(office, "jane@client.example")
    assert tenancy.call("mailsync_outbox_due", 10) == []
    make_due(office, mail)
    assert tenancy.call("mailsync_outbox_due", 10) == [
        (uuid.UUID(str(office.id)), mail.id, office.ana.id)
    ]
