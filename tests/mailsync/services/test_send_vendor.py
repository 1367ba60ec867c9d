"""Sending through Gmail and Microsoft 365: once, whatever becomes of the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.parser import BytesParser
from email.policy import default
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from accounts import tenancy
from activities.models import Activity, Assignment, Message, PrivateMessage, Sighting
from activities.selectors.visible import sight_of
from mailsync.models import Mailbox, OutgoingMail
from mailsync.problems import MailboxProblem
from mailsync.sandbox import mailboxes as boxes
from mailsync.sandbox.faults import Answer, Lie, Reset, Truncate
from mailsync.sandbox.server import Sandbox
from mailsync.services import send_mail as sending
from mailsync.services.choose_projects import choose_projects
from mailsync.services.compose_answer import begin, original_of
from mailsync.services.compose_draft import Written, save_draft
from mailsync.services.compose_senders import senders_of
from mailsync.services.connect_vendor import connect_vendor
from mailsync.services.outbox import give_up, hold_mail, send_again
from mailsync.services.send_mail import send_mail
from mailsync.services.set_up_mailbox import start_reading
from mailsync.services.vendors import vendor_of
from tests.mailsync.conftest import reload, sync
from tests.mailsync.google import connect_google
from tests.mailsync.mail import make_mail
from tests.mailsync.microsoft import consent

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State
ADDRESS, ALIAS = "ana@ours.example", "ana.alias@ours.example"
JANE = "jane@client.example"


@dataclass
class Desk:
    """Ana's mailbox at a vendor, set up for project One and read."""

    cast: SimpleNamespace
    sandbox: Sandbox
    vendor: str
    box: boxes.Mailbox
    mailbox: Mailbox

    @property
    def send_call(self) -> str:
        return {"google": "messages.send", "microsoft": "graph.send"}[self.vendor]

    @contextmanager
    def as_ana(self) -> Iterator[None]:
        with tenancy.in_workspace(self.cast.id, self.cast.ana.id):
            yield

    def fails(self, effect: Any, *, operation: str = "", **when: Any) -> None:
        self.sandbox.faults.choose(operation or self.send_call, effect, **when)

    def hold(self, to: str = JANE, *, sender: str = ADDRESS, **facts: Any) -> OutgoingMail:
        fields: dict[str, Any] = {"subject": "Offer", "text": "As agreed."} | facts
        answers = fields.pop("answers", {})
        written = Written(sender=f"{self.mailbox.id}:{sender}", to=to, **fields)
        with self.as_ana():
            by = self.cast.ana
            mail = save_draft(self.cast.id, by=by, written=written, answers=answers)
            return hold_mail(self.cast.id, by=by, mail_id=mail.id)

    def run(self, mail: OutgoingMail) -> OutgoingMail.State | None:
        """The next attempt, five minutes after the last."""
        past = Now() - timedelta(seconds=1)
        with self.as_ana():
            rows = OutgoingMail.objects.filter(id=mail.id)
            rows.filter(send_at__isnull=False).update(send_at=past)
            rows.filter(leased_until__isnull=False).update(leased_until=past)
            rows.update(offered_at=F("offered_at") - timedelta(minutes=5))
        return send_mail(self.cast.id, mail_id=mail.id, owner_id=self.cast.ana.id)

    def row(self, mail: OutgoingMail) -> OutgoingMail:
        with self.as_ana():
            return OutgoingMail.objects.select_related("mailbox").get(id=mail.id)

    def sent(self) -> list[boxes.Message]:
        roles = {one.id for one in self.box.folders.values() if one.role == "sent"}
        return [one for one in self.box.messages.values() if roles & set(one.scopes)]

    def raw(self, message: boxes.Message) -> Any:
        raw = self.sandbox.mailboxes.raw(self.box.address, message.id)
        return BytesParser(policy=default).parsebytes(raw)

    def receive(self, number: int = 1, **headers: str) -> boxes.Message:
        inbox = next(one.id for one in self.box.folders.values() if one.role == "inbox")
        with self.sandbox.lock:
            return self.sandbox.mailboxes.deliver(
                self.box.address, make_mail(number, **headers), scopes=[inbox]
            )

    def calls(self) -> int:
        return self.sandbox.log.counts(self.box.address)[self.send_call]

    def sources(self) -> list[list[str]]:
        """Of each activity, where its copies come from."""
        with self.as_ana():
            return [
                sorted(
                    Sighting.objects.filter(message=one.message_id).values_list(
                        "channel__source", flat=True
                    )
                )
                for one in Activity.objects.order_by("id")
            ]


