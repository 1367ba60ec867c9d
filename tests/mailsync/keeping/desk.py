"""A vendor's mailbox at the sandbox, connected to the product, and the person who uses it."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db.models.functions import Now

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, Assignment, PrivateMessage, Sighting
from mailsync.models import Folder, Mailbox
from mailsync.providers.grants import Grant
from mailsync.sandbox.faults import Answer, Effect, Lie
from mailsync.sandbox.google_errors import rate_limited
from mailsync.sandbox.mailboxes import Message
from mailsync.sandbox.server import Sandbox
from mailsync.services.choose_projects import set_projects
from mailsync.services.connect_vendor import connect_vendor, reconnect_vendor
from mailsync.services.sync_mailbox import Run, sync_mailbox
from mailsync.services.vendors import vendor_of
from tests.mailsync.conftest import pass_the_quiet, reload
from tests.mailsync.google import connect_google
from tests.mailsync.mail import make_mail, when
from tests.mailsync.microsoft import consent

VENDORS = ("gmail", "graph")
STRANGER = "Zoe <zoe@new.example>"
_OPERATIONS = {
    "gmail": {"past": "messages.list", "news": "history.list", "fetch": "batch"},
    "graph": {"past": "graph.delta", "news": "graph.delta", "fetch": "graph.delta"},
}


@dataclass
class Desk:
    """One account of one vendor. Places are inbox, sent and outside (which nobody selected)."""

    sandbox: Sandbox
    vendor: str
    address: str = "ana@ours.example"

    def __post_init__(self) -> None:
        with self.sandbox.lock:
            if self.vendor == "gmail":
                self.box = self.sandbox.google.add_account(self.address, "Ana")
                outside = self.sandbox.google.add_label(self.address, "Elsewhere")
                self.places = {"inbox": "INBOX", "sent": "SENT", "outside": outside}
            else:
                self.box = self.sandbox.microsoft.add_account(self.address, name="Ana")
                roles = {one.role: one.id for one in self.box.folders.values()}
                outside = self.sandbox.microsoft.add_folder(self.address, "Elsewhere")
                self.places = {**roles, "outside": outside}

    def put(self, *numbers: int, place: str = "inbox", at: datetime | None = None, **fields: str):
        for number in numbers:
            self.put_raw(make_mail(number, **fields), place=place, at=at or when(number))

    def put_raw(self, raw: bytes, *, at: datetime, place: str = "inbox") -> Message:
        with self.sandbox.lock:
            return self.sandbox.mailboxes.deliver(
                self.address, raw, scopes=[self.places[place]], received_at=at
            )

    def id_of(self, number: int) -> str:
        wanted = f"<mail-{number}@client.example>"
        return next(one.id for one in self.box.messages.values() if one.message_id == wanted)

    def move(self, number: int, place: str) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.place(self.address, self.id_of(number), [self.places[place]])

    def delete(self, number: int) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.delete(self.address, self.id_of(number))

    def grant(self) -> Grant:
        return connect_google(self.address) if self.vendor == "gmail" else consent(self.address)

    def revoke(self) -> None:
        with self.sandbox.lock:
            app = self.sandbox.google if self.vendor == "gmail" else self.sandbox.microsoft
            app.revoke(self.address)

    def connect(self, cast: SimpleNamespace, member: Member, *projects: Any) -> Mailbox:
        """Connected, inbox and sent mail selected, about to be read."""
        found = vendor_of(self.vendor)
        assert found is not None
        mailbox = connect_vendor(cast.id, by=member, vendor=found, grant=self.grant())
        with tenancy.in_workspace(cast.id, member.id):
            set_projects(cast.id, member, mailbox, [one.id for one in projects or (cast.one,)])
            chosen = [self.places["inbox"], self._sent()]
            folders = Folder.objects.filter(mailbox=mailbox)
            folders.update(selected=False)
            assert folders.filter(provider_id__in=chosen).update(selected=True) == 2
            Mailbox.objects.filter(id=mailbox.id).update(state=Mailbox.State.CONNECTING)
            self.sandbox.log.clear()
            return reload(Mailbox.objects.select_related("channel").get(id=mailbox.id))

    def reconnect(self, mailbox: Mailbox, by: Member) -> None:
        found = vendor_of(self.vendor)
        assert found is not None
        reconnect_vendor(
            mailbox.workspace_id, by=by, vendor=found, mailbox_id=mailbox.id, grant=self.grant()
        )

    def fault(self, step: str, effect: Effect, **when_: Any) -> None:
        """On what is asked for at this step: past, news or fetch."""
        operation = _OPERATIONS[self.vendor][step]
        self.sandbox.faults.choose(operation, effect, mailbox=self.address, **when_)

    def lie(self, step: str, word: str, **when_: Any) -> None:
        self.fault(step, Lie(word), **when_)

    def throttle(self, seconds: int) -> Answer:
        if self.vendor == "gmail":
            refusal = rate_limited()
            headers = dict(refusal.headers) | {"Retry-After": str(seconds)}
            return Answer(403, refusal.body, headers)
        return Answer(429, b'{"error": {"code": "TooManyRequests"}}', {"Retry-After": str(seconds)})

    def fetched(self) -> int:
        """How many headers were fetched one by one, so that each costs."""
        return self.sandbox.log.counts(self.address)["messages.get"]

    def _sent(self) -> str:
        return self.places.get("sent") or self.places["sentitems"]


def run_once(mailbox: Mailbox, *, due: bool = True, **options: Any) -> Run:
    """One run, as a worker does it; `due` makes the mailbox due before, otherwise
    hints have paused."""
    owner_id = mailbox.channel.owner_id
    assert owner_id is not None
    if due:
        make_due(mailbox)
    else:
        pass_the_quiet(mailbox)
    run = sync_mailbox(mailbox.workspace_id, mailbox_id=mailbox.id, owner_id=owner_id, **options)
    reload(mailbox)
    return run


def make_due(mailbox: Mailbox, **facts: Any) -> None:
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        Mailbox.objects.filter(id=mailbox.id).update(due_at=Now(), **facts)


def drain(mailbox: Mailbox, *, most: int = 30, **options: Any) -> int:
    """Run until there is nothing more to do; returns how many runs that took."""
    for number in range(most):
        run = run_once(mailbox, **options)
        if not run.again and not run.error:
            return number + 1
    raise AssertionError(f"not done after {most} runs: {mailbox.state} {mailbox.state_detail}")


def contents(mailbox: Mailbox) -> dict[str, Any]:
    """Everything that reading this mailbox wrote, without the ids and times of our rows."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        channel = {"channel_id": mailbox.channel_id}
        private = PrivateMessage.objects.filter(**channel)
        copies = Sighting.objects.filter(**channel)
        records = Assignment.objects.filter(workspace_id=mailbox.workspace_id)
        facts = ("provider_id", "outcome", "rule", "scopes", "flags", "received_at", "direction")
        return {
            "private": sorted(map(str, private.values_list(*facts, "subject"))),
            "copies": sorted(map(str, copies.values_list(*facts, "message__subject"))),
            "gone": sorted(copies.exclude(gone_at=None).values_list("provider_id", flat=True)),
            "records": sorted(
                map(str, records.values_list("activity__message__subject", "contact", "project"))
            ),
            "activities": Activity.objects.filter(workspace_id=mailbox.workspace_id).count(),
            "state": mailbox.state,
        }