@pytest.fixture(params=["google", "microsoft"])
def desk(request: pytest.FixtureRequest, ours: SimpleNamespace, sandbox: Sandbox) -> Desk:
    return set_up(ours, sandbox, request.param)


@pytest.fixture
def gmail(ours: SimpleNamespace, sandbox: Sandbox) -> Desk:
    return set_up(ours, sandbox, "google")


@pytest.fixture
def graph(ours: SimpleNamespace, sandbox: Sandbox) -> Desk:
    return set_up(ours, sandbox, "microsoft")


def set_up(cast: SimpleNamespace, sandbox: Sandbox, vendor: str, *, send: bool = True) -> Desk:
    app = {"google": sandbox.google, "microsoft": sandbox.microsoft}[vendor]
    with sandbox.lock:
        box = app.add_account(ADDRESS, name="Ana", aliases=[ALIAS])
    grant = (connect_google if vendor == "google" else consent)(ADDRESS, send=send)
    provider = Mailbox.Provider.GMAIL if vendor == "google" else Mailbox.Provider.GRAPH
    found = vendor_of(provider)
    assert found is not None
    mailbox = connect_vendor(cast.id, by=cast.ana, vendor=found, grant=grant)
    here = {"by": cast.ana, "mailbox_id": mailbox.id}
    with tenancy.in_workspace(cast.id, cast.ana.id):
        choose_projects(cast.id, project_ids=[cast.one.id], **here)
        start_reading(cast.id, **here)
    sync(reload(mailbox))
    sandbox.log.clear()
    return Desk(cast, sandbox, vendor, box, reload(mailbox))


def test_a_mail_is_sent_once_and_its_copy_is_the_same_activity(desk: Desk) -> None:
    mail = desk.hold(f"Jane <{JANE}>", bcc="boss@ours.example")
    assert desk.run(mail) is State.SENT
    assert desk.run(mail) is None
    (copy,) = desk.sent()
    assert desk.raw(copy)["Bcc"] == "boss@ours.example"
    assert desk.row(mail).provider_ref == copy.id
    sync(desk.mailbox)
    assert desk.sources() == [["sent", "sync"]]
    with desk.as_ana():
        assert Assignment.objects.count() == 1
        assert "boss@" not in str(list(Message.objects.values_list("headers", flat=True)))


@pytest.mark.parametrize("effect", [Reset(after=True), Reset(after=True, orderly=True)])
def test_an_answer_that_never_came_is_no_second_mail(desk: Desk, effect: Reset) -> None:
    desk.fails(effect)
    mail = desk.hold()
    assert desk.run(mail) is State.UNKNOWN
    assert "looking for it" in desk.row(mail).error
    assert desk.run(mail) is State.SENT
    assert len(desk.sent()) == desk.calls() == 1
    sync(desk.mailbox)
    assert desk.sources() == [["sent", "sync"]]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "5"}])
def test_an_error_of_the_server_may_hide_a_mail_that_was_sent(
    desk: Desk, status: int, headers: dict[str, str]
) -> None:
    desk.fails(Answer(status, b"<html>oops</html>", headers))
    mail = desk.hold()
    assert desk.run(mail) is State.UNKNOWN
    assert {desk.run(mail) for _ in range(3)} == {State.UNKNOWN}
    assert desk.run(mail) is None
    assert desk.calls() == 1


def test_half_an_answer_of_gmail_is_an_answer_that_never_came(gmail: Desk) -> None:
    gmail.fails(Truncate())
    mail = gmail.hold()
    assert gmail.run(mail) is State.UNKNOWN
    assert gmail.run(mail) is State.SENT
    assert gmail.calls() == 1


def test_looks_go_on_for_a_while_and_then_the_writer_is_asked(desk: Desk) -> None:
    desk.fails(Reset())
    mail = desk.hold()
    pauses = []
    while desk.run(mail) is State.UNKNOWN and (due := desk.row(mail).send_at):
        pauses.append(due - timezone.now())
    assert len(pauses) == 3
    assert pauses == sorted(pauses)
    row = desk.row(mail)
    assert (row.state, row.send_at, desk.calls()) == (State.UNKNOWN, None, 1)
    assert "Ask a recipient" in row.error
    with desk.as_ana():
        send_again(desk.cast.id, by=desk.cast.ana, mail_id=mail.id)
    assert desk.run(mail) is State.SENT
    assert len(desk.sent()) == 1


def test_a_copy_that_graph_files_later_is_found_then(graph: Desk) -> None:
    graph.fails(Lie("late"))
    graph.fails(Reset(after=True))
    mail = graph.hold()
    assert graph.run(mail) is State.UNKNOWN
    assert graph.run(mail) is State.UNKNOWN
    with graph.sandbox.lock:
        graph.sandbox.microsoft.graph.sending.file()
    assert graph.run(mail) is State.SENT
    assert len(graph.sent()) == graph.calls() == 1
    sync(graph.mailbox)
    assert graph.sources() == [["sent", "sync"]]


def test_a_copy_that_is_filed_after_the_mail_was_recorded_is_known_by_its_id(graph: Desk) -> None:
    graph.fails(Lie("late"))
    mail = graph.hold()
    assert graph.run(mail) is State.SENT
    assert graph.row(mail).provider_ref == ""
    with graph.sandbox.lock:
        graph.sandbox.microsoft.graph.sending.file()
    sync(graph.mailbox)
    assert graph.sources() == [["sent", "sync"]]


def test_gmail_may_rewrite_the_message_id(gmail: Desk) -> None:
    gmail.fails(Lie("rename"))
    mail = gmail.hold()
    assert gmail.run(mail) is State.SENT
    (copy,) = gmail.sent()
    assert copy.message_id.endswith("@mail.gmail.com>")
    sync(gmail.mailbox)
    assert gmail.sources() == [["sent", "sync"]]


@pytest.mark.parametrize("lie", ["rename", "late"])
def test_a_mail_that_was_taken_and_not_recorded_is_recorded_later_without_a_look(
    desk: Desk, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.fails(Lie(lie))
    mail = desk.hold()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "record_sent", stumble)
        assert desk.run(mail) is State.UNKNOWN
    assert "was sent" in desk.row(mail).error
    cast = desk.cast
    for again in (send_again, give_up):
        with tenancy.in_workspace(cast.id, cast.ana.id), pytest.raises(MailboxProblem):
            again(cast.id, by=cast.ana, mail_id=desk.row(mail).id)
    assert desk.run(mail) is State.SENT
    assert desk.calls() == 1
    with desk.sandbox.lock:
        desk.sandbox.microsoft.graph.sending.file()
    sync(desk.mailbox)
    assert desk.sources() == [["sent", "sync"]]


def stumble(*args: Any) -> Any:
    raise RuntimeError


@pytest.mark.parametrize(
    ("to", "copies"), [(JANE, ["sent", "sync"]), ("zoe@new.example", ["sent"])]
)
def test_a_rewritten_copy_that_sync_reads_first_is_one_activity(
    gmail: Desk, to: str, copies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gmail.fails(Lie("rename"))
    mail = gmail.hold(to)
    real = sending.record_sent

    def overtaken(*args: Any) -> Any:
        sync(gmail.mailbox)
        return real(*args)

    monkeypatch.setattr(sending, "record_sent", overtaken)
    assert gmail.run(mail) is State.SENT
    assert gmail.sources() == [copies]
    row = gmail.row(mail)
    with gmail.as_ana():
        activity = Activity.objects.get()
        assert row.activity_id == activity.id
        # What sync had kept private stands beside it, as the same mail.
        private = PrivateMessage.objects.values_list("fingerprint", flat=True)
        assert {bytes(one) for one in private} <= {bytes(activity.message.fingerprint)}


def test_a_throttled_mail_waits_as_told(desk: Desk) -> None:
    desk.fails(Answer(429, b"{}", {"Retry-After": "300"}))
    mail = desk.hold()
    assert desk.run(mail) is State.HELD
    row = desk.row(mail)
    assert row.send_at is not None
    assert 290 < (row.send_at - timezone.now()).total_seconds() < 310
    assert row.offered_at is None
    assert "sends this mail by itself" in row.error
    assert desk.run(mail) is State.SENT
    assert len(desk.sent()) == 1


def test_a_vendor_that_cannot_be_reached_has_taken_nothing(desk: Desk) -> None:
    mail = desk.hold()
    desk.sandbox.stop()
    assert desk.run(mail) is State.HELD
    assert desk.row(mail).offered_at is None


def test_a_refused_mail_is_a_draft_again(desk: Desk) -> None:
    desk.fails(Answer(400, b'{"error": {"code": "ErrorInvalidRecipients"}}'))
    mail = desk.hold()
    assert desk.run(mail) is State.FAILED
    assert "addresses" in desk.row(mail).error
    assert desk.row(mail).is_editable


def test_sending_that_was_never_allowed_is_a_sentence_and_no_retry(
    ours: SimpleNamespace, sandbox: Sandbox, desk: Desk
) -> None:
    mail = desk.hold()
    with sandbox.lock:
        take_right(desk)
    assert desk.run(mail) is State.FAILED
    row = desk.row(mail)
    assert "not given the right to send" in row.error
    assert not row.mailbox.can_send
    with desk.as_ana():
        assert senders_of(ours.id, ours.ana) == []
    browser = Client()
    browser.force_login(ours.ana.user)
    page = browser.get("/w/ours/outbox/").content.decode()
    assert "Allow sending" in page
    assert f"/w/ours/mailboxes/{desk.mailbox.id}/visit/" in page


def take_right(desk: Desk) -> None:
    """The owner took the right to send away at the vendor."""
    body = {
        "google": b'{"error": {"code": 403, "errors": [{"reason": "insufficientPermissions"}]}}',
        "microsoft": b'{"error": {"code": "ErrorAccessDenied"}}',
    }
    desk.fails(Answer(403, body[desk.vendor]))


def test_a_revoked_grant_is_a_sentence_and_no_retry(desk: Desk) -> None:
    mail = desk.hold()
    app = {"google": desk.sandbox.google, "microsoft": desk.sandbox.microsoft}[desk.vendor]
    with desk.sandbox.lock:
        app.revoke(ADDRESS)
    assert desk.run(mail) is State.FAILED
    assert "econnect" in desk.row(mail).error
    assert desk.sent() == []


def test_a_look_with_a_revoked_grant_says_nothing_about_the_mail(desk: Desk) -> None:
    desk.fails(Reset(after=True))
    mail = desk.hold()
    desk.run(mail)
    app = {"google": desk.sandbox.google, "microsoft": desk.sandbox.microsoft}[desk.vendor]
    with desk.sandbox.lock:
        app.revoke(ADDRESS)
    assert desk.run(mail) is State.UNKNOWN
    assert len(desk.sent()) == 1


def test_mail_goes_out_from_an_alias(desk: Desk) -> None:
    with desk.as_ana():
        offered = [one.address for one in senders_of(desk.cast.id, desk.cast.ana)]
    assert offered == [ADDRESS, ALIAS]
    mail = desk.hold(sender=ALIAS)
    assert desk.run(mail) is State.SENT
    (copy,) = desk.sent()
    assert ALIAS in desk.raw(copy)["From"]
    sync(desk.mailbox)
    assert desk.sources() == [["sent", "sync"]]


def test_an_alias_that_graph_no_longer_allows_is_named(graph: Desk) -> None:
    mail = graph.hold(sender=ALIAS)
    graph.box.aliases = ()
    assert graph.run(mail) is State.FAILED
    assert "send from that address" in graph.row(mail).error
    assert reload(graph.mailbox).can_send


def answer_to(desk: Desk, text: str = "Hello") -> OutgoingMail:
    """Hold an answer to the one activity that there is."""
    with desk.as_ana():
        sight = sight_of(desk.cast.id, desk.cast.ana)
        original = original_of(sight, "reply", Activity.objects.order_by("-id")[0].id)
        start = begin(desk.cast.ana, original, text)
    return desk.hold(start.to, subject=start.subject, answers=start.answers)


def test_an_answer_stays_in_the_thread(desk: Desk) -> None:
    first = desk.receive(1)
    sync(desk.mailbox)
    mail = answer_to(desk)
    assert desk.run(mail) is State.SENT
    (copy,) = desk.sent()
    assert copy.thread_id == first.thread_id
    raw = desk.raw(copy)
    assert raw["In-Reply-To"] == raw["References"] == first.message_id
    sync(desk.mailbox)
    with desk.as_ana():
        assert len(set(Message.objects.values_list("thread__root_id", flat=True))) == 1


def test_a_thread_that_gmail_no_longer_has_is_begun_anew(gmail: Desk) -> None:
    first = gmail.receive(1)
    sync(gmail.mailbox)
    mail = answer_to(gmail)
    with gmail.sandbox.lock:
        gmail.sandbox.mailboxes.delete(ADDRESS, first.id)
    assert gmail.run(mail) is State.SENT
    assert len(gmail.sent()) == 1


def test_an_answer_to_sent_mail_refers_to_it_and_to_what_that_answered(desk: Desk) -> None:
    first = desk.receive(1)
    sync(desk.mailbox)
    desk.run(answer_to(desk))
    (second,) = desk.sent()
    sync(desk.mailbox)
    desk.run(answer_to(desk))
    third = desk.raw(desk.sent()[-1])
    assert third["In-Reply-To"] == second.message_id
    assert third["References"].split() == [first.message_id, second.message_id]
    assert third["To"] == JANE or JANE in third["To"]
